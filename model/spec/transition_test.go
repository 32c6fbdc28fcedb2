package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/spec"
)

// TestTransitions is the table of engine facts, section 2: a row an operation that returned, a column
// the status before it, and in the cell every status after it; "-" where it cannot have succeeded.
func TestTransitions(t *testing.T) {
	require.Equal(t, words(`
from       NONE    RUNNING                      COMPLETED FAILED     TIMED_OUT  TERMINATED PAUSED
Start      RUNNING -                            -         -          -          -          -
Sweep      NONE    RUNNING|TIMED_OUT            COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
Decide     NONE    RUNNING|TIMED_OUT            COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
Terminate  -       TERMINATED                   -         TERMINATED TERMINATED TERMINATED TERMINATED
Pause      -       PAUSED                       -         -          -          -          PAUSED
Resume     -       -                            -         -          -          -          RUNNING
Retry      -       -                            -         RUNNING    RUNNING    RUNNING    -
Rerun      -       -                            RUNNING   RUNNING    RUNNING    RUNNING    -
Restart    -       -                            RUNNING   RUNNING    RUNNING    RUNNING    -
Remove     -       NONE                         NONE      NONE       NONE       NONE       NONE
completed  NONE    RUNNING|COMPLETED|TIMED_OUT  COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
failed     NONE    RUNNING|FAILED|TIMED_OUT     COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
optional   NONE    RUNNING|COMPLETED|TIMED_OUT  COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
canceled   NONE    RUNNING|TIMED_OUT|TERMINATED COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED
inprogress NONE    RUNNING|TIMED_OUT            COMPLETED FAILED     TIMED_OUT  TERMINATED TIMED_OUT|PAUSED`),
		words(transitionTable()))
}

// words is the table without its alignment.
func words(table string) [][]string {
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		rows = append(rows, strings.Fields(line))
	}
	return rows
}

func transitionTable() string {
	update := func(result model.TaskStatus, optional bool) Operation {
		return Operation{Name: UpdateTask, Result: result, Optional: optional}
	}
	rows := []struct {
		name string
		op   Operation
	}{
		{"Start", Operation{Name: Start}}, {"Sweep", Operation{Name: Sweep}}, {"Decide", Operation{Name: Decide}},
		{"Terminate", Operation{Name: Terminate}}, {"Pause", Operation{Name: Pause}},
		{"Resume", Operation{Name: Resume}}, {"Retry", Operation{Name: Retry}},
		{"Rerun", Operation{Name: Rerun}}, {"Restart", Operation{Name: Restart}},
		{"Remove", Operation{Name: RemoveWorkflow}},
		{"completed", update(model.TaskCompleted, false)}, {"failed", update(model.TaskFailed, false)},
		{"optional", update(model.TaskFailed, true)}, {"canceled", update(model.TaskCanceled, false)},
		{"inprogress", update(model.TaskInProgress, false)},
	}
	spec := Workflow{Ends: Statuses(model.TimedOut)}
	table := "from NONE RUNNING COMPLETED FAILED TIMED_OUT TERMINATED PAUSED\n"
	for _, row := range rows {
		cells := []string{row.name}
		for s := model.WorkflowStatus(0); s <= model.Paused; s++ {
			var after StatusSet
			for _, next := range spec.Step(WorkflowState{Status: s}, row.op, Reply{}) {
				after |= Statuses(next.Status)
			}
			cells = append(cells, cell(after))
		}
		table += strings.Join(cells, " ") + "\n"
	}
	return table
}

func cell(after StatusSet) string {
	switch {
	case after == 0:
		return "-"
	case after.Has(0):
		return "NONE"
	}
	return after.String()
}
