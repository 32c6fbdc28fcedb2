package explore_test

import (
	"fmt"

	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// instruction is one step of a small program.
type instruction struct {
	verb   sim.Verb
	object sim.Object
	value  int64
}

func (in instruction) do(a *sim.Actor) sim.Reply {
	s := sim.Step{Verb: in.verb, Object: in.object, A: in.value}
	switch in.verb {
	case tiny.Read:
		s.Touch(in.object, sim.Read)
	case lease:
		s.Touch(in.object, sim.Write)
		s.Touch(oTime, sim.Read)
	case pick:
	default:
		s.Touch(in.object, sim.Write)
	}
	return a.Do(&s)
}

// programs are actors of one operation each, over cells a, b and c and a lock l. An operation returns
// what its last step answered, but for writes.
type programs [][]instruction

const (
	cellA sim.Object = 1 + iota
	cellB
	cellC
	lockL
	cellsAll = lockL
)

func (ps programs) system() *sim.System {
	w := tiny.New(int(cellsAll))
	s := &sim.System{World: w, OperationName: func(uint8) string { return "run" }}
	for i, p := range ps {
		run := func(a *sim.Actor, _ *sim.Operation) (last sim.Reply) {
			for _, in := range p {
				if r := in.do(a); in.verb != tiny.Write {
					last = sim.Reply{Code: r.Code}
				}
			}
			return last
		}
		s.Actors = append(s.Actors, sim.ActorSpec{
			Name: fmt.Sprintf("actor-%d", i+1),
			Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				return sim.Operation{Verb: 1, Run: run}, pos == 0
			},
		})
	}
	s.Judge = &everything{world: w}
	return s
}

// scope is programs with all that a scope can allow them.
type scope struct {
	programs    programs
	budget      sim.Budget
	fail, crash []bool // by actor
	restart     []bool
	pause       []bool
	redelivers  bool
	twice       bool // each actor runs its program twice
	together    bool // the first two actors live in one server
	histories   bool // are judged
}

func (sc scope) system() *sim.System {
	s := sc.programs.system()
	w := newClocked()
	s.World, s.Budget, s.Histories, s.Redelivers = w, sc.budget, sc.histories, sc.redelivers
	for i := range s.Actors {
		a := &s.Actors[i]
		may := func(flags []bool) bool { return i < len(flags) && flags[i] }
		a.MayFail, a.MayCrash = may(sc.fail), may(sc.crash)
		a.MayRestart, a.MayPause = may(sc.restart), may(sc.pause)
		if sc.twice {
			once := a.Script
			a.Script = func(pos int, last sim.Reply) (sim.Operation, bool) {
				op, _ := once(0, last)
				return op, pos < 2
			}
		}
		if a.Server = a.Name; sc.together && i < 2 {
			a.Server = "server-1"
		}
	}
	s.Judge = &everything{world: w.World, histories: sc.histories}
	return s
}

// everything reports every end of a run and every result as a violation of its own, so that two
// searches that report the same have covered the same. Its residual is the order in which the
// operations ended.
type everything struct {
	world     *tiny.World
	order     []byte
	histories bool
}

func (j *everything) Reset() { j.order = j.order[:0] }

func (j *everything) Observe(t *sim.Transition) []sim.Violation {
	if !t.Last {
		return nil
	}
	j.order = append(j.order, byte(t.Choice.Actor))
	return []sim.Violation{{Oracle: "result", Object: fmt.Sprint(t.Choice.Actor, t.Result.Code), Judging: true}}
}

func (j *everything) AtRest(r *sim.Rest) []sim.Violation {
	vs := []sim.Violation{{
		Oracle: "end", Object: fmt.Sprint(j.world.Cell[1:], j.order, r.Blocked, r.Crashed), Judging: true,
	}}
	if j.histories {
		vs = append(vs, sim.Violation{Oracle: "history", Object: fmt.Sprint(r.History)})
	}
	return vs
}

func (j *everything) Save(dst []byte) []byte {
	return append(append(dst, byte(len(j.order))), j.order...)
}

func (j *everything) Load(src []byte) []byte {
	n := int(src[0])
	j.order = append(j.order[:0], src[1:1+n]...)
	return src[1+n:]
}

// drawPrograms draws two or three actors of one to three steps.
func drawPrograms(t *rapid.T) programs {
	return drawProgramsOf(t, tiny.Read, tiny.Write, tiny.Add, tiny.TryLock, tiny.Lock, tiny.Unlock)
}

func drawProgramsOf(t *rapid.T, verbs ...sim.Verb) programs {
	step := rapid.Custom(func(t *rapid.T) instruction {
		in := instruction{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), object: lockL}
		switch in.verb {
		case tiny.Read, tiny.Write, tiny.Add:
			in.object = sim.Object(rapid.IntRange(int(cellA), int(cellC)).Draw(t, "cell"))
			in.value = int64(rapid.IntRange(1, 2).Draw(t, "value"))
		case lease:
			in.object = rapid.SampledFrom([]sim.Object{cellC, lockL}).Draw(t, "lease")
			in.value = int64(rapid.IntRange(1, 3).Draw(t, "time"))
		}
		return in
	})
	return rapid.SliceOfN(rapid.SliceOfN(step, 1, 3), 2, 3).Draw(t, "programs")
}

// drawScope draws two actors of one to three steps, or three of one or two, with faults and time.
func drawScope(t *rapid.T) scope {
	ps := drawProgramsOf(t, tiny.Read, tiny.Write, tiny.Write, tiny.Add, tiny.TryLock, tiny.Lock, tiny.Unlock,
		lease, lease, pick)
	if len(ps) == 3 {
		for i := range ps {
			ps[i] = ps[i][:min(2, len(ps[i]))]
		}
	}
	flags := rapid.SliceOfN(rapid.Bool(), len(ps), len(ps))
	sc := scope{
		programs: ps,
		budget: sim.Budget{
			Advances: rapid.IntRange(0, 2).Draw(t, "advances"),
			Faults:   rapid.IntRange(0, 1).Draw(t, "faults"),
		},
		fail: flags.Draw(t, "fail"), crash: flags.Draw(t, "crash"),
		together: rapid.Bool().Draw(t, "together"), histories: rapid.Bool().Draw(t, "histories"),
	}
	if rapid.Bool().Draw(t, "other faults") {
		sc.fail, sc.crash = nil, nil
		sc.restart, sc.pause = flags.Draw(t, "restart"), flags.Draw(t, "pause")
		sc.redelivers, sc.twice = rapid.Bool().Draw(t, "redelivers"), rapid.Bool().Draw(t, "twice")
		for i := range ps { // else hardly a plain search ends
			ps[i] = ps[i][:min(2, len(ps[i]))]
			if sc.twice && (i > 0 || len(ps) > 2) {
				ps[i] = ps[i][:1]
			}
		}
	}
	return sc
}
