package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParseTarget: no text makes the parser panic, what it refuses is an ErrBadTarget, and what it reads
// has an address, and no secret in what is shown of it.
func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{
		"", "redis://127.0.0.1:6379/15", "redis://user:secret@[::1]/", "rediss://host",
		"redis://host:70000", "redis://host/x",
		"redis://user@host", "redis://host?x=1", "http://host", "redis://:p%40w@host/1",
		"redis://%zz", "redis://h/4294967296",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := parse(text)
		if err != nil {
			require.ErrorIs(t, err, ErrBadTarget)
			require.ErrorContains(t, err, "expected miniredis, or redis://")
			return
		}
		require.NotEmpty(t, o.Addr)
		require.GreaterOrEqual(t, o.DB, 0)
		if o.Password != "" && len(o.Password) > 16 {
			require.NotContains(t, Redacted(text), o.Password)
		}
	})
}
