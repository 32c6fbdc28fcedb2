package explore

import "fermata/sim"

// DPORWithout is DPOR without one of its parts.
func DPORWithout(part string) func(*sim.Machine, Options) *Result {
	parts := everyPart
	switch part {
	case "reversals":
		parts.reversals = false
	case "sleep":
		parts.sleep = false
	case "blocked":
		parts.blocked = false
	case "coming":
		parts.coming = false
	default:
		panic(part)
	}
	return func(m *sim.Machine, o Options) *Result { return dpor(m, o, parts) }
}

// CarelessBoundedDPOR is PreemptionBoundedDPOR that reverses a race only where it is.
func CarelessBoundedDPOR(preemptions int) func(*sim.Machine, Options) *Result {
	return func(m *sim.Machine, o Options) *Result {
		return dpor(m, o, dporParts{bounded: true, bound: preemptions})
	}
}

// Constrain gives the first run of a reads-from fuzzer a constraint: the last of the steps with which one actor begins
// is to read, or not, from the last of those of another, or from the start if there are none.
func Constrain(f *RFF, to, from []sim.Step, not bool) {
	after := func(steps []sim.Step) (at site) {
		p := sites{before: make([][2]sim.Verb, 1), at: make([]site, 1)}
		for i := range steps {
			at = p.taken(0, &steps[i])
		}
		return at
	}
	p := readsAt{to[len(to)-1].Object, after(from), after(to)}
	f.schedule = []constraint{{pair: p, not: not}}
}

// Orphan has a uniform random walk that has counted forget who brings whom: for a twin that is broken on purpose.
func Orphan(u *URW) {
	for agent := range u.counted.brought {
		u.counted.brought[agent] = -1
	}
}

// Drawn is the object of the run of a selectively uniform random walk; OwnUp has it forget by which objects an actor
// only lets another begin: for a twin that is broken on purpose.
func Drawn(s *SURW) sim.Object { return s.object }

func OwnUp(s *SURW) {
	for i := range s.counted.objects {
		s.counted.objects[i].brings = false
	}
}

// CachedBy is Cached by another key: for the twins that are broken on purpose.
func CachedBy(m *sim.Machine, o Options, key func(*sim.Machine, []byte) []byte) *Result {
	return cached(m, o, variant{whole: true, key: unnamed(key)})
}

// CachedCareless is CachedBy without the sleep sets that are stored with the states.
func CachedCareless(m *sim.Machine, o Options, key func(*sim.Machine, []byte) []byte) *Result {
	return cached(m, o, variant{whole: true, careless: true, key: unnamed(key)})
}

func unnamed(key func(*sim.Machine, []byte) []byte) func(*sim.Machine, []byte) ([]byte, []sim.ActorID) {
	return func(m *sim.Machine, dst []byte) ([]byte, []sim.ActorID) { return key(m, dst), nil }
}

// StatesAtOnce is States whose first worker searches alone for so many transitions only.
func StatesAtOnce(m *sim.Machine, team Team, alone int64, o Options) *Result {
	return states(m, team, o, alone)
}

// StatesInTurns searches with so many searchers on one goroutine; draw says whose turn it is and who gives work away. A
// careless search takes a state that was entered for done, whatever was asleep then.
func StatesInTurns(s func() *sim.System, workers int, o Options, careless bool, draw func(n int) int) *Result {
	t := &turns{draw: draw}
	var all []*searcher
	for i := range workers {
		m := sim.NewMemo(s())
		defer m.Close()
		if i == 0 {
			all = append(all, newSearcher(m, &o, variant{key: (*sim.Machine).OrbitKey, careless: careless}, nil))
			all[0].begin()
		} else {
			all = append(all, newSearcher(m, &o, all[0].variant, all[0]))
		}
		all[i].crew = t
	}
	for busy := all; len(busy) > 0; {
		one := all[draw(len(all))]
		switch {
		case len(one.path) > 0:
			one.run(one.r.Transitions + 1)
		case len(t.jobs) > 0:
			i := draw(len(t.jobs))
			one.start(t.jobs[i])
			t.jobs = append(t.jobs[:i], t.jobs[i+1:]...)
		}
		busy = nil
		for _, s := range all {
			if len(s.path) > 0 || len(t.jobs) > 0 {
				busy = append(busy, s)
			}
		}
	}
	sum := &Result{Exhausted: true}
	for _, s := range all {
		sum.add(s.r)
	}
	return sum
}

// turns is a crew on one goroutine.
type turns struct {
	draw func(n int) int
	jobs []job
}

func (t *turns) hungry() bool { return t.draw(3) == 0 }
func (t *turns) give(j job)   { t.jobs = append(t.jobs, j) }

// Before is the order of finds.
func Before(a, b []sim.Choice) bool { return before(a, b) }
