package catalogue

import (
	"fmt"
	"math/rand/v2"

	"fermata/sim"
	"fermata/sim/world"
)

// drawnCase is a case drawn from every scenario, engine and part, with time that passes and, at will, faults.
func drawnCase(rng *rand.Rand, faults bool) *Case {
	engines := append(append(Engines(), WrongFixes()...), MeasureEngines()...)
	pick := func(names []string) string { return names[rng.IntN(len(names))] }
	s := Scenarios()[rng.IntN(len(Scenarios()))]
	timed := *s
	kinds := rng.IntN(8)
	timed.Deadlines = world.Deadlines{
		MessageVisibility: kinds&1 != 0, DeadOwnerLease: kinds&2 != 0, LivingOwnerLease: kinds&4 != 0,
	}
	c := &Case{
		Scenario: &timed, Engine: engines[rng.IntN(len(engines))], Scope: s.Scope,
		Parts: Parts{Lock: pick(Locks()), Queue: pick(Queues()), Store: pick(Stores())},
	}
	c.Scope.Advances = rng.IntN(3)
	if faults {
		c.Scope.Faults = 2
		if c.Scope.Kinds = Kinds(rng.IntN(256)); c.Scope.Kinds&LockErrors != 0 {
			c.Scope.Kinds &^= LocksIgnored
		}
	}
	if rng.IntN(3) == 0 {
		audits := []Remedies{0, StateAudit, StateAudit | AuditRemoves | AuditTasks}
		c.Scope.Remedy = audits[rng.IntN(3)] | SweepInterval*Remedies(rng.IntN(2))
		c.Scope.Sweeps = 1 + rng.IntN(2)
	}
	return c
}

// driven makes a case's instance with a machine that can save a run; every actor may be hit.
func driven(c *Case) (*instance, *sim.Machine) {
	in := c.instance()
	for i := range in.system.Actors {
		a := &in.system.Actors[i]
		a.MayCrash, a.MayFail, a.MayPause = true, true, c.Scope.may(Pauses)
		a.MayRestart = c.Scope.may(Restarts) && c.Lock() != "local"
	}
	return in, sim.NewMemo(in.system)
}

// saidOf is what a transition said: its step, its reply and its violations.
func saidOf(m *sim.Machine, found []sim.Violation) string {
	t := m.Transition()
	w := m.System().World
	said := fmt.Sprintf("%+v", t.Choice)
	if t.Step != nil {
		said += " " + w.StepText(t.Actor, t.Step) + " => " + w.ReplyText(t.Step, t.Reply)
	}
	for _, f := range found {
		said += fmt.Sprintf("\n  %s: %s", f.Oracle, f.Message)
	}
	return said
}

func (c *Case) drawn() string {
	return fmt.Sprintf("%s (%s), %+v", c.Name(), c.Scope, c.Scenario.Deadlines)
}
