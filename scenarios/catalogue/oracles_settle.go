package catalogue

// settling judges where an end of a run settles. Ends with equal worlds settle once.
type settling struct {
	memoryless
	in    *instance
	judge func(v *view, s *settled)
}

func (o *settling) atRest(v *view) {
	s := v.in.settled()
	o.judge(v, s)
}

// settled settles the present state of the world, or remembers how an equal one settled.
func (in *instance) settled() *settled {
	if in.rests != nil {
		return in.rests
	}
	in.key = in.world.Key(in.key[:0])
	s, known := in.settlings[string(in.key)]
	if !known {
		key, now := string(in.key), settle(in)
		s = &now
		if in.settlings == nil {
			in.settlings = map[string]*settled{}
		}
		in.settlings[key] = s
	}
	in.rests = s
	return s
}

func progress(v *view, s *settled) {
	if s.done < 0 {
		v.report(unfinished(s), "after %s of sweeps, polls and completions not every workflow has ended", s.elapsed)
	}
}

func boundedCompletion(v *view, s *settled) {
	bound := v.in.c.Scenario.Bound.Millis()
	if s.done >= 0 && s.done-s.tasksDone > bound {
		v.report("workflows", "the last workflow ended %s after the last task; the bound is %s",
			s.done-s.tasksDone, bound)
	}
}

func unfinished(s *settled) string {
	if len(s.open) == 1 {
		return string(s.open[0])
	}
	return "workflows"
}
