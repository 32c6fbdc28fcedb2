package report_test

import (
	"strings"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// caseOf is a case that is only named.
func caseOf(scenario, engine string) *catalogue.Case {
	return &catalogue.Case{
		Scenario: &catalogue.Scenario{
			Name: scenario, About: "a sweeper looks before it locks", Judged: []string{"terminal-stays"},
			Story:  []string{"One reads.", "Another writes.", "The first writes what it read."},
			Issues: []string{"conductor#213", "conductor#208"},
			Scope:  catalogue.Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
		},
		Engine: sweeper.Engine{Name: engine, About: "looks, then locks"},
		Scope:  catalogue.Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	}
}

// steps reads a trace: an actor and its step a line, a note behind "#", a call before ":".
func steps(text string) []catalogue.TraceStep {
	var out []catalogue.TraceStep
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line, note, _ := strings.Cut(strings.TrimSpace(line), " # ")
		actor, step, _ := strings.Cut(line, " ")
		step = strings.TrimSpace(step)
		call := ""
		if before, after, ok := strings.Cut(step, ": "); ok {
			call, step = before, after
		}
		step, reply, _ := strings.Cut(step, " => ")
		out = append(out, catalogue.TraceStep{
			Number: len(out) + 1, Actor: actor, Call: call, Text: step, Reply: reply, Note: strings.TrimSpace(note),
		})
	}
	return out
}

const staleLookup = `
worker-1   UpdateTask(t1 COMPLETED): dao.getWorkflow w1
worker-1   dao.getTask t1
worker-1   queue.remove t1 t1 => true
worker-1   dao.updateTask t1 COMPLETED
sweeper-1  Sweep(w1): queue.pop _deciderQueue => w1
sweeper-1  dao.getWorkflow w1
worker-1   lock.acquire w1 => true
worker-1   dao.getWorkflow w1
worker-1   dao.createTasks t2
worker-1   queue.push t2 t2 0s
worker-1   dao.updateTask t1 COMPLETED executed
worker-1   dao.updateWorkflow w1 RUNNING
worker-1   lock.release w1
worker-1   Poll(t2): queue.pop t2 => t2
worker-1   dao.getTask t2
worker-1   dao.updateTask t2 IN_PROGRESS
worker-1   queue.ack t2 t2 => true
worker-1   UpdateTask(t2 COMPLETED): dao.getWorkflow w1
worker-1   dao.getTask t2
worker-1   queue.remove t2 t2 => false
worker-1   dao.updateTask t2 COMPLETED
worker-1   lock.acquire w1 => true
worker-1   dao.getWorkflow w1
worker-1   dao.updateTask t2 COMPLETED executed
worker-1   dao.updateWorkflow w1 COMPLETED
worker-1   listener.completed w1
worker-1   lock.release w1
sweeper-1  lock.acquire w1 => true
sweeper-1  dao.createTasks t3 => already known
sweeper-1  queue.push t2 t3 0s
sweeper-1  dao.updateTask t1 COMPLETED executed
sweeper-1  dao.updateWorkflow w1 RUNNING # from the copy read at step 6
worker-1   lock.delete w1
worker-1   listener.finalized w1
worker-1   queue.remove _deciderQueue w1 => true
worker-1   lock.release w1 => not held
sweeper-1  lock.release w1
sweeper-1  queue.setUnackTimeout _deciderQueue w1 30000ms => not found
`

func staleFinding() *catalogue.Finding {
	final := []string{
		"w1: RUNNING", "  t1: COMPLETED", "  t2: COMPLETED", "  decider queue: no message",
		"  completed listener: called once", "  finalized listener: called once",
	}
	return &catalogue.Finding{
		Oracle: "terminal-stays", Object: "w1", Message: "w1 went from COMPLETED back to RUNNING",
		Severity: catalogue.Permanent, Steps: 32, Switches: 3, Fingerprint: 0x9f3c,
		Case: caseOf("stale-lookup", "conductor-3.17.0"),
		Trace: &catalogue.Trace{
			Actors: []string{"worker-1", "sweeper-1", "sweeper-2"}, Steps: steps(staleLookup),
			At: 32, WindowFrom: 6, WindowTo: 32,
			Notes: []string{
				"Step 32 wrote w1 from the copy read at step 6; the writes of steps 12 and 25 were lost.",
			},
			Final: final, Settled: final, SettleTime: 120_000,
		},
	}
}

