package explore_test

import (
	"fmt"

	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// instruction is one step of a small program; kept is whether the operation's result shows the reply.
type instruction struct {
	verb   sim.Verb
	object sim.Object
	value  int64
}

// programs are actors of one operation each, over cells a, b and c and a lock l. An operation returns
// what its last read answered.
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
				if r := tiny.Do(a, in.verb, in.object, in.value); in.verb != tiny.Write {
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

// everything reports every end of a run and every result as a violation of its own, so that two
// searches that report the same have covered the same. Its residual is the order in which the
// operations ended.
type everything struct {
	world *tiny.World
	order []byte
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
	return []sim.Violation{{
		Oracle: "end", Object: fmt.Sprint(j.world.Cell[1:], j.order, len(r.Blocked)), Judging: true,
	}}
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
	verbs := []sim.Verb{tiny.Read, tiny.Write, tiny.Add, tiny.TryLock, tiny.Lock, tiny.Unlock}
	step := rapid.Custom(func(t *rapid.T) instruction {
		in := instruction{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), object: lockL}
		if in.verb <= tiny.Write || in.verb == tiny.Add {
			in.object = sim.Object(rapid.IntRange(int(cellA), int(cellC)).Draw(t, "cell"))
			in.value = int64(rapid.IntRange(1, 2).Draw(t, "value"))
		}
		return in
	})
	return rapid.SliceOfN(rapid.SliceOfN(step, 1, 3), 2, 3).Draw(t, "programs")
}
