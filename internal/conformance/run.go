package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Trace runs the situation on an engine and gives its trace. The error is a *sim.Failure, or an order
// that asks for what is not there.
func (s *Situation) Trace(e sweeper.Engine) (string, error) {
	r := &runner{s: s}
	r.world = world.New(world.Config{
		Definitions: s.definitions,
		Start:       r.begin,
		Deadlines: world.Deadlines{
			MessageVisibility: true, DeadOwnerLease: true, LivingOwnerLease: true, TaskTimeouts: true,
		},
		Advances:  r.advances(),
		ActorName: func(id sim.ActorID) string { return r.actors[id] },
	})
	for _, c := range s.calls {
		if !slices.Contains(r.actors, c.actor) {
			r.actors = append(r.actors, c.actor)
		}
	}
	r.machine = sim.New(r.system(e))
	defer r.machine.Close()
	err := r.run()
	if f := r.machine.Failure(); f != nil {
		return r.text.String(), f
	}
	r.after()
	return r.text.String(), err
}

// runner runs one situation.
type runner struct {
	s       *Situation
	world   *world.World
	machine *sim.Machine
	actors  []string
	results map[string]string // of each actor's last operation, in words
	text    strings.Builder
}

func (r *runner) advances() (n int) {
	for _, o := range r.s.order {
		if o == "advance" {
			n++
		}
	}
	return n
}

// begin puts the start state into the world.
func (r *runner) begin(w *world.World) {
	for _, wf := range r.s.workflows {
		w.PutWorkflow(wf.Clone())
	}
	for _, m := range r.s.messages {
		w.PutMessage(m.queue, m.id, m.priority, m.in.Millis())
	}
}

func (r *runner) system(e sweeper.Engine) *sim.System {
	st := sweeper.DefaultSettings()
	st.RepairServiceEnabled, st.LockEnabled = r.s.repair, !r.s.lockOff
	ports := r.world.Ports()
	r.results = map[string]string{}
	sys := &sim.System{
		World: r.world, OperationName: func(uint8) string { return "call" },
		Budget: sim.Budget{Advances: r.advances(), Faults: len(r.s.order)},
	}
	for _, name := range r.actors {
		server := e.New(ports, st).(sweeper.FullServer)
		var calls [][]string
		for _, c := range r.s.calls {
			if c.actor == name {
				calls = append(calls, c.words)
			}
		}
		sys.Actors = append(sys.Actors, sim.ActorSpec{Name: name, MayFail: true, Script: func(
			pos int, _ sim.Reply) (sim.Operation, bool) {
			return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
				r.results[name] = perform(world.Context(a), server, ports, st, calls[pos])
				return sim.Reply{}
			}}, pos < len(calls)
		}})
	}
	return sys
}

// run takes the steps in the given order, and then everybody's in turn.
func (r *runner) run() error {
	for _, word := range r.s.order {
		if word == "advance" {
			if !r.take(sim.Clock, sim.NoFault) {
				return errors.New("order: nothing is due")
			}
			continue
		}
		if err := r.turn(word); err != nil {
			return err
		}
	}
	for i := range r.actors {
		for r.take(sim.ActorID(i), sim.NoFault) {
		}
	}
	if r.machine.Steps() >= stepsMax {
		return fmt.Errorf("after %d steps it has not come to its end", stepsMax)
	}
	return nil
}

// stepsMax ends a situation that has no end.
const stepsMax = 1_000

// turn is one word of the order: "a" is its operation to the end, "a3" three steps, "a*" all that it has,
// "a!before" and "a!after" its next step, failing. An actor that has less to do does less: releases differ
// in how many steps they take.
func (r *runner) turn(word string) error {
	at := slices.Index(r.actors, word[:1])
	if at < 0 {
		return fmt.Errorf("order: there is no actor %q", word[:1])
	}
	id := sim.ActorID(at)
	steps, fault := 0, sim.NoFault
	switch rest := word[1:]; rest {
	case "":
		steps = -1
	case "*":
		steps = 1 << 20
	case "!before":
		steps, fault = 1, sim.ErrorBefore
	case "!after":
		steps, fault = 1, sim.ErrorAfter
	default:
		var err error
		if steps, err = strconv.Atoi(rest); err != nil {
			return fmt.Errorf("order: %q: %w", word, err)
		}
	}
	for i := 0; i != steps && r.take(id, fault); i++ {
		if steps == -1 && r.machine.Transition().Last {
			break
		}
	}
	return nil
}

