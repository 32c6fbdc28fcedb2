package spec_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	. "fermata/model/spec"
)

// FuzzParse: no text makes the parser panic, what it refuses it names with file and line, and what it
// reads it also writes.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "# nothing\n\n", "a call 1 Sweep workflow=w1\na return 1 => none\n",
		"worker-1 call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED optional\nworker-1 return 1 => error",
		"\"a b\" call -3 RepairPush workflow=\"w 1\" task=\"#\" missing # so\r\n\"a b\" return -3 => unknown",
		"a return 7 => COMPLETED present done\nclock call 8 Expire owner=b workflow=\"\\u00e4\"",
		"a call 1", "a call 99999999999999999999 Sweep", "a call 1 Nap", "a return 1 =>", "a call 1 Sweep x=\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		events, err := Parse("h.txt", text)
		if err != nil {
			require.ErrorIs(t, err, ErrHistory)
			require.Regexp(t, `h\.txt:\d+: .*`, err.Error())
			return
		}
		if !utf8.ValidString(text) {
			return // what is not a rune is written as one
		}
		var lines []string
		for _, e := range events {
			lines = append(lines, e.String())
		}
		again, err := Parse("h.txt", strings.Join(lines, "\n"))
		require.NoError(t, err, "%q", lines)
		require.Equal(t, events, again)
	})
}
