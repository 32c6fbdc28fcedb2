package catalogue

import (
	"fmt"
	"slices"
	"strconv"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// Whole lives: a workflow from its start to its end. They stand outside the matrix: what a load finds is cut out as a
// schedule of one.

// Lives lists the scenarios of whole lives. They are known by name wherever a scenario is asked for, and are not
// among all.
func Lives() []*Scenario { return []*Scenario{wholeLife} }

var wholeLife = &Scenario{
	Name:  "whole-life",
	About: "a workflow from its start to its end: whatever goes wrong in it",
	Story: []string{
		"A client starts the workflow, a chain of tasks or a fork of such chains with a JOIN behind it; the start " +
			"decides it and queues the first tasks.",
		"Workers poll each task's queue and complete what they get; each result decides the workflow.",
		"Sweepers pop the workflow meanwhile, and decide it too.",
	},
	Cause: "every race of sweepers and workers is a part of some whole life",
	Judged: []string{
		"terminal-stays", "first-terminal-wins", "listener-once", "task-unique", "task-once",
		"first-terminal-task-wins", "running-is-queued", "ended-is-dequeued", "progress", "bounded-completion",
	},
	Needs:     []string{"StartWorkflow", "UpdateTask", "Poll"},
	Scope:     Scope{Sweepers: 1, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Tasks:     1,
	Whole:     true,
	Bound:     120,

	Start: func(*world.World) {},
	Cast: func(c *cast) {
		c.asks("client", string(w1), opStart)
		c.teams()
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a task is handed out", Saw: handsOut},
		{Name: "a sweep looks", Saw: sweepReads, When: func(s Scope) bool { return s.Sweepers*s.Sweeps > 0 }},
	},
}

// wholeDef names the definition of a whole life's workflow.
const wholeDef = "whole"

// Whole are the figures of a whole life beyond those of every scope. 0 is the default of each.
type Whole struct {
	Workers int // workers for each task's queue; 0 is one
	Polls   int // polls of each worker, which completes what it gets; 0 is one
	Audits  int // runs of the state audit; 0 is as many as the clock may advance, and one at least
	// Branches make the workflow a FORK_JOIN of so many chains, and a JOIN behind them, whose queue the engine's own
	// workers poll, as many and as often as those of a task. 0 is one chain, and no fork.
	Branches int
	// Response and Retries are responseTimeoutSeconds and retryCount of every task; 0 is none.
	Response, Retries int
	Repair            int // 1 switches the repair service on
}

// RepairService tells whether the repair service is on in the case.
func (c *Case) RepairService() bool { return c.Scenario.Repair || c.Scope.Repair > 0 }

const (
	responseMax = 3600
	actorsMax   = 60 // an oracle keeps a bit for each
)

// wholeWords is what a whole life's scope may say besides.
const wholeWords = "of a whole life also workers=N, polls=N, branches=N or retries=N, N from 1 to 9; " +
	"audits=N, N from 1 to 30; response=N, N from 1 to 3600; or repair=1"

// figure gives the place of a figure by its key, and its greatest value; nil if there is none.
func (w *Whole) figure(key string) (to *int, most int) {
	switch key {
	case "workers":
		return &w.Workers, sizeMax
	case "polls":
		return &w.Polls, sizeMax
	case "branches":
		return &w.Branches, sizeMax
	case "retries":
		return &w.Retries, sizeMax
	case "audits":
		return &w.Audits, scopeMax
	case "response":
		return &w.Response, responseMax
	case "repair":
		return &w.Repair, 1
	}
	return nil, 0
}

// read reads a figure; false if there is none of that key, or none of that value.
func (w *Whole) read(key, value string) bool {
	to, most := w.figure(key)
	n, err := strconv.Atoi(value)
	if to == nil || err != nil || n < 1 || n > most {
		return false
	}
	*to = n
	return true
}

// String is the figures that are not the default, each with a blank before it.
func (w Whole) String() (text string) {
	for _, key := range []string{"workers", "polls", "branches", "audits", "response", "retries", "repair"} {
		if to, _ := w.figure(key); *to > 0 {
			text += fmt.Sprintf(" %s=%d", key, *to)
		}
	}
	return text
}

// plain is the figures with one worker and one poll as the default.
func (w Whole) plain() Whole {
	if w.Workers == 1 {
		w.Workers = 0
	}
	if w.Polls == 1 {
		w.Polls = 0
	}
	return w
}

// unfitWhole says what of the scope a whole life cannot have, or another scenario not; empty if it fits.
func (s *Scenario) unfitWhole(sc Scope) string {
	switch {
	case !s.Whole && sc.Whole != Whole{}:
		return "is no whole life: expected no" + sc.Whole.String()
	case !s.Whole:
	case sc.Workflows > 1 || sc.Redelivered:
		return "starts its one workflow: expected no workflows=N or redelivered=1"
	case sc.Sweepers+(max(sc.Tasks, s.Tasks)*max(sc.Branches, 1)+min(sc.Branches, 1))*max(sc.Workers, 1) > actorsMax:
		return fmt.Sprintf("would have more than %d sweepers and workers: expected fewer", actorsMax)
	case sc.Audits > 0 && sc.Remedy&StateAudit == 0:
		return "has no audit that could run so often: expected remedy=audit with audits=N"
	}
	return ""
}

// whole is the definition of a whole life: SIMPLE tasks in sequence, or as many sequences as there are branches.
func (c *Case) whole() model.WorkflowDef {
	def := simple(wholeDef, c.refs(w1)...)
	for i := range def.Tasks {
		d := &def.Tasks[i].Def
		d.ResponseTimeoutSeconds, d.RetryCount = model.Seconds(c.Scope.Response), c.Scope.Retries
	}
	if c.Scope.Branches == 0 {
		return def
	}
	fork := model.WorkflowTask{Ref: "fork", Type: model.ForkJoin}
	join := model.WorkflowTask{Ref: "join", Type: model.Join}
	for chain := range slices.Chunk(def.Tasks, len(def.Tasks)/c.Scope.Branches) {
		fork.ForkTasks = append(fork.ForkTasks, chain)
		join.JoinOn = append(join.JoinOn, chain[len(chain)-1].Ref)
	}
	def.Tasks = []model.WorkflowTask{fork, join}
	return def
}

// branched are the references of the tasks of each branch, as b1_t1.
func branched(branches, tasks int) (refs []string) {
	for b := range branches {
		for t := range tasks {
			refs = append(refs, fmt.Sprintf("b%d_t%d", b+1, t+1))
		}
	}
	return refs
}

// wholeQueues are those of a whole life's tasks.
func (c *Case) wholeQueues() []string {
	queues := c.refs(w1)
	if c.Scope.Branches > 0 {
		queues = append(queues, model.Join.String())
	}
	return queues
}

// teams adds the workers of each task's queue: worker-1 for t1 and so on, worker-1b beside it; and the engine's own
// for a JOIN's, if there is one: system, and system-b beside it.
func (c *cast) teams() {
	many, polls := max(c.c.Scope.Workers, 1), max(c.c.Scope.Polls, 1)
	for k, queue := range c.c.refs(w1) {
		for n := range many {
			c.persistent(workerName(k, n), queue, polls)
		}
	}
	if c.c.Scope.Branches == 0 {
		return
	}
	for n := range many {
		c.systemWorker(systemName(n), w1, model.Join.String(), polls)
	}
}

// systemName is the name of the JOIN's n-th worker, from 0.
func systemName(n int) string {
	if n == 0 {
		return "system"
	}
	return "system-" + string(rune('a'+n))
}

// workerName is the name of a queue's n-th worker, both from 0.
func workerName(queue, n int) string {
	name := fmt.Sprintf("worker-%d", queue+1)
	if n > 0 {
		name += string(rune('a' + n))
	}
	return name
}

// persistent adds a worker that polls a queue so many times, whatever it gets, and completes that. Each operation
// carries how many polls there were: which comes next is not told by its number.
func (c *cast) persistent(name, queue string, times int) {
	s := c.server("api-" + name)
	asks := counted(poll(s, c.world, c.world.Object(queue)), func(op *sim.Operation) int64 { return op.Arg.N })
	reports := counted(updateTask(s, c.world, w1, 0, model.TaskCompleted),
		func(op *sim.Operation) int64 { return int64(op.Arg.Code) })
	c.add(name, s.name, func(pos int, last sim.Reply) (sim.Operation, bool) {
		if pos > 0 && last.Object != 0 {
			op := reports
			op.Object, op.Arg.Code = last.Object, uint16(last.N)
			return op, true
		}
		op := asks
		op.Arg.N = last.N + 1
		return op, last.N < int64(times)
	})
	c.worksFor(w1)
}

// counted is an operation whose reply carries a count.
func counted(op sim.Operation, count func(*sim.Operation) int64) sim.Operation {
	run := op.Run
	op.Run = func(a *sim.Actor, op *sim.Operation) sim.Reply {
		r := run(a, op)
		r.N = count(op)
		return r
	}
	return op
}
