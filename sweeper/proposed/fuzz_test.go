package proposed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/proposed"
)

// FuzzParseMeasures: no text makes the parser panic, what it refuses it quotes, and what it reads it also
// writes.
func FuzzParseMeasures(f *testing.F) {
	for _, m := range proposed.AllMeasures() {
		f.Add(m.String())
	}
	for _, s := range []string{"", "+", "none+lock-first", "lock-first+lock-first", "remove-first+lock-first",
		"Lock-First"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := proposed.ParseMeasures(text)
		if err != nil {
			require.ErrorContains(t, err, "want none, or each at most once")
			return
		}
		require.LessOrEqual(t, len(text), len("lock-first+atomic-repair+remove-first"))
		again, err := proposed.ParseMeasures(m.String())
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}
