package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// TestAStepThatFailedBeforeItsEffectHasNone: what the world did last is the effect of an earlier step, and no oracle
// may take it for that of a step that never came to one.
func TestAStepThatFailedBeforeItsEffectHasNone(t *testing.T) {
	in := (&Case{Scenario: tornRepair, Engine: engineOfRelease(), Scope: tornRepair.Scope}).instance()
	e := in.world.Last()
	e.Workflow, e.StatusBefore, e.StatusAfter = w1, model.Completed, model.Running
	step := &sim.Step{Verb: sim.Verb(sweeper.EnvNow)}
	tr := sim.Transition{Number: 1, Step: step, Op: &sim.Operation{Verb: opSweep}}
	require.NotEmpty(t, in.judge.Observe(&tr))
	for _, fault := range []sim.FaultKind{sim.ErrorBefore, sim.Crash} {
		tr.Choice.Fault = fault
		if tr.Step = step; fault == sim.Crash {
			tr.Step, tr.Op = nil, nil
		}
		require.Empty(t, in.judge.Observe(&tr), fault.String())
	}
}
