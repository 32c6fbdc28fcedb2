package proposed_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// A release with a change is found by its name again, and the fewest changes come first.
func TestChanges(t *testing.T) {
	for _, release := range conductor.Releases() {
		changes := proposed.Changes(release.Name)
		require.NotEmpty(t, changes, release.Name)
		known := map[string]bool{}
		most := 0
		for _, c := range changes {
			e := c.On(release.Name)
			require.Equal(t, release.Name+"+"+strings.Join(c.Names(), "+"), e.Name)
			require.False(t, known[e.Name], e.Name)
			known[e.Name] = true
			require.GreaterOrEqual(t, len(c.Names()), max(most, 1))
			most = len(c.Names())
			require.Equal(t, c.AtomicRepair, e.NeedsAtomicRepair, e.Name)
			require.True(t, e.Memoisable, e.Name)
			found, ok := proposed.EngineNamed(e.Name)
			require.True(t, ok, e.Name)
			require.Equal(t, e.Name, found.Name)
		}
	}
	require.Nil(t, proposed.Changes("proposed"))
	for _, name := range []string{
		"conductor-3.31.2", "conductor-3.31.2+", "conductor-3.31.2+lock-first", "x+remove-first",
	} {
		_, ok := proposed.EngineNamed(name)
		require.False(t, ok, name)
	}
}

// What a release has already is no change of it: lock-first since 3.21.3 but for 3.21.23, and a decide that pushes
// where it misses the lock is 3.31.2's alone.
func TestChangesOfReleases(t *testing.T) {
	for _, of := range []struct {
		release  string
		lock     bool
		postpone bool
	}{
		{"conductor-3.14.0", true, false}, {"conductor-3.17.0", true, false},
		{"conductor-3.21.15", false, false}, {"conductor-3.21.3", false, false},
		{"conductor-3.21.23", true, false},
		{"conductor-3.22.3", false, false}, {"conductor-3.31.2", false, true},
		{"orkes-community", false, false},
	} {
		changes := proposed.Changes(of.release)
		require.Equal(t, of.lock, slices.ContainsFunc(changes, func(c proposed.Change) bool { return c.LockFirst }))
		require.Equal(t, of.postpone,
			slices.ContainsFunc(changes, func(c proposed.Change) bool { return c.PostponeMissed }), of.release)
	}
}

// A change replaces the text that it is a change of, and no other release's: what is not asked for stays.
func TestChangesReplaceTheirText(t *testing.T) {
	bodies := map[string]string{}
	for _, b := range conductor.Bodies() {
		for _, release := range b.Releases {
			bodies[release+" "+b.Method] = b.Name
		}
	}
	for _, release := range conductor.Releases() {
		for _, c := range proposed.Changes(release.Name) {
			if c.RemoveFirst {
				require.Equal(t, "completeWorkflow3107", bodies[release.Name+" CompleteWorkflow"])
				require.Equal(t, c.Terminates(release.Name),
					bodies[release.Name+" TerminateModel"] == "terminateModel3136", release.Name)
			}
			if c.StartInDecide {
				require.Equal(t, "isAsync3140", bodies[release.Name+" IsAsync"], release.Name)
			}
			if c.PostponeMissed {
				require.Equal(t, "decide3312", bodies[release.Name+" Decide"], release.Name)
			}
		}
	}
}

// TestChangedReleasesPollAsTheirs: a release with changes comes to the decider queue as the release does.
func TestChangedReleasesPollAsTheirs(t *testing.T) {
	for _, e := range conductor.Releases() {
		for _, c := range proposed.Changes(e.Name) {
			require.Equal(t, e.Reconciler, c.On(e.Name).Reconciler, c.On(e.Name).Name)
		}
	}
}
