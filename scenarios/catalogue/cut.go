package catalogue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
)

// A cut makes a schedule of what was recorded elsewhere: one workflow's life is followed, step by step, in a scenario
// of whole lives, and what it violates there is shrunk and told as any finding.

// LifeOp says what an operation of a life is.
type LifeOp uint8

// The operations. The zero value is none.
const (
	LifeStart  LifeOp = 1 + iota // StartWorkflow
	LifeSweep                    // PollAndSweep: the pop that gave the workflow, and the sweep
	LifePoll                     // a poll of a task's queue
	LifeUpdate                   // the result COMPLETED of the task that the actor's poll before gave it
	LifeAudit                    // a run of the state audit
	LifeSystem                   // a poll of a JOIN's queue by the engine's own worker
	LifeUnacks                   // a run of the queue's own thread: not followed, but run where a pop needs it
)

var lifeOps = [...]struct {
	name string
	verb uint8
}{
	LifeStart: {"start", opStart}, LifeSweep: {"sweep", opSweep}, LifePoll: {"poll", opPoll},
	LifeUpdate: {"update", opUpdateTask}, LifeAudit: {"audit", opAudit},
	LifeSystem: {"system", opSystemTasks}, LifeUnacks: {"unacks", opProcessUnacks},
}

// LifeStep is one step of a life. Its workflow is called w1, and its tasks t1, t2 and so on or, in branches, b1_t1,
// b1_t2 and so on, each with a queue of its reference; a fork and a JOIN are called fork and join. Of an acquire that
// waits only the last try is a step.
type LifeStep struct {
	// Actor is who took it, by any name: a thread of a server, or a worker. An actor does one thing after the other,
	// and Op is the number of the operation among the actor's.
	Actor string
	Op    int
	Do    LifeOp
	Queue string // that a LifePoll or a LifeSystem polls
	At    time.Duration
	LifeAct
}

// LifeAct is what a step did, and what it was answered. Call is the port call that it is, or is a part of.
type LifeAct struct {
	Verb, Call  sweeper.Verb
	Text, Reply string // in the words of a schedule
	Code        uint16
	N           int64 // the reply's number: a jitter's choice
}

// LifeActOf is the act of a step of the world.
func LifeActOf(w *world.World, a sim.ActorID, s *sim.Step, r sim.Reply) LifeAct {
	return LifeAct{
		Verb: sweeper.Verb(s.Verb), Call: callOf(s), Text: w.StepText(a, s), Reply: w.ReplyText(s, r),
		Code: r.Code, N: r.N,
	}
}

// LifeError is a life that cannot be followed, and by which of its steps, from 1; 0 is the whole.
type LifeError struct {
	Step int
	At   *LifeStep
	Why  string
}

func (e *LifeError) Error() string {
	if e.At == nil {
		return "the life " + e.Why
	}
	return fmt.Sprintf("at step %d (%s, %s, %s) the life %s", e.Step, e.At.Actor, e.At.Do, e.At.At, e.Why)
}

// String is the operation's word.
func (o LifeOp) String() string {
	if o == 0 || int(o) >= len(lifeOps) {
		return fmt.Sprintf("LifeOp(%d)", uint8(o))
	}
	return lifeOps[o].name
}

// Cut follows a life in a case of a whole life, and gives the first violation of one of the wanted oracles, or of any
// that judges if none is named: shrunk, and told as a search tells it. The case says engine, parts, tasks and what the
// settings need (response, retries, repair, remedy); how many act, how often, and how often the time moves on
// is the life's. A *LifeError tells a step that the case cannot take, or that nothing wanted is violated.
func Cut(c *Case, life []LifeStep, wanted ...string) (*Finding, error) {
	if err := c.cuttable(wanted); err != nil {
		return nil, err
	}
	find, on, err := cutOut(c, life, wanted)
	if err != nil {
		return nil, err
	}
	return on.tellLeast(*find)
}

