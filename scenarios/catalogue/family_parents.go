package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// parents are those of sub-workflows and their parents, and of tasks that wait.
func parents() []*Scenario {
	return []*Scenario{
		childEndsInsideStart, terminateChildStarting, staleSubWorkflowRepair, endedParentPushed, expediteOverwritten,
		humanTwice,
	}
}

// c1 is the sub-workflow of the scenarios that begin with one, and s1 the task of w1 that started it.
const (
	c1 = model.WorkflowID("c1")
	s1 = model.TaskID("s1")
)

// subWorkflow is a definition of one SUB_WORKFLOW task, with the reference s.
func subWorkflow(name, child string) model.WorkflowDef {
	return model.WorkflowDef{Name: name, Tasks: []model.WorkflowTask{{
		Ref: "s", Type: model.SubWorkflow, SubWorkflow: child, Def: model.TaskDef{Name: child},
	}}}
}

// thenSubWorkflow is a SIMPLE task and then a SUB_WORKFLOW with the reference s.
func thenSubWorkflow(name, first, child string) model.WorkflowDef {
	def := simple(name, first)
	def.Tasks = append(def.Tasks, subWorkflow(name, child).Tasks...)
	return def
}

// begunParent puts a parent w1 with its SUB_WORKFLOW task into the world, and its decider entry.
func begunParent(w *world.World, status model.WorkflowStatus, task model.TaskStatus, child model.WorkflowID) {
	w.PutWorkflow(model.Workflow{
		WorkflowRecord: model.WorkflowRecord{ID: w1, Def: "parent", Status: status},
		Tasks: []model.Task{{
			ID: s1, WorkflowID: w1, Ref: "s", Type: model.SubWorkflow, DefName: "child", Status: task, Seq: 1,
			SubWorkflowID: child,
		}},
	})
	if !status.Terminal() {
		w.PutMessage(model.DeciderQueue, string(w1), 0, 0)
	}
}

// begunChild puts the sub-workflow c1 with its task t1 into the world.
func begunChild(w *world.World, status model.WorkflowStatus, task model.TaskStatus) {
	w.PutWorkflow(model.Workflow{
		WorkflowRecord: model.WorkflowRecord{
			ID: c1, Def: "child", Status: status, ParentWorkflowID: w1, ParentWorkflowTaskID: s1,
		},
		Tasks: []model.Task{{
			ID: "t1", WorkflowID: c1, Ref: "t1", Type: model.Simple, DefName: "t1", Status: task, Seq: 1,
		}},
	})
}

