package world_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// timed is a definition and a row of its task, and where the clock then stops.
type timed struct {
	wf   model.WorkflowDef
	def  model.TaskDef
	task model.Task
	at   string
}

const start = model.Millis(world.StartTime)

var deadlines = map[string]timed{
	"none": {at: ""},
	"workflow": {
		wf: model.WorkflowDef{TimeoutSeconds: 50, TimeoutPolicy: model.PolicyTimeOutWorkflow},
		at: "advance 50s workflow.timeout w1",
	},
	"workflow, alert only": {wf: model.WorkflowDef{TimeoutSeconds: 50}, at: ""},
	"task": {
		def:  model.TaskDef{TimeoutSeconds: 20},
		task: model.Task{Status: model.TaskInProgress, StartTime: start},
		at:   "advance 20s task.timeout t1",
	},
	"task, not started": {
		def: model.TaskDef{TimeoutSeconds: 20}, task: model.Task{Status: model.TaskScheduled},
	},
	"task, ended": {
		def: model.TaskDef{TimeoutSeconds: 20}, task: model.Task{Status: model.TaskCompleted, StartTime: start},
	},
	"task, a retry": {
		def:  model.TaskDef{TimeoutSeconds: 20, RetryDelaySeconds: 7},
		task: model.Task{Status: model.TaskInProgress, StartTime: start, RetriedTaskID: "t0"},
		at:   "advance 27s task.timeout t1",
	},
	"poll": {
		def:  model.TaskDef{PollTimeoutSeconds: 30},
		task: model.Task{Status: model.TaskScheduled, ScheduledTime: start, CallbackAfter: 5},
		at:   "advance 35s task.timeout t1",
	},
	"poll, a retry": {
		def:  model.TaskDef{PollTimeoutSeconds: 30, RetryDelaySeconds: 7},
		task: model.Task{Status: model.TaskScheduled, ScheduledTime: start, RetriedTaskID: "t0"},
		at:   "advance 37s task.timeout t1",
	},
	"poll, polled": {
		def:  model.TaskDef{PollTimeoutSeconds: 30},
		task: model.Task{Status: model.TaskInProgress, ScheduledTime: start},
	},
	"response": {
		def:  model.TaskDef{ResponseTimeoutSeconds: 40},
		task: model.Task{Status: model.TaskInProgress, UpdateTime: start, CallbackAfter: 5},
		at:   "advance 45s task.timeout t1",
	},
	"response, a callback without a timeout": {
		task: model.Task{Status: model.TaskInProgress, UpdateTime: start, CallbackAfter: 5},
	},
	"wait": { // one that is looked at in that very moment goes on
		task: model.Task{Status: model.TaskInProgress, WaitTimeout: start + 9000}, at: "advance 9001ms task.timeout t1",
	},
	"wait, ended": {task: model.Task{Status: model.TaskCompleted, WaitTimeout: start + 9000}},
	"the first of several": {
		wf:   model.WorkflowDef{TimeoutSeconds: 50, TimeoutPolicy: model.PolicyTimeOutWorkflow},
		def:  model.TaskDef{TimeoutSeconds: 30, ResponseTimeoutSeconds: 20},
		task: model.Task{Status: model.TaskInProgress, StartTime: start, UpdateTime: start},
		at:   "advance 20s task.timeout t1",
	},
}

// TestDeadlinesOfTimeouts: the clock stops where the engine's checks of timeouts begin to be true
// (checkWorkflowTimeout, checkTaskTimeout, checkTaskPollTimeout, isResponseTimedOut), and nowhere else.
func TestDeadlinesOfTimeouts(t *testing.T) {
	for name, c := range deadlines { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			c.wf.Name, c.def.Name = "timed", "q1"
			c.task.ID, c.task.WorkflowID, c.task.Ref = "t1", "w1", "t1"
			c.wf.Tasks = []model.WorkflowTask{{Ref: "t1", Type: model.Simple, Def: c.def}}
			rows := func(w *world.World) {
				w.PutWorkflow(model.Workflow{
					WorkflowRecord: model.WorkflowRecord{
						ID:         "w1",
						Def:        "timed",
						Status:     model.Running,
						CreateTime: start,
					},
					Tasks: []model.Task{c.task},
				})
			}
			config := world.Config{Definitions: []model.WorkflowDef{c.wf}, Start: rows}
			w := world.New(config)
			var s sim.Step
			require.False(t, w.NextAdvance(&s), "timeouts may not fire")
			config.Deadlines.TaskTimeouts = true
			w = world.New(config)
			said := ""
			if w.NextAdvance(&s) {
				said = w.StepText(sim.Clock, &s)
			}
			require.Equal(t, c.at, said)
		})
	}
}
