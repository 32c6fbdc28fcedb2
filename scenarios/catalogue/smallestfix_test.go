package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/proposed"
)

// The least change of a release that is proved, by scenario; none of the changes of its own text where it says so.
func TestSmallestFix(t *testing.T) {
	for _, of := range []struct {
		scenario, engine string
		lock             string
		want             string
		kind             FixKind
	}{
		{"stale-lookup", "conductor-3.17.0", "", "conductor-3.17.0+lock-first", ChangedRelease},
		{"torn-repair", "conductor-3.31.2", "", "conductor-3.31.2+atomic-repair", ChangedRelease},
		{"early-release", "conductor-3.21.3", "", "conductor-3.21.3+remove-first", ChangedRelease},
		// Since 3.31.2 a missed decide pushes a workflow back that another has completed.
		{"early-release", "conductor-3.31.2", "", "conductor-3.31.2+remove-first+postpone-missed", ChangedRelease},
		{"early-release", "orkes-community", "", "orkes-community+remove-first", ChangedRelease},
		{"early-release", "lock-first", "", "remove-first", MeasuresOn3170},
		{"repair-in-schedule-gap", "conductor-3.17.0", "", "conductor-3.17.0+lock-first+atomic-repair", ChangedRelease},
		{"lease-expiry", "conductor-3.31.2", "", "proposed-fenced", WholeText},
		{"lock-taken-away", "conductor-3.31.2", "postgres-reentrant", "conductor-3.31.2+remove-first", ChangedRelease},
	} {
		c, err := NewCase(of.scenario, of.engine, "")
		require.NoError(t, err)
		c, err = c.On(Parts{Lock: of.lock})
		require.NoError(t, err)
		f, err := SmallestFix(c, FixOptions{})
		require.NoError(t, err)
		fix := f.Proved()
		require.NotNil(t, fix, c.Name())
		require.Equal(t, of.want, fix.Case.Engine.Name, c.Name())
		require.Equal(t, of.kind, fix.Kind, c.Name())
		require.Equal(t, of.lock != "", f.Lock() != nil)
		require.Same(t, fix, &f.Trials[len(f.Trials)-1], "the search goes on behind what is proved")
		for i := range f.Trials[:len(f.Trials)-1] {
			if tried := &f.Trials[i]; tried.Kind != OtherLock {
				require.Equal(t, Violated, tried.Verdict, "%s: %s", c.Name(), tried.Case.Engine.Name)
			}
		}
	}
}

// Without a lock no order of the calls helps, and the same release with a lock is free of it.
func TestNoFixWithoutALock(t *testing.T) {
	c, err := NewCase("stale-lookup", "conductor-3.31.2", "")
	require.NoError(t, err)
	c, err = c.On(Parts{Lock: "disabled"})
	require.NoError(t, err)
	f, err := SmallestFix(c, FixOptions{})
	require.NoError(t, err)
	require.Nil(t, f.Proved())
	require.True(t, f.Lock().Proved)
	last := f.Trials[len(f.Trials)-1]
	require.Equal(t, NotApplicable, last.Verdict, last.Case.Engine.Name)
	require.Contains(t, last.Reason, "tokens")
}

// A search that is cut proves nothing, and what is stopped is no answer.
func TestSmallestFixIsBounded(t *testing.T) {
	c, err := NewCase("torn-repair", "conductor-3.31.2", "")
	require.NoError(t, err)
	f, err := SmallestFix(c, FixOptions{StatesMax: 10})
	require.NoError(t, err)
	require.Nil(t, f.Proved())
	require.Equal(t, Unknown, f.Trials[0].Verdict)
	require.Len(t, f.Trials, len(c.fixes()))
	stop := func() bool { return true }
	_, err = SmallestFix(c, FixOptions{Stop: stop})
	require.ErrorIs(t, err, ErrStopped)
	_, err = AlsoOn(c, FixOptions{Stop: stop})
	require.ErrorIs(t, err, ErrStopped)
}

// A fix is proved where the violation was: in the scenario's scope and what the case has beyond it.
func TestFixScope(t *testing.T) {
	c, err := NewCase("repair-in-schedule-gap", "conductor-3.31.2", "sweepers=1 advance=2 deadlines=living-lease")
	require.NoError(t, err)
	require.Equal(t, "sweepers=2 sweeps=1 advance=2 faults=0 deadlines=living-lease", c.FixScope().String())
	smaller, err := NewCase("stale-lookup", "conductor-3.31.2", "sweepers=1 advance=0")
	require.NoError(t, err)
	require.Equal(t, smaller.Scenario.Scope, smaller.FixScope())
}

// decide(workflowId) with postpone-missed leaves alone what was removed, and is 3.31.2's where the lock is had.
func TestPostponeMissedAlone(t *testing.T) {
	changed, ok := proposed.EngineNamed("conductor-3.31.2+postpone-missed")
	require.True(t, ok)
	_, err := Compare(missedCompletion, engine(t, "conductor-3.31.2"), changed)
	require.NoError(t, err, "no decide misses there on Redisson's lock")
	_, err = Compare(earlyRelease, engine(t, "conductor-3.31.2"), changed)
	require.ErrorContains(t, err, "queue.setUnackTimeoutIfShorter")
}