var childEndsInsideStart = &Scenario{
	Name:  "child-ends-inside-start",
	About: "a sub-workflow ends before the task that started it is written, and its end is overwritten",
	Story: []string{
		"The sub-workflow of task s is started, and s is not written yet.",
		"A worker polls and completes the only task of the sub-workflow, which ends and writes s COMPLETED.",
		"Whoever started it writes s as it has it: IN_PROGRESS.",
		"The parent waits for the end of a sub-workflow that has ended.",
	},
	Issues:   []string{"netflix/conductor#1849", "netflix/conductor#2336"},
	Cause:    "the executor of system tasks writes the whole task from the copy that it read before it started it",
	Judged:   []string{"parent-agrees"},
	ProvedOn: "proposed-locked-parents",
	Needs:    []string{"SystemTasks", "Poll", "UpdateTask"},
	Locks:    reentrantLocks,
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	Bound:    60,

	Definitions: []model.WorkflowDef{thenSubWorkflow("parent", "t0", "child"), simple("child", "t1")},
	Start:       func(w *world.World) { begunAs(w, w1, "parent", "t0", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t0")
		c.systemWorker("system-1", w1, "SUB_WORKFLOW", 1)
		c.pollingWorker("worker-2", "", "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the sub-workflow is completed", Saw: childCompletes}},
}

var terminateChildStarting = &Scenario{
	Name:  "terminate-child-starting",
	About: "a parent is terminated while its sub-workflow starts: the sub-workflow runs on",
	Story: []string{
		"An operator terminates w1: its tasks are read, and its sub-workflow has not been started yet.",
		"Deciding w1, or a system task worker, starts the sub-workflow.",
		"The termination cancels the tasks that it has read; of a sub-workflow it knows nothing.",
		"The parent is TERMINATED and its sub-workflow RUNNING.",
	},
	Issues:   []string{"conductor#291"},
	Cause:    "terminate reads before it has the lock, and system task workers take no lock",
	Judged:   []string{"no-orphan"},
	ProvedOn: "proposed-locked-parents",
	Needs:    []string{"SystemTasks", "Terminate", "UpdateTask"},
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	Bound:    60,

	Definitions: []model.WorkflowDef{thenSubWorkflow("parent", "t0", "child"), simple("child", "t1")},
	Start:       func(w *world.World) { begunAs(w, w1, "parent", "t0", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.asks("operator", string(w1), opTerminate)
		c.worker("worker-1", w1, "t0")
		c.systemWorker("system-1", w1, "SUB_WORKFLOW", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the parent is terminated", Saw: parentTerminated}},
}

var staleSubWorkflowRepair = &Scenario{
	Name:  "stale-sub-workflow-repair",
	About: "repair writes a parent's task from a sub-workflow's end that an operator's retry has undone",
	Story: []string{
		"The sub-workflow has FAILED, and its end was not written into its parent's task: repair is to do it.",
		"A sweep of the parent reads that the sub-workflow has FAILED.",
		"An operator retries the sub-workflow: it runs again, and its parent's task is IN_PROGRESS.",
		"Repair writes the task FAILED from its old copy: the parent ends while its sub-workflow runs.",
	},
	Cause:    "repair of a SUB_WORKFLOW task is a read of the one workflow and a blind write into the other",
	Judged:   []string{"no-orphan"},
	ProvedOn: "proposed-locked-parents",
	Needs:    []string{"Retry"},
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	Repair:   true,
	Bound:    60,

	Definitions: []model.WorkflowDef{subWorkflow("parent", "child"), simple("child", "t1")},
	Start: func(w *world.World) {
		begunParent(w, model.Running, model.TaskInProgress, c1)
		begunChild(w, model.Failed, model.TaskFailed)
	},
	Cast: func(c *cast) {
		c.asks("operator", string(c1), opRetry)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the sub-workflow runs again", Saw: runsAgain}},
}

var endedParentPushed = &Scenario{
	Name:  "ended-parent-pushed",
	About: "repair of a sub-workflow puts its parent back into the decider queue, though it has ended",
	Story: []string{
		"The parent has ended and left the decider queue; a sub-workflow of it still runs.",
		"A sweep of the sub-workflow finds that its parent is not queued.",
		"It pushes the parent without a look at its status.",
		"A finished workflow is swept again, as often as its sub-workflow is.",
	},
	Cause:    "verifyAndRepairWorkflow(parent) asks the queue alone",
	Judged:   []string{"terminal-is-not-queued"},
	ProvedOn: "proposed-locked-parents",
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	Repair:   true,
	Bound:    60,

	Definitions: []model.WorkflowDef{subWorkflow("parent", "child"), simple("child", "t1")},
	Start: func(w *world.World) {
		begunParent(w, model.Terminated, model.TaskCanceled, c1)
		begunChild(w, model.Running, model.TaskInProgress)
		w.PutMessage(model.DeciderQueue, string(c1), 0, 0)
	},
	Cast:      func(c *cast) { c.sweepers(c1) },
	Sometimes: []Sometimes{{Name: "a sweep looks", Saw: sweepReads}},
}

var expediteOverwritten = &Scenario{
	Name:  "expedite-overwritten",
	About: "a sweep postpones its workflow after a sub-workflow's end has brought it forward",
	Story: []string{
		"A sweep of the parent decides: s1 is IN_PROGRESS, so that there is nothing to do for a long time.",
		"The sub-workflow ends: s1 is written COMPLETED, and the parent's decider entry is made due at once.",
		"The sweep postpones the entry by what it worked out from its copy: the response timeout of s1.",
		"The parent, whose last task has ended, is not looked at for ten minutes.",
	},
	Issues:   []string{"conductor#1273"},
	Cause:    "the postponement is worked out from a copy, and overwrites whatever the entry was set to meanwhile",
	Judged:   []string{"bounded-completion"},
	ProvedOn: "proposed-delivery",
	Needs:    []string{"UpdateTask"},
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	Bound:    120,

	Definitions: []model.WorkflowDef{slowSubWorkflow("parent", "child"), simple("child", "t1")},
	Start: func(w *world.World) {
		begunParent(w, model.Running, model.TaskInProgress, c1)
		wf, _ := w.Workflow(w1)
		wf.Tasks[0].ResponseTimeoutSeconds, wf.Tasks[0].UpdateTime = 600, w.Now()
		w.PutWorkflow(wf)
		begunChild(w, model.Running, model.TaskInProgress)
	},
	Cast: func(c *cast) {
		c.worker("worker-1", c1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the sub-workflow is completed", Saw: childCompletes}},
}

// slowSubWorkflow is subWorkflow with a response timeout of ten minutes.
func slowSubWorkflow(name, child string) model.WorkflowDef {
	def := subWorkflow(name, child)
	def.Tasks[0].Def.ResponseTimeoutSeconds = 600
	return def
}

var humanTwice = &Scenario{
	Name:  "human-twice",
	About: "a HUMAN task is started twice by a sweep that decides on a stale copy",
	Story: []string{
		"A worker's result for t1 is stored; a sweeper of another server reads the workflow, without the lock.",
		"The worker's own decide starts the HUMAN task h, whose row it writes.",
		"The sweeper gets the lock and decides on its copy, in which there is no h: it starts another.",
		"Two people are asked to do one thing.",
	},
	Issues:    []string{"conductor#53"},
	Cause:     "the sweeper looks the workflow up before it holds the lock",
	Judged:    []string{"task-unique"},
	Needs:     []string{"UpdateTask"},
	Scope:     Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Bound:     60,

	Definitions: []model.WorkflowDef{thenHuman("asks", "t1", "h")},
	Start:       func(w *world.World) { begun(w, "asks", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "a HUMAN task is started", Saw: startsTask},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

// thenHuman is a SIMPLE task and then a HUMAN one.
func thenHuman(name, first, human string) model.WorkflowDef {
	def := simple(name, first)
	def.Tasks = append(def.Tasks, model.WorkflowTask{Ref: human, Type: model.Human})
	return def
}

// childCompletes is the write of COMPLETED of a sub-workflow.
func childCompletes(v *view) bool { return completes(v) && v.e.Workflow != w1 }

func parentTerminated(v *view) bool {
	return v.e.StatusAfter == model.Terminated && v.e.Workflow == w1
}

func startsTask(v *view) bool { return v.e.TaskInserted }
