package catalogue

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/remedy"
)

// Remedies is a set of what an operator can do beside an engine that stays as it is.
type Remedies uint8

// The remedies.
const (
	// StateAudit is package remedy's audit, as an actor of its own in the race, and then every period while settling.
	StateAudit Remedies = 1 << iota
	// AuditRemoves and AuditTasks have the audit repair more: see remedy.Settings.
	AuditRemoves
	AuditTasks
	// SweepInterval has a sweeper let 100 ms pass between two sweeps (conductor.sweep-frequency.millis).
	SweepInterval
)

var remedyWords = []string{"audit", "remove", "tasks", "interval"}

// sweepIntervalMs is the interval of the reported advice.
const sweepIntervalMs = model.Millis(100)

// periodMax bounds the period of the audit: an hour.
const periodMax = 3600

// auditPeriod is the virtual time between two audits of a workflow.
func (s Scope) auditPeriod() model.Millis {
	if s.Period > 0 {
		return model.Seconds(s.Period).Millis()
	}
	return remedy.PeriodDefault.Millis()
}

// unfit says why the scope cannot have its remedies; empty if it can.
func (s Scope) unfit() string {
	audited := s.Remedy&StateAudit != 0
	switch {
	case !audited && s.Remedy&(AuditRemoves|AuditTasks) != 0:
		return "has no audit that could repair more: expected remedy=audit+remove, audit+tasks or audit+remove+tasks"
	case !audited && s.Period > 0:
		return "has no audit that could have a period: expected remedy=audit with period=N"
	case s.Remedy&SweepInterval != 0 && s.Sweepers*s.Sweeps == 0:
		return "has no sweeps that an interval could be between: expected sweepers=N and sweeps=N, or no interval"
	}
	return ""
}

// auditSettings are those of the state audit in the case.
func (c *cast) auditSettings() remedy.Settings {
	return remedy.Settings{
		LockTimeToTry: c.set.LockTimeToTry, LockLeaseTime: c.set.LockLeaseTime,
		Remove: c.c.Scope.Remedy&AuditRemoves != 0, Tasks: c.c.Scope.Remedy&AuditTasks != 0,
	}
}

// stateAudit adds the state audit of every workflow, if the scope has it: so many runs as the clock may advance, and at
// least one. When they come is the schedule's. Two within a period are an audit that was started anew.
func (c *cast) stateAudit() {
	if c.c.Scope.Remedy&StateAudit != 0 {
		c.add("state-audit", "state-audit", repeat(c.c.Scope.audits(), c.auditing(c.audited())))
	}
}

// audits is how often the state audit runs.
func (s Scope) audits() int {
	if s.Audits > 0 {
		return s.Audits
	}
	return max(1, s.Advances)
}

// audited are the workflows of the start state, and those that the case will start.
func (c *cast) audited() []model.WorkflowID {
	if c.c.Scenario.Whole {
		return c.c.workflows()
	}
	return c.world.Workflows()
}

// auditing is one run of the audit.
func (c *cast) auditing(ids []model.WorkflowID) sim.Operation {
	p, st := c.ports, c.auditSettings()
	return sim.Operation{
		Verb: opAudit, Object: c.world.Object(string(w1)),
		Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
			did, err := auditAll(world.Context(a), p, st, ids)
			if err != nil {
				return sim.Reply{Code: replyError}
			}
			return sim.Reply{Code: replyRepaired + uint16(did)}
		},
	}
}

// replyRepaired is the code of an audit's reply, with what it did added.
const replyRepaired = 16

func auditAll(
	ctx context.Context, p sweeper.Ports, st remedy.Settings, ids []model.WorkflowID,
) (did remedy.Repairs, err error) {
	for _, id := range ids {
		one, err := remedy.Audit(ctx, p, st, id)
		if err != nil {
			return did, err
		}
		did |= one
	}
	return did, nil
}

// spaced is a sweeper's script under the interval: before every sweep but the first time passes.
func (c *cast) spaced(script sim.Script) sim.Script {
	if c.c.Scope.Remedy&SweepInterval == 0 {
		return script
	}
	return func(pos int, last sim.Reply) (sim.Operation, bool) {
		op, ok := script(pos, last)
		if pos == 0 || !ok {
			return op, ok
		}
		sweep := op.Run
		op.Run = func(a *sim.Actor, op *sim.Operation) sim.Reply {
			c.world.Pause(a, sweepIntervalMs)
			return sweep(a, op)
		}
		return op, true
	}
}

// audits are the state audits while settling: the first a period after the end of the run, the latest that it can be.
// nil has none.
type audits struct {
	period model.Millis
	next   model.Millis // when the next one is due
}

func (s *settler) periodic() *audits {
	if s.in.c.Scope.Remedy&StateAudit == 0 {
		return nil
	}
	period := s.in.c.Scope.auditPeriod()
	return &audits{period: period, next: s.in.world.Now() + period}
}

// phase tells states apart that are equal but for when the next audit is due.
func (a *audits) phase(now model.Millis) string {
	if a == nil {
		return ""
	}
	return (a.next - now).String()
}

// sooner makes the advance one to the next audit, if that is due before the deadline.
func (a *audits) sooner(step *sim.Step, deadline bool, now model.Millis) bool {
	if a == nil || deadline && now+model.Millis(step.A) < a.next {
		return false
	}
	*step = sim.Step{Verb: sim.Verb(sweeper.ClockAdvance), A: int64(a.next - now)}
	a.next += a.period
	return true
}
