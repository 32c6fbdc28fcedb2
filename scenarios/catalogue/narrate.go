package catalogue

import (
	"cmp"
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/remedy"
)

// narrate replays a find on its case and tells it: the schedule in words, the trace with where each
// stale write came from, the end of the run, and what settling makes of it.
func narrate(c *Case, f explore.Find, switches int) (*Finding, error) {
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	n := newNarrator(in, m)
	m.RecordSites()
	m.Reset()
	for _, choice := range f.Choices {
		if failure := m.Failure(); failure != nil {
			return nil, failure
		}
		n.saw(m.Take(choice))
	}
	out := &Finding{
		Oracle: f.Violation.Oracle, Object: f.Violation.Object, Message: f.Violation.Message,
		Steps: len(f.Choices), Switches: switches, Fingerprint: m.Fingerprint(), Case: c,
	}
	out.Schedule = &sim.Schedule{Lines: n.lines}
	if len(n.lines) > 0 { // an engine may violate by doing nothing at all
		n.lines[0].Comment = append([]string{c.Scenario.About + "."}, n.lines[0].Comment...)
	}
	n.trace.At = len(f.Choices)
	n.heals = func() bool { return healed(in.world, out) }
	n.healthy = n.heals()
	explore.Finish(m, func(vs []sim.Violation) { n.saw(vs) })
	n.conclude(out)
	out.Schedule.Headers = headers(c, out)
	return out, nil
}

// narrator builds the trace of a run while it goes on.
type narrator struct {
	in    *instance
	m     *sim.Machine
	trace *Trace
	lines []sim.Line
	// versions counts the writes of each workflow's record and copies has what each actor read last.
	versions map[sim.Object]int
	copies   map[copyKey]copied
	writers  map[sim.Object][]int // the step of each version
	stale    []staleWrite
	releases map[sim.Object]int // the step that last freed the workflow's lock
	reads    map[copyKey]int

	// heals tells, once the violation is there, whether the world still shows it; healthy what it told last, and healer
	// whose step had it tell that.
	heals   func() bool
	healthy bool
	healer  string
}

type copyKey struct {
	actor  sim.ActorID
	object sim.Object
}

// copied is a copy of a workflow in an actor's hands.
type copied struct{ step, version int }

// staleWrite is a write from a copy that others had written past.
type staleWrite struct {
	step, read int
	lost       []int
	object     sim.Object
}

func newNarrator(in *instance, m *sim.Machine) *narrator {
	n := &narrator{
		in: in, m: m, trace: &Trace{Case: in.c},
		versions: map[sim.Object]int{}, copies: map[copyKey]copied{}, writers: map[sim.Object][]int{},
		releases: map[sim.Object]int{}, reads: map[copyKey]int{},
	}
	return n
}

// saw adds the transition that the machine has just taken.
func (n *narrator) saw([]sim.Violation) {
	t := n.m.Transition()
	l := n.m.DescribeTaken()
	n.lines = append(n.lines, l)
	step := TraceStep{Number: t.Number, Actor: l.Actor, Text: l.Step, Reply: l.Reply, Sites: sitesOf(t.Site)}
	if t.Op != nil {
		if t.First {
			step.Call = n.operation(t.Op)
		}
		if t.Last {
			step.Return = n.result(t.Op, t.Result)
		}
		n.follow(t, &step)
	}
	n.seat(l.Actor)
	if step.Note != "" {
		n.lines[len(n.lines)-1].Comment = []string{step.Note}
	}
	n.trace.Steps = append(n.trace.Steps, step)
	if n.heals != nil {
		if now := n.heals(); now != n.healthy {
			n.healthy, n.healer = now, l.Actor
		}
	}
}

// seat gives an actor its column, in the order of the cast.
func (n *narrator) seat(string) {
	if len(n.trace.Actors) > 0 {
		return
	}
	for i := range n.in.cast.actors {
		n.trace.Actors = append(n.trace.Actors, n.in.cast.actors[i].Name)
	}
}

func (n *narrator) operation(op *sim.Operation) string {
	text := operationName(op.Verb) + "(" + n.in.world.ObjectName(op.Object)
	if op.Verb == opUpdateTask {
		text += " " + model.TaskStatus(op.Arg.N).String()
	}
	return text + ")"
}

