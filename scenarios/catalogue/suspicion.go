package catalogue

import (
	"fmt"
	"slices"

	"fermata/sim"
	"fermata/sim/explore"
)

// The harness suspects itself, and the code that it runs: the same choices must give the same run. Where they do
// not, the first step that differs is named, with what it was and what it is.

// replaysOfFind is how often a find is replayed before it is told.
const replaysOfFind = 3

// recorded is one choice taken, with what it did; the step of a crash is empty.
type recorded struct {
	choice sim.Choice
	step   sim.Step
	reply  sim.Reply
}

func recordOf(m *sim.Machine) recorded {
	t := m.Transition()
	r := recorded{choice: t.Choice, reply: t.Reply}
	if t.Step != nil {
		r.step = *t.Step
	}
	return r
}

// words are the record as a schedule has it, on the machine that it was taken on.
func (r *recorded) words(m *sim.Machine) string {
	w := m.System().World
	if r.choice.Fault == sim.Crash {
		return "crash of " + m.ActorName(r.choice.Actor)
	}
	text := m.ActorName(r.choice.Actor) + " " + w.StepText(r.choice.Actor, &r.step)
	if reply := w.ReplyText(&r.step, r.reply); reply != "" {
		text += " => " + reply
	}
	if r.choice.Fault != sim.NoFault {
		text += ", " + r.choice.Fault.String()
	}
	return text
}

// recorder keeps what the run in progress did, and holds it against the run before for as long as both make the same
// choices.
type recorder struct {
	now, before []recorded
	alike       bool
	err         error
}

// watch has the recorder see a search, and end it at the first difference.
func (r *recorder) watch(o *explore.Options) {
	o.Entered = r.entered
	stop := o.Stop
	o.Stop = func() bool { return r.err != nil || stop != nil && stop() }
}

// entered sees a choice taken; it is an explore.Options.Entered.
func (r *recorder) entered(m *sim.Machine, _ int) {
	if m.Steps() == 1 {
		r.now, r.before, r.alike = r.before[:0], r.now, true
	}
	now := recordOf(m)
	r.now = append(r.now, now)
	at := len(r.now) - 1
	r.alike = r.alike && at < len(r.before) && r.before[at].choice == now.choice
	if !r.alike || r.err != nil {
		return
	}
	if was := &r.before[at]; *was != now {
		r.err = differs(at+1, was.words(m), now.words(m))
	}
}

// differs says which step of the same choices is not what it was.
func differs(step int, was, is string) error {
	return fmt.Errorf("%w: step %d of the same choices was first %q and then %q: does the engine keep something "+
		"beside its server, or read a clock or chance?", ErrNondeterministic, step, was, is)
}

// again runs the last recorded run once more, on the machine that it was recorded on, and compares step by step.
func (r *recorder) again(m *sim.Machine) error {
	var choices []sim.Choice
	for i := range r.now {
		choices = append(choices, r.now[i].choice)
	}
	over := len(m.Choices(nil)) == 0
	if _, err := r.follow(m, choices); err != nil {
		return err
	}
	if open := m.Choices(nil); over && len(open) > 0 {
		return differs(len(choices)+1, endOfRun, openWords(m, open))
	}
	return nil
}

// follow takes the choices on a fresh run, holds each step against the run before, and tells what is violated at the
// end of them, as explore.Repeat does.
func (r *recorder) follow(m *sim.Machine, choices []sim.Choice) ([]sim.Violation, error) {
	before := slices.Clone(r.now)
	m.Reset()
	var open []sim.Choice
	var vs []sim.Violation
	for i, c := range choices {
		if f := m.Failure(); f != nil {
			return nil, f
		}
		if open = m.Choices(open[:0]); !slices.Contains(open, c) {
			was := "another step"
			if i < len(before) {
				was = before[i].words(m)
			}
			return nil, differs(i+1, was, openWords(m, open))
		}
		vs = slices.Clone(m.Take(c))
		if r.entered(m, 0); r.err != nil {
			return nil, r.err
		}
	}
	if len(m.Choices(open[:0])) == 0 && m.Failure() == nil {
		vs = append(vs, m.AtRest()...)
	}
	return vs, nil
}

const endOfRun = "the end of the run"

// openWords says what is open instead of a step.
func openWords(m *sim.Machine, open []sim.Choice) string {
	if len(open) == 0 {
		return endOfRun
	}
	l := m.Describe(open[0])
	text := l.Actor + " " + l.Step
	if n := len(open) - 1; n > 0 {
		text += fmt.Sprintf(" (or %d others)", n)
	}
	return text
}

// confirm replays a find on servers made afresh, several times, and tells the first difference among the replays, or
// the first that does not show the violation.
func (c *Case) confirm(f explore.Find) error {
	m := sim.New(c.instance().system)
	defer m.Close()
	r := &recorder{}
	for n := range replaysOfFind {
		vs, err := r.follow(m, f.Choices)
		if err != nil {
			return fmt.Errorf("%w (in replay %d of a schedule that violates %s)", err, n+1, f.Violation.Oracle)
		}
		if !slices.ContainsFunc(vs, func(v sim.Violation) bool {
			return v.Oracle == f.Violation.Oracle && v.Object == f.Violation.Object
		}) {
			return fmt.Errorf("%w: the search saw a violation of %s, and replay %d of its schedule does not",
				ErrNondeterministic, f.Violation.Oracle, n+1)
		}
	}
	return nil
}
