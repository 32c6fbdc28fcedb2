package spec_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "fermata/model/spec"
)

// TestVisualization: the page names operations, states and remarks, and is the same every time.
func TestVisualization(t *testing.T) {
	x, err := Explain(DefaultLimits, Workflow{}, []WorkflowState{{Status: 1}}, Close(parse(t, `
		worker-1  call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
		sweeper-1 call 2 Sweep workflow=w1
		sweeper-2 call 5 Sweep workflow=w1
		worker-1  return 1 => none
		api-1     call 3 GetWorkflow workflow=w1
		api-1     return 3 => COMPLETED
		sweeper-1 return 2 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => RUNNING`)))
	require.NoError(t, err)
	note := func(number int) string { return fmt.Sprintf("line %d", number) }
	var first bytes.Buffer
	require.NoError(t, Visualize(&first, Workflow{}, x, note))
	for _, want := range []string{
		"<!doctype html>", "UpdateTask workflow=w1 task=t2 result=COMPLETED =\\u003e none", "line 4",
		"{RUNNING, may end COMPLETED, COMPLETED}",
	} {
		require.True(t, strings.Contains(first.String(), want), want)
	}
	for range 20 {
		var again bytes.Buffer
		require.NoError(t, Visualize(&again, Workflow{}, x, note))
		require.True(t, first.String() == again.String())
	}
	require.ErrorIs(t, Visualize(&first, Workflow{}, Explanation[WorkflowState]{}, note), ErrHistory)
}

// TestVisualizationIsNoScript: what a history holds is text on the page, which puts states and remarks in
// as HTML.
func TestVisualizationIsNoScript(t *testing.T) {
	x, err := Explain(DefaultLimits, Lock{}, []LockState{{}}, parse(t, `
		a call 1 Acquire workflow=w1 owner="<b>"
		a return 1 => done
		b call 2 Acquire workflow=w1 owner=b
		b return 2 => done`))
	require.NoError(t, err)
	var page bytes.Buffer
	require.NoError(t, Visualize(&page, Lock{}, x, func(int) string { return "<i>" }))
	for _, want := range []string{`held by \u0026lt;b\u0026gt;`, `\u0026lt;i\u0026gt;`} {
		require.True(t, strings.Contains(page.String(), want), want)
	}
}

func TestStatesReadable(t *testing.T) {
	for want, state := range map[string]any{
		"no such workflow":                 WorkflowState{},
		"RUNNING, may end FAILED":          WorkflowState{Status: 1, Ends: Statuses(3)},
		"RUNNING, a decide to come":        WorkflowState{Status: 1, Owed: 2},
		"COMPLETED":                        WorkflowState{Status: 2, Ends: Statuses(2), Owed: 1},
		"RUNNING, queued":                  EntryState{Workflow: WorkflowState{Status: 1}, Present: true},
		"TERMINATED, not queued":           EntryState{Workflow: WorkflowState{Status: 5}},
		"free":                             LockState{},
		"held by sweeper-1":                LockState{Owner: "sweeper-1", Holds: 1},
		"held by sweeper-1 more than once": LockState{Owner: "sweeper-1", Holds: 2},
	} {
		require.Equal(t, want, fmt.Sprint(state))
	}
}
