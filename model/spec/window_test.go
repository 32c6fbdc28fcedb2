package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "fermata/model/spec"
)

func TestWindowIsTheShortestBeginningThatViolates(t *testing.T) {
	each(t, shortest[WorkflowState], shortest[EntryState], shortest[Epoch], shortest[LockState])
}

func shortest[S comparable](t *testing.T, s subject[S]) {
	found := false
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 6)
		events := s.spoil(t, Close(r.events))
		window, violates, err := FindWindow(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		for length := range len(events) + 1 {
			verdict, err := Check(s.spec, Always(r.initial), Close(events[:length]))
			require.NoError(t, err)
			require.Equal(t, violates && length >= window.Events, verdict == Violation)
		}
		if violates {
			found = true
			require.Equal(t, Return, events[window.Events-1].Kind)
			require.Equal(t, events[window.Events-1].Op, window.Last)
			require.Contains(t, window.Operations, window.Last)
		}
	}, func() bool { return found })
}

func TestWindowOfAHistory(t *testing.T) {
	events := parse(t, `
		api-1     call 1 GetWorkflow workflow=w1
		api-1     return 1 => RUNNING
		worker-1  call 2 UpdateTask workflow=w2 task=t1 result=COMPLETED
		sweeper-1 call 3 Sweep workflow=w1
		audit     call 4 Inspect workflow=w2
		audit     return 4 => COMPLETED present
		audit     call 5 Inspect workflow=w2
		audit     return 5 => COMPLETED
		worker-1  return 2 => none
		sweeper-1 return 3 => none`)
	window, violates, err := FindWindow(Entry{}, queued, events)
	require.NoError(t, err)
	require.True(t, violates)
	require.Equal(t, Window{
		Object: Object{Workflow: "w2"}, Events: 6, Last: 4, Operations: []int{2, 4},
	}, window)

	_, violates, err = FindWindow(Workflow{}, running, events[:2])
	require.NoError(t, err)
	require.False(t, violates)
}
