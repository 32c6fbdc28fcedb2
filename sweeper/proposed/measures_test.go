package proposed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/proposed"
)

func TestMeasureNames(t *testing.T) {
	var names []string
	for _, m := range proposed.AllMeasures() {
		e := m.Engine()
		names = append(names, e.Name)
		require.Equal(t, m.AtomicRepair, e.NeedsAtomicRepair)
		parsed, err := proposed.ParseMeasures(e.Name)
		require.NoError(t, err)
		require.Equal(t, m, parsed)
	}
	require.Equal(t, []string{
		"none", "lock-first", "atomic-repair", "remove-first",
		"lock-first+atomic-repair", "lock-first+remove-first", "atomic-repair+remove-first",
		"lock-first+atomic-repair+remove-first",
	}, names)
	require.True(t, proposed.Proposed().NeedsAtomicRepair)
}

func TestParseMeasures(t *testing.T) {
	m, err := proposed.ParseMeasures("remove-first+lock-first")
	require.NoError(t, err)
	require.Equal(t, proposed.Measures{LockFirst: true, RemoveFirst: true}, m)
	for _, bad := range []string{
		"", "all", "lock-first+", "none+lock-first", "lock-first+lock-first", "Lock-First",
		"lock-first,remove-first",
	} {
		_, err := proposed.ParseMeasures(bad)
		require.ErrorContains(t, err, "lock-first, atomic-repair, remove-first", bad)
	}
}