func staleReport() *catalogue.Report {
	also := &catalogue.Finding{Oracle: "lock-discipline", Object: "w1", Severity: catalogue.Permanent,
		Message: "worker-1 released the lock of w1, which it does not hold; RedisLock swallows the exception"}
	return &catalogue.Report{
		Case: caseOf("stale-lookup", "conductor-3.17.0"), Command: "find", Strategy: "random", Seed: 1,
		Verdict: catalogue.Violated, Schedules: 122, Steps: 4567, Histories: 45,
		Findings: []*catalogue.Finding{staleFinding()}, AlsoSeen: []*catalogue.Finding{also},
		Reached: []string{"a sweep gets the lock"}, Unreached: []string{"t2 is handed out"},
	}
}

// longFork is an engine whose name is longer than a column.
const longFork = "a-fork-with-a-very-long-name+lock-first+atomic-repair+remove-first"

const longNames = `
poller-of-the-payments-team-1  Poll(q): queue.pop a_long_task_queue_name_of_a_fork => t1
poller-of-the-payments-team-1  dao.getTask t1
sweeper-on-a-replica-in-zone-b Sweep(w1): queue.pop _deciderQueue => w1
sweeper-on-a-replica-in-zone-b dao.getWorkflow w1
sweeper-on-a-replica-in-zone-b queue.containsMessage a_long_task_queue_name_of_a_fork t1 => false
poller-of-the-payments-team-2  Poll(q): queue.pop a_long_task_queue_name_of_a_fork => nothing
clock                          advance 30s queue.visibility
sweeper-on-a-replica-in-zone-b queue.push a_long_task_queue_name_of_a_fork t1 0s # nobody looked again
poller-of-the-payments-team-2  Poll(q): queue.pop a_long_task_queue_name_of_a_fork => t1
poller-of-the-payments-team-2  dao.updateTask t1 IN_PROGRESS # handed out a second time in one epoch
fault                          crash sweeper-on-a-replica-in-zone-b
`

func longReport() *catalogue.Report {
	f := &catalogue.Finding{
		Oracle: "task-once", Object: "t1", Severity: catalogue.Heals, HealsAfter: 30_000, Steps: 11, Switches: 1,
		Message: "t1 was handed out twice in one epoch: to poller-of-the-payments-team-1 at step 1 and " +
			"to poller-of-the-payments-team-2 at step 9, " +
			"a_word_that_is_longer_than_any_line_of_a_terminal_can_ever_hope_to_be",
		Case: caseOf("torn-repair-of-a-fork", longFork),
		Trace: &catalogue.Trace{
			Actors: []string{
				"poller-of-the-payments-team-1", "poller-of-the-payments-team-2", "sweeper-on-a-replica-in-zone-b",
			},
			Steps: steps(longNames), At: 10, WindowFrom: 4, WindowTo: 8,
			Final: []string{
				"w1: RUNNING",
				"  t1: IN_PROGRESS, queued",
				"  decider queue: a message, due in 1500ms",
			},
			Settled:    []string{"w1: COMPLETED", "  t1: COMPLETED", "  decider queue: no message"},
			SettleTime: 31_500,
		},
	}
	f.Case.Scope.Advances = 0
	second := *f
	second.Oracle = "running-is-queued"
	c := caseOf("torn-repair-of-a-fork", longFork)
	return &catalogue.Report{
		Case: c, Command: "verify", Strategy: "states", Verdict: catalogue.Violated,
		Schedules: 1, Steps: 99, States: 77, Findings: []*catalogue.Finding{f, &second},
	}
}
