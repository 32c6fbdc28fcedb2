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
	hits    *hits
	view    view
	some    []Sometimes
	reached []bool
	// calls are the port calls of operations, by verb.
	calls [256]bool
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
	// saveAs is what save is when each actor a is called as[a], and says what About of a sim.Renamer does.
	saveAs(dst []byte, as []sim.ActorID) []byte
	says(dst []byte, a sim.ActorID) []byte
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
	v.add(phrase{object, fmt.Sprintf(format, args...)})
}

// phrase is what an oracle has to say: of what, and what it saw. One that rings often keeps what it has said.
type phrase struct{ object, message string }

func (v *view) add(p phrase) {
	v.found = append(v.found, sim.Violation{
		Oracle: v.oracle.name, Object: p.object, Message: p.message, Judging: v.oracle.judging,
	})
}

func newJudge(in *instance) *judge {
	j := &judge{in: in, some: in.c.sometimes(), hits: newHits(in)}
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
	j.hits.reset()
	for i := range j.oracles {
		j.oracles[i].reset()
	}
}

// Observe shows a transition to every oracle.
func (j *judge) Observe(t *sim.Transition) []sim.Violation {
	v := &j.view
	v.t, v.e, v.found = t, effectOf(t, j.in.world), v.found[:0]
	if t.Op != nil && t.Op.Verb != opInspect && t.Op.Verb != opProcessUnacks && t.Op.Verb != opAudit {
		j.calls[callOf(t.Step)] = true
	}
	j.in.commits.note(t, v.e)
	j.hits.observe(v)
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

// noEffect is what a crash or a restart does, and a step that failed before its effect.
var noEffect world.Effect

// effectOf is what the transition did to the world.
func effectOf(t *sim.Transition, w *world.World) *world.Effect {
	if f := t.Choice.Fault; f.Kills() || f == sim.ErrorBefore {
		return &noEffect
	}
	return w.Last()
}

// AtRest shows the end of a run to every oracle.
func (j *judge) AtRest(r *sim.Rest) []sim.Violation {
	v := &j.view
	v.rest, v.found = r, v.found[:0]
	j.in.ledger.ends(r.History, j.hits)
	j.in.rests = nil
	for i := range j.oracles {
		v.oracle = &j.oracles[i]
		v.oracle.atRest(v)
	}
	return v.found
}

// Commutes is true if one of the two steps is unseen. Two that are seen are so in both orders, even of different
// objects: an oracle may look at one while the other is made. With locks disabled a read tells who is inside.
func (j *judge) Commutes(a, b *sim.Transition) bool {
	return !j.unlocked && (unseen(a.Step) || unseen(b.Step))
}

// unseen tells that a step writes nothing, and that no oracle looks at it but as the last of its operation, and then
// only at what its own actor did before. The read that ends a pop of several commands is seen: it is the delivery.
func unseen(s *sim.Step) bool { return !changes(s) && sweeper.Verb(s.Call) != sweeper.QueuePop }

// Save appends the residuals.
func (j *judge) Save(dst []byte) []byte {
	dst = j.hits.save(dst)
	for i := range j.oracles {
		dst = j.oracles[i].save(dst)
	}
	return dst
}

// Load puts the residuals back.
func (j *judge) Load(src []byte) []byte {
	src = j.hits.load(src)
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

// checks adds up how the verdicts on histories were come to.
func (j *judge) checks() (all Checks) {
	for i := range j.oracles {
		if l, ok := j.oracles[i].monitor.(historian); ok {
			all.Add(l.checks())
		}
	}
	return all
}

// histories counts the different histories that were judged, and those on which an oracle that judges
// the scenario gave no answer.
func (j *judge) histories() (all, undecided int) {
	for i := range j.oracles {
		l, ok := j.oracles[i].monitor.(historian)
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
