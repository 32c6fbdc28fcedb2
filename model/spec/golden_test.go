package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/spec"
)

// judged is a small history by name, with its verdict.
type judged struct {
	name    string
	want    Verdict
	history string
}

func judge[S comparable](t *testing.T, spec Spec[S], initial func(Object) S, cases []judged) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			verdict, err := Check(spec, initial, Close(parse(t, c.history)))
			require.NoError(t, err)
			require.Equal(t, c.want, verdict)
		})
	}
}

func TestWorkflowHistories(t *testing.T) {
	judge(t, Workflow{}, running, workflowHistories)
}

var workflowHistories = []judged{
	{"completed and then running again", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		sweeper-1 call 2 Sweep workflow=w1
		worker-1  return 1 => none
		api-1     call 3 GetWorkflow workflow=w1
		api-1     return 3 => COMPLETED
		sweeper-1 return 2 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => RUNNING`},
	{"two reads that overlap may come in either order", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		api-1     call 2 GetWorkflow workflow=w1
		api-2     call 3 GetWorkflow workflow=w1
		api-2     return 3 => COMPLETED
		api-1     return 2 => RUNNING
		worker-1  return 1 => none`},
	{"the sweep completes what the update, missing the lock, left", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		worker-1  return 1 => none
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => RUNNING
		sweeper-1 call 3 Sweep workflow=w1
		sweeper-1 return 3 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => COMPLETED`},
	{"nobody reported what completes it", Violation, `
		sweeper-1 call 1 Sweep workflow=w1
		sweeper-1 return 1 => none
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => COMPLETED`},
	{"a failed task does not complete it", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 1 => none
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => COMPLETED`},
	{"a failed task that is optional does", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED optional
		worker-1  return 1 => none
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => COMPLETED`},
	{"one terminal status over another", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => FAILED
		worker-2  call 3 UpdateTask workflow=w1 task=t2 result=COMPLETED
		worker-2  return 3 => none
		worker-1  return 1 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => COMPLETED`},
	{"a terminate that was lost", Violation, `
		api-1     call 1 Terminate workflow=w1
		api-1     return 1 => none
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => RUNNING`},
	{"a terminate cut off may have happened", Ok, `
		api-1     call 1 Terminate workflow=w1
		api-2     call 2 GetWorkflow workflow=w1
		api-2     return 2 => TERMINATED`},
	{"or not, but not both", Violation, `
		api-1     call 1 Terminate workflow=w1
		api-2     call 2 GetWorkflow workflow=w1
		api-2     return 2 => TERMINATED
		api-2     call 3 GetWorkflow workflow=w1
		api-2     return 3 => RUNNING`},
	{"an error without effect", Violation, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => error
		api-1     call 2 GetWorkflow workflow=w1
		api-1     return 2 => PAUSED`},
	{"pause, then resume completes it, by way of running", Ok, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		worker-1  call 2 UpdateTask workflow=w1 task=t1 result=COMPLETED
		worker-1  return 2 => none
		api-1     call 3 Resume workflow=w1
		api-2     call 4 GetWorkflow workflow=w1
		api-2     return 4 => RUNNING
		api-2     call 5 GetWorkflow workflow=w1
		api-2     return 5 => COMPLETED
		api-1     return 3 => none`},
	{"a paused workflow does not complete", Violation, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		worker-1  call 2 UpdateTask workflow=w1 task=t1 result=COMPLETED
		worker-1  return 2 => none
		api-2     call 3 GetWorkflow workflow=w1
		api-2     return 3 => COMPLETED`},
	{"what retry repeats does not fail it again", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 1 => none
		api-1     call 2 Retry workflow=w1
		api-1     return 2 => none
		sweeper-1 call 3 Sweep workflow=w1
		sweeper-1 return 3 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => FAILED`},
	{"what rerun repeats does not fail it again", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 1 => none
		api-1     call 2 Rerun workflow=w1
		api-1     return 2 => none
		sweeper-1 call 3 Sweep workflow=w1
		sweeper-1 return 3 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => FAILED`},
	{"what was done before a restart does not complete it", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		worker-1  return 1 => none
		api-1     call 2 Restart workflow=w1
		api-1     return 2 => none
		sweeper-1 call 3 Sweep workflow=w1
		sweeper-1 return 3 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => COMPLETED`},
	{"retry keeps what was completed", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
		worker-1  return 1 => none
		worker-1  call 2 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 2 => none
		api-1     call 3 Retry workflow=w1
		api-1     return 3 => none
		sweeper-1 call 4 Sweep workflow=w1
		sweeper-1 return 4 => none
		api-1     call 5 GetWorkflow workflow=w1
		api-1     return 5 => COMPLETED`},
	{"a resume decides, and so does a retry since 3.31.2", Ok, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		worker-1  call 2 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 2 => none
		worker-1  call 3 UpdateTask workflow=w1 task=t2 result=COMPLETED
		worker-1  return 3 => none
		api-1     call 4 Resume workflow=w1
		api-1     return 4 => none
		api-1     call 5 GetWorkflow workflow=w1
		api-1     return 5 => FAILED
		api-1     call 6 Retry workflow=w1
		api-1     return 6 => none
		api-1     call 7 GetWorkflow workflow=w1
		api-1     return 7 => COMPLETED`}}

