package catalogue

import (
	"fmt"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// judge runs every oracle over one instance, and notes which of the scenario's sometimes it saw.
type judge struct {
	in      *instance
	oracles []watch
	view    view
	some    []Sometimes
	reached []bool
	// calls are the port calls of operations, by verb.
	calls [256]bool
	// rung names the oracles that were violated in any run.
	rung map[string]bool
	// unlocked tells that the engine never asks for a lock.
	unlocked bool
}

// watch is an oracle at work.
type watch struct {
	*oracle
	monitor
	judging bool
}

// monitor is an oracle's eye on one run. What it keeps is its residual.
type monitor interface {
	reset()
	observe(v *view)
	atRest(v *view)
	save(dst []byte) []byte
	load(src []byte) []byte
}

// view is what a monitor sees: a transition with its effect, or the end of a run.
type view struct {
	in     *instance
	world  *world.World
	t      *sim.Transition
	e      *world.Effect
	rest   *sim.Rest
	oracle *watch
	found  []sim.Violation
}

// report adds a violation.
func (v *view) report(object, format string, args ...any) {
	v.in.judge.rung[v.oracle.name] = true
	v.found = append(v.found, sim.Violation{
		Oracle: v.oracle.name, Object: object, Message: fmt.Sprintf(format, args...), Judging: v.oracle.judging,
	})
}

func newJudge(in *instance) *judge {
	j := &judge{in: in, rung: map[string]bool{}, some: in.c.sometimes()}
	j.reached = make([]bool, len(j.some))
	j.view = view{in: in, world: in.world}
	j.unlocked = in.c.Lock() == "disabled"
	for i := range oracles {
		o := &oracles[i]
		w := watch{oracle: o, monitor: o.watch(in)}
		for _, name := range in.c.Scenario.Judged {
			w.judging = w.judging || name == o.name
		}
		j.oracles = append(j.oracles, w)
	}
	return j
}

// Reset forgets the run; what was reached stays.
func (j *judge) Reset() {
	for i := range j.oracles {
		j.oracles[i].reset()
	}
}

// Observe shows a transition to every oracle.
func (j *judge) Observe(t *sim.Transition) []sim.Violation {
	v := &j.view
	v.t, v.e, v.found = t, effectOf(t, j.in.world), v.found[:0]
	if t.Op != nil && t.Op.Verb != opInspect && t.Op.Verb != opProcessUnacks {
		j.calls[callOf(t.Step)] = true
	}
	for i := range j.oracles {
		v.oracle = &j.oracles[i]
		v.oracle.observe(v)
	}
	for i := range j.reached {
		some := &j.some[i]
		if !j.reached[i] && (some.Saw(v) || some.OfLock && j.unlocked) {
			j.reached[i] = true
		}
	}
	return v.found
}

// noEffect is what a crash does, and a step that failed before its effect.
var noEffect world.Effect

// effectOf is what the transition did to the world.
func effectOf(t *sim.Transition, w *world.World) *world.Effect {
	if f := t.Choice.Fault; f == sim.Crash || f == sim.ErrorBefore {
		return &noEffect
	}
	return w.Last()
}

// AtRest shows the end of a run to every oracle.
func (j *judge) AtRest(r *sim.Rest) []sim.Violation {
	v := &j.view
	v.rest, v.found = r, v.found[:0]
	for i := range j.oracles {
		v.oracle = &j.oracles[i]
		v.oracle.atRest(v)
	}
	return v.found
}

// Commutes is true if one of the two steps writes nothing. No oracle looks at such a step but as the last of its
// operation, and then only at what its own actor did before; with locks disabled a read tells who is inside. Two
// writes are seen in both orders, even of different objects: an oracle may look at one while the other is made.
func (j *judge) Commutes(a, b *sim.Transition) bool {
	return !j.unlocked && (!changes(a.Step) || !changes(b.Step))
}

// Save appends the residuals.
func (j *judge) Save(dst []byte) []byte {
	for i := range j.oracles {
		dst = j.oracles[i].save(dst)
	}
	return dst
}

// Load puts the residuals back.
func (j *judge) Load(src []byte) []byte {
	for i := range j.oracles {
		src = j.oracles[i].load(src)
	}
	return src
}

// callOf is the port call that a step is, or is a part of.
func callOf(s *sim.Step) sweeper.Verb {
	if s.Call != 0 {
		return sweeper.Verb(s.Call)
	}
	return sweeper.Verb(s.Verb)
}

// rang tells whether the oracle was violated in any run.
func (j *judge) rang(oracle string) bool { return j.rung[oracle] }

// called lists the port calls that the engine made, in the order of the table.
func (j *judge) called() []sweeper.Verb {
	var verbs []sweeper.Verb
	for v, called := range j.calls {
		if called {
			verbs = append(verbs, sweeper.Verb(v))
		}
	}
	return verbs
}

// sometimes splits the scenario's sometimes into those that were seen and those that were not.
func (j *judge) sometimes() (reached, unreached []string) {
	for i, s := range j.some {
		if j.reached[i] {
			reached = append(reached, s.Name)
		} else {
			unreached = append(unreached, s.Name)
		}
	}
	return reached, unreached
}

// memoryless is a monitor that keeps nothing; embed it and watch.
type memoryless struct{}

func (memoryless) reset()                 {}
func (memoryless) observe(*view)          {}
func (memoryless) atRest(*view)           {}
func (memoryless) save(dst []byte) []byte { return dst }
func (memoryless) load(src []byte) []byte { return src }

// histories counts the different histories that were judged, and those on which an oracle that judges
// the scenario gave no answer.
func (j *judge) histories() (all, undecided int) {
	for i := range j.oracles {
		l, ok := j.oracles[i].monitor.(interface{ judged() (int, int) })
		if !ok {
			continue
		}
		n, open := l.judged()
		all = max(all, n)
		if j.oracles[i].judging {
			undecided = max(undecided, open)
		}
	}
	return all, undecided
}
