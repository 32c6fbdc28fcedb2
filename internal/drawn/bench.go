package drawn

import (
	"context"
	"errors"
	"slices"

	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Bench is three actors on a World, each of which makes one call at a time.
type Bench struct {
	World   *world.World
	Machine *sim.Machine
	// Calls are what each actor does next; nil is nothing.
	Calls [3]func(ctx context.Context)
}

// NewWorld makes a World on the parts, in which messages come due and leases end.
func NewWorld(parts world.Parts) *world.World {
	two := model.WorkflowDef{Name: "two", Tasks: []model.WorkflowTask{
		{Ref: "t1", Type: model.Simple, Def: model.TaskDef{Name: "q1"}},
	}}
	return world.New(world.Config{
		Definitions:  []model.WorkflowDef{two},
		Deadlines:    world.Deadlines{MessageVisibility: true, LivingOwnerLease: true, DeadOwnerLease: true},
		AtomicRepair: true, Parts: parts,
		ActorName: func(id sim.ActorID) string { return string(rune('a' + id)) },
	})
}

// resting is a World without its Reset, so that one run goes on after the other.
type resting struct{ sim.World }

func (resting) Reset() {}

// New makes actors on a World that is run as on: itself, which nil is too, or what runs it beside something else.
func New(w *world.World, on sim.World) *Bench {
	if on == nil {
		on = w
	}
	b := &Bench{World: w}
	s := &sim.System{World: resting{on}, OperationName: func(uint8) string { return "call" }}
	s.Budget.Advances = 1
	for i := range b.Calls {
		s.Actors = append(s.Actors, sim.ActorSpec{
			Name: string(rune('a' + i)),
			Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
					b.Calls[i](world.Context(a))
					return sim.Reply{}
				}}, pos == 0 && b.Calls[i] != nil
			},
		})
	}
	b.Machine = sim.New(s)
	return b
}

// Run takes every step of the first actor's call.
func (b *Bench) Run() { b.RunOf(0) }

// RunOf takes every step of an actor's call.
func (b *Bench) RunOf(actor int) {
	b.Machine.Reset()
	for id := sim.ActorID(actor); b.Machine.Pending(id) != nil; {
		b.Machine.Take(sim.Choice{Actor: id})
	}
}

// Advance lets time pass to the next deadline, if there is one.
func (b *Bench) Advance() {
	var step sim.Step
	if b.World.NextAdvance(&step) {
		b.World.Apply(sim.Clock, &step, 0)
	}
}

// Together makes a drawn call of each actor, all at the same time, in a drawn order of their steps; the time may
// pass between two. failed tells what went wrong at a step.
func (b *Bench) Together(t *rapid.T, failed func() error) {
	for i := range b.Calls {
		b.Calls[i] = b.drawCall(t)
	}
	b.Machine.Reset()
	var open []sim.Choice
	for {
		if open = b.Machine.Choices(open[:0]); len(open) == 0 {
			return
		}
		b.Machine.Take(open[rapid.IntRange(0, len(open)-1).Draw(t, "next")])
		if b.Machine.Failure() != nil {
			t.Fatal(b.Machine.Failure())
		}
		if err := failed(); err != nil {
			t.Fatal(err)
		}
	}
}

// drawCall draws a call on a port, or a run of the queue's own thread.
func (b *Bench) drawCall(t *rapid.T) func(ctx context.Context) {
	calls := rapid.SampledFrom([]map[string]call{lockCalls, queueCalls, storeCalls}).Draw(t, "port")
	d, p := draw(t), b.World.Ports()
	if job := b.World.Unacks(); job != nil && rapid.IntRange(0, 9).Draw(t, "unacks") == 0 {
		return func(ctx context.Context) { expect(job(ctx, d.queue)) }
	}
	names := make([]string, 0, len(calls))
	for name := range calls { //tidy:unordered sorted below
		names = append(names, name)
	}
	slices.Sort(names)
	made := calls[rapid.SampledFrom(names).Draw(t, "call")]
	return func(ctx context.Context) { expect(made(ctx, p, &d)) }
}

// expect panics, and so breaks the run, unless the error is one that a port may answer.
func expect(err error) {
	if err != nil && !errors.Is(err, sweeper.ErrNotFound) && !errors.Is(err, sweeper.ErrConflict) {
		panic(err)
	}
}
