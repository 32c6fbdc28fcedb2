package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParseScope: no text makes the parser panic, what it refuses it quotes, and what it reads it also
// writes.
func FuzzParseScope(f *testing.F) {
	for _, s := range []string{
		"", "sweepers=1 advance=0", "sweeps=30,faults=2", "sweeps=31", "sweeps=-1", "advance", "faults=1e3", "x=1",
		"sweeps=99999999999999999999", "sweepers=1 sweepers=2", "=", ", ,",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		scope, err := ParseScope(text, Scope{Sweepers: 2})
		if err != nil {
			require.Contains(t, err.Error(), "expected sweepers=N")
			return
		}
		again, err := ParseScope(scope.String(), Scope{})
		require.NoError(t, err)
		require.Equal(t, scope, again)
	})
}