// cuttable refuses what no life can be cut out in.
func (c *Case) cuttable(wanted []string) error {
	for _, name := range wanted {
		if !slices.Contains(c.Scenario.Judged, name) {
			return fmt.Errorf("%w: %s does not judge %s: expected some of %s",
				ErrUsage, name, c.Scenario.Name, strings.Join(c.Scenario.Judged, ", "))
		}
	}
	switch {
	case !c.Scenario.Whole:
		return fmt.Errorf("%w: a life is cut out in whole-life, not in %s", ErrUsage, c.Scenario.Name)
	case c.Backing != nil || c.Host != nil || c.Engine.Goroutines:
		return fmt.Errorf("%w: a life is cut out in memory, of an engine without goroutines", ErrUsage)
	case c.Scope.Remedy&SweepInterval != 0 || c.Scope.Faults > 0:
		return fmt.Errorf(
			"%w: scope %q: a life has times of its own and no faults: expected no interval and faults=0",
			ErrUsage, c.Scope)
	}
	return nil
}

// cutOut follows the life in every way there is, until one fits, then leaves out what it can of it, and gives the find
// and the case that it is of.
func cutOut(c *Case, life []LifeStep, wanted []string) (*explore.Find, *Case, error) {
	var furthest *LifeError
	for _, w := range lifeWays(c) {
		less, kept := undone(life, w.done)
		f, find, err := w.follow(less, wanted)
		var why *LifeError
		switch {
		case errors.As(err, &why):
			if why.Step > 0 {
				why.Step = kept[why.Step-1] + 1
			}
		case err != nil:
			return nil, nil, err
		default:
			return w.lean(f, find)
		}
		if furthest == nil || furthest.Step > 0 && (why.Step == 0 || why.Step > furthest.Step) {
			furthest = why
		}
	}
	return nil, nil, furthest
}

// lifeWay is a way to follow a life: whether as few actors as can be take its steps, whether leases may end, and
// whether polls of a JOIN that is not done are left out.
type lifeWay struct {
	c      *Case
	packed bool
	leases Deadlines
	done   bool
}

// lifeWays are all ways, those first that make the least of a life.
func lifeWays(c *Case) (ways []lifeWay) {
	for _, done := range []bool{true, false} {
		if done && c.Scope.Branches == 0 {
			continue
		}
		for _, packed := range []bool{true, false} {
			for _, leases := range []Deadlines{0, LivingLease} {
				ways = append(ways, lifeWay{c, packed, leases, done})
			}
		}
	}
	return ways
}

// follow gives the first wanted violation; the error is a *LifeError if the life cannot be followed so, or shows none.
func (w lifeWay) follow(life []LifeStep, wanted []string) (*lifeFollower, *explore.Find, error) {
	p, err := planLife(w.c, life, w.packed)
	if err != nil {
		return nil, nil, err
	}
	f, err := p.follow(w.leases)
	if err != nil {
		return nil, nil, err
	}
	find, err := f.outcome(wanted)
	return f, find, err
}

// lean leaves out of a life, from its end on, each operation without which it can be followed and violates the same.
func (w lifeWay) lean(f *lifeFollower, find *explore.Find) (*explore.Find, *Case, error) {
	for again := true; again; {
		again = false
		for n := len(f.p.ops) - 1; n > 0; n-- {
			if n >= len(f.p.ops) {
				continue // others went with it
			}
			less, found, err := w.follow(f.p.without(n), []string{find.Violation.Oracle})
			var why *LifeError
			switch {
			case err == nil:
				f, find, again = less, found, true
			case !errors.As(err, &why):
				return nil, nil, err
			}
		}
	}
	return find, f.c, nil
}

// without is the life without an operation, and without the result of what that gave.
func (p *lifePlan) without(op int) (life []LifeStep) {
	next := op + 1
	for next < len(p.ops) && p.ops[next].actor != p.ops[op].actor {
		next++
	}
	if next < len(p.ops) && p.ops[next].do != LifeUpdate {
		next = len(p.ops)
	}
	for i, s := range p.life {
		if p.of[i] != op && p.of[i] != next {
			life = append(life, s)
		}
	}
	return life
}