func TestEntryHistories(t *testing.T) {
	judge(t, Entry{}, queued, entryHistories)
	orphan := Always(EntryState{Workflow: WorkflowState{Status: model.Running}})
	judge(t, Entry{}, orphan, orphanHistories)
	zombie := Always(EntryState{Workflow: WorkflowState{Status: model.Completed}, Present: true})
	judge(t, Entry{}, zombie, zombieHistories)
	paused := Always(EntryState{Workflow: WorkflowState{Status: model.Paused}, Present: true})
	judge(t, Entry{}, paused, pausedHistories)
}

var entryHistories = []judged{
	{"finished and still queued: the window after the early release", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		audit     call 2 Inspect workflow=w1
		audit     return 2 => COMPLETED present
		worker-1  return 1 => none`},
	{"running and not queued", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		audit     call 2 Inspect workflow=w1
		audit     return 2 => RUNNING
		worker-1  return 1 => none`},
	{"both at once", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		audit     call 2 Inspect workflow=w1
		audit     return 2 => RUNNING present
		audit     call 3 Inspect workflow=w1
		audit     return 3 => COMPLETED
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => COMPLETED
		worker-1  return 1 => none`},
	{"a late removal takes the message that retry pushed", Violation, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		api-1     call 2 Retry workflow=w1
		api-1     return 2 => none
		worker-1  return 1 => none
		audit     call 3 Inspect workflow=w1
		audit     return 3 => RUNNING`},
	{"retry queues it again", Ok, `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=FAILED
		worker-1  return 1 => none
		api-1     call 2 Retry workflow=w1
		api-1     return 2 => none
		audit     call 3 Inspect workflow=w1
		audit     return 3 => RUNNING present`},
	{"pause removes, resume pushes", Ok, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		audit     call 2 Inspect workflow=w1
		audit     return 2 => PAUSED
		api-1     call 3 Resume workflow=w1
		api-1     return 3 => none
		audit     call 4 Inspect workflow=w1
		audit     return 4 => RUNNING present`},
	{"paused and still queued", Violation, `
		api-1     call 1 Pause workflow=w1
		audit     call 2 Inspect workflow=w1
		audit     return 2 => PAUSED present
		api-1     return 1 => none`},
	{"resume completes it", Ok, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		worker-1  call 2 UpdateTask workflow=w1 task=t1 result=COMPLETED
		worker-1  return 2 => none
		api-1     call 3 Resume workflow=w1
		api-1     return 3 => none
		audit     call 4 Inspect workflow=w1
		audit     return 4 => COMPLETED`}}

var orphanHistories = []judged{
	{"a lost entry may be put back", Ok, `
		sweeper-1 call 1 Sweep workflow=w1
		sweeper-1 return 1 => none
		audit     call 2 Inspect workflow=w1
		audit     return 2 => RUNNING present`},
	{"but by nobody who reads", Violation, `
		api-1     call 1 GetWorkflow workflow=w1
		api-1     return 1 => RUNNING
		audit     call 2 Inspect workflow=w1
		audit     return 2 => RUNNING present`}}

var zombieHistories = []judged{
	{"a finished workflow's entry may be taken out", Ok, `
		sweeper-1 call 1 Sweep workflow=w1
		sweeper-1 return 1 => none
		audit     call 2 Inspect workflow=w1
		audit     return 2 => COMPLETED`},
	{"a refused pause leaves it", Violation, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => error
		audit     call 2 Inspect workflow=w1
		audit     return 2 => COMPLETED`}}

var pausedHistories = []judged{
	{"a repeated pause removes nothing", Ok, `
		api-1     call 1 Pause workflow=w1
		api-1     return 1 => none
		audit     call 2 Inspect workflow=w1
		audit     return 2 => PAUSED present`},
	{"a terminate does", Violation, `
		api-1     call 1 Terminate workflow=w1
		api-1     return 1 => none
		audit     call 2 Inspect workflow=w1
		audit     return 2 => TERMINATED present`}}