// take takes the actor's next step. Reading the clock is no step here: the released classes read it
// without a port.
func (r *runner) take(id sim.ActorID, fault sim.FaultKind) bool {
	for r.machine.Steps() < stepsMax {
		i := slices.IndexFunc(r.machine.Choices(nil), func(c sim.Choice) bool {
			return c == sim.Choice{Actor: id, Fault: fault} || c == sim.Choice{Actor: id} && r.reading(id)
		})
		if i < 0 {
			return false
		}
		reading := r.reading(id)
		c := sim.Choice{Actor: id, Fault: fault}
		if reading {
			c.Fault = sim.NoFault
		}
		r.machine.Take(c)
		r.note(reading)
		if !reading {
			// What the actor reads of the clock next belongs to this step: so it is at rest where the
			// released classes are.
			for r.reading(id) {
				r.machine.Take(sim.Choice{Actor: id})
				r.note(true)
			}
			return true
		}
	}
	return false
}

// reading tells whether the actor is about to read the clock.
func (r *runner) reading(id sim.ActorID) bool {
	if id == sim.Clock {
		return false
	}
	s := r.machine.Pending(id)
	return s != nil && s.Verb == sim.Verb(sweeper.EnvNow)
}

// note writes down a step, and the call and the return that go with it.
func (r *runner) note(silent bool) {
	t := r.machine.Transition()
	l := r.machine.DescribeTaken()
	if t.First {
		name := r.actors[t.Choice.Actor]
		fmt.Fprintf(&r.text, "%s: %s\n", name, strings.Join(r.callOf(name, t.OpNumber), " "))
	}
	if !silent {
		fmt.Fprintf(&r.text, "%s  %s", l.Actor, l.Step)
		if t.Step != nil {
			if content := r.world.Content(t.Step); content != "" {
				fmt.Fprintf(&r.text, " {%s}", content)
			}
		}
		if l.Reply != "" {
			fmt.Fprintf(&r.text, " => %s", l.Reply)
		}
		r.text.WriteByte('\n')
	}
	if t.Last {
		name := r.actors[t.Choice.Actor]
		fmt.Fprintf(&r.text, "%s: returned%s\n", name, r.results[name])
	}
}

// callOf is the actor's call of that number.
func (r *runner) callOf(actor string, number int) []string {
	for _, c := range r.s.calls {
		if c.actor != actor {
			continue
		}
		if number == 0 {
			return c.words
		}
		number--
	}
	return nil
}

// after writes down the state at the end.
func (r *runner) after() {
	r.text.WriteString("after\n")
	for _, id := range r.world.Workflows() {
		wf, ok := r.world.Workflow(id)
		if !ok {
			fmt.Fprintf(&r.text, "  %s: removed\n", id)
			continue
		}
		fmt.Fprintf(&r.text, "  %s: %s\n", id, wf.Status)
		for _, t := range wf.Tasks {
			fmt.Fprintf(&r.text, "    %s: %s executed=%t\n", t.ID, t.Status, t.Executed)
		}
		if holder, holds, held := r.world.LockHolder(id); held {
			fmt.Fprintf(&r.text, "    lock: %s, %d\n", r.world.ActorName(holder), holds)
		}
	}
	for _, q := range r.world.Queues() {
		for _, m := range r.world.Messages(q) {
			due, _ := r.world.Message(q, m)
			fmt.Fprintf(&r.text, "  %s %s: due in %s\n", q, m, max(due, 0))
		}
	}
	if r.text.Len() == 0 {
		r.text.WriteString("  nothing\n")
	}
}