func (n *narrator) result(op *sim.Operation, r sim.Reply) string {
	switch {
	case r.Code == replyError:
		return "error"
	case r.Code == replyBusy:
		return "busy"
	case r.Code >= replyRepaired:
		return remedy.Repairs(r.Code - replyRepaired).String()
	case op.Verb == opInspect:
		entry := "queued"
		if r.Code == replyNothing {
			entry = "not queued"
		}
		return model.WorkflowStatus(r.N).String() + ", " + entry
	case r.Code == replyNothing:
		return "nothing"
	case op.Verb == opPoll:
		return n.in.world.ObjectName(r.Object)
	}
	return "done"
}

// follow keeps track of copies and versions, and notes a write from a copy that is out of date.
func (n *narrator) follow(t *sim.Transition, step *TraceStep) {
	e := effectOf(t, n.in.world)
	key := copyKey{t.Actor, t.Step.Object}
	if t.First {
		for k := range n.copies { //tidy:unordered deleting by actor
			if k.actor == t.Actor {
				delete(n.copies, k)
			}
		}
	}
	switch {
	case callOf(t.Step) == sweeper.DAOGetWorkflow:
		n.copies[key] = copied{t.Number, n.versions[t.Step.Object]}
	case e.StatusAfter != 0:
		n.wrote(t, e, step, key)
	}
}

func (n *narrator) wrote(t *sim.Transition, e *world.Effect, step *TraceStep, key copyKey) {
	object := t.Step.Object
	if from, ok := n.copies[key]; ok && from.version < n.versions[object] {
		lost := n.writers[object][from.version:]
		step.Note = fmt.Sprintf("from the copy read at step %d", from.step)
		n.stale = append(n.stale, staleWrite{t.Number, from.step, append([]int(nil), lost...), object})
	}
	n.versions[object]++
	n.writers[object] = append(n.writers[object], t.Number)
	// What an actor wrote is what it has in hand from then on.
	n.copies[key] = copied{n.copies[key].step, n.versions[object]}
}

// conclude judges the end of the run and lets it settle.
func (n *narrator) conclude(f *Finding) {
	w := n.in.world
	n.trace.Final = n.final()
	s := settle(n.in, func(w *world.World) bool { return healed(w, f) })
	n.trace.Settled, n.trace.SettleTime = s.lines, s.elapsed
	f.Severity = Permanent
	if s.healed[0] >= 0 {
		f.Severity, f.HealsAfter, f.HealedBy = Heals, s.healed[0], cmp.Or(s.by[0], n.healer)
	}
	n.window(f, w)
	f.Trace = n.trace
}

// healed tells whether the world no longer shows the violation. Of some it always does: they cannot be taken back.
func healed(w *world.World, f *Finding) bool {
	heals := oracleNamed(f.Oracle).heals
	return heals != nil && heals(w, f.Object)
}

// final is the state at the end of the run with the calls of the listener.
func (n *narrator) final() []string {
	lines := describe(n.in.world)
	counts := map[string]int{}
	for _, s := range n.trace.Steps {
		counts[s.Text]++
	}
	for _, id := range n.in.world.Workflows() {
		for _, what := range []string{"completed", "terminated", "finalized"} {
			if c := counts["listener."+what+" "+string(id)]; c > 0 {
				lines = append(lines, fmt.Sprintf("  %s listener: called %s", what, times(c)))
			}
		}
	}
	return lines
}

// window marks the steps between which the race is open, and says what was lost.
func (n *narrator) window(f *Finding, w *world.World) {
	n.trace.WindowFrom, n.trace.WindowTo = n.m.Steps(), 0
	for _, s := range n.stale {
		if s.step > n.trace.At {
			continue
		}
		n.trace.Joins = append(n.trace.Joins, Join{s.read, s.step, s.lost})
		n.trace.WindowFrom = min(n.trace.WindowFrom, s.read)
		n.trace.WindowTo = max(n.trace.WindowTo, s.step)
		n.trace.Notes = append(n.trace.Notes, fmt.Sprintf("Step %d wrote %s from the copy read at step %d; %s.",
			s.step, w.ObjectName(s.object), s.read, lostWrites(s.lost)))
	}
	if n.trace.WindowTo == 0 {
		n.openWindow(f)
	}
}

func lostWrites(steps []int) string {
	if len(steps) == 1 {
		return fmt.Sprintf("the write of step %d was lost", steps[0])
	}
	text := "the writes of steps"
	for i, s := range steps {
		switch {
		case i == 0:
			text += fmt.Sprintf(" %d", s)
		case i == len(steps)-1:
			text += fmt.Sprintf(" and %d", s)
		default:
			text += fmt.Sprintf(", %d", s)
		}
	}
	return text + " were lost"
}
