package conformance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/conductor"
)

// TestBodiesAreToldApart: the newest text with one body of an earlier release differs from the released classes
// in some situation.
func TestBodiesAreToldApart(t *testing.T) {
	older, fixed := conductor.Methods3223(), conductor.Methods32114()
	for _, body := range []struct {
		about string
		put   func(m *conductor.Methods)
	}{
		{"a turn of 3.21.14", func(m *conductor.Methods) { m.PollAndSweep = fixed.PollAndSweep }},
		{"the sweep of 3.21.14", func(m *conductor.Methods) { m.Sweep, m.Unack = fixed.Sweep, fixed.Unack }},
		{"the decide of 3.21.14", func(m *conductor.Methods) { m.DecideModel = fixed.DecideModel }},
		{"the API's end of 3.21.14", func(m *conductor.Methods) { m.TerminateWorkflow = fixed.TerminateWorkflow }},
		{"the end by force of 3.21.14", func(m *conductor.Methods) { m.TerminateModel = fixed.TerminateModel }},
		{"the poll of 3.21.14", func(m *conductor.Methods) { m.Poll = fixed.Poll }},
		{"the poll of 3.22.3", func(m *conductor.Methods) { m.Poll = older.Poll }},
		{"the missed lock of 3.22.3", func(m *conductor.Methods) { m.Decide = older.Decide }},
		{"the postponement of 3.22.3", func(m *conductor.Methods) { m.ComputePostpone = older.ComputePostpone }},
		{"the repeated task of 3.22.3", func(m *conductor.Methods) { m.ResetRetriedTask = older.ResetRetriedTask }},
		{"the retry of 3.22.3", func(m *conductor.Methods) { m.RetryWorkflow = older.RetryWorkflow }},
		{"the retried model of 3.22.3", func(m *conductor.Methods) { m.RetryModel = older.RetryModel }},
		{"the rescheduled task of 3.22.3", func(m *conductor.Methods) {
			m.TaskToBeRescheduled = older.TaskToBeRescheduled
		}},
		{"the rerun of 3.22.3", func(m *conductor.Methods) { m.RerunWorkflow = older.RerunWorkflow }},
		{"the system task worker of 3.22.3", func(m *conductor.Methods) { m.PollSystemTasks = older.PollSystemTasks }},
		{"the system task of 3.22.3", func(m *conductor.Methods) { m.ExecuteSystemTask = older.ExecuteSystemTask }},
		{"the start of a sub-workflow of 3.22.3", func(m *conductor.Methods) {
			m.StartSubWorkflow = older.StartSubWorkflow
		}},
		{"the look at a sub-workflow of 3.22.3", func(m *conductor.Methods) {
			m.ExecuteSubWorkflow = older.ExecuteSubWorkflow
		}},
		{"the cancel of a sub-workflow of 3.22.3", func(m *conductor.Methods) {
			m.CancelSubWorkflow = older.CancelSubWorkflow
		}},
		{"the parent's task of 3.22.3", func(m *conductor.Methods) {
			m.UpdateParentWorkflowTask = older.UpdateParentWorkflowTask
		}},
		{"the parent's task of 3.31.2", func(m *conductor.Methods) {
			m.UpdateParentWorkflowTask = conductor.Methods3312().UpdateParentWorkflowTask
		}},
		{"those above of 3.22.3", func(m *conductor.Methods) { m.UpdateAndPushParents = older.UpdateAndPushParents }},
		{"those above of 3.31.2", func(m *conductor.Methods) {
			m.UpdateAndPushParents = conductor.Methods3312().UpdateAndPushParents
		}},
		{"sub-workflows by who decides, of 3.22.3", func(m *conductor.Methods) { m.IsAsync = older.IsAsync }},
		{"a HUMAN in the queue, of 3.22.3", func(m *conductor.Methods) { m.LeavesDecider = older.LeavesDecider }},
		{"the WAIT of 3.21.14", func(m *conductor.Methods) { m.WaitOffset = fixed.WaitOffset }},
	} {
		t.Run(body.about, func(t *testing.T) {
			methods := conductor.Methods3323()
			body.put(&methods)
			e := conductor.New("mixed", body.about, methods)
			var caught []string
			for _, s := range situations(t, "3.32.3") {
				if text, err := s.Trace(e); err != nil || text != recorded(t, "3.32.3", s.Name) {
					caught = append(caught, s.Name)
				}
			}
			require.NotEmpty(t, caught)
			t.Logf("caught by %d situations, the first is %s", len(caught), caught[0])
		})
	}
}
