package conformance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/conformance"
)

// FuzzParse: no text makes the parser of situations panic, and what it refuses it names with the line.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "situation s\n  covers all of it # so\n  def d timeout=5 alert\n  . t1 retry=2 optional\n",
		"situation s\ndef d\n. fork f | a b | c?\n. join j a c\nworkflow w1 d RUNNING age=3\n" +
			"task a COMPLETED retry=2\n",
		"situation s\nmessage _deciderQueue w1 in=3 priority=1\nrepair\nnolock\na decide w1\norder a b\n",
		"situation", "def", "situation s\n. t", "situation s\ntask a COMPLETED",
		"situation s\n. fork x", "situation s\nxy z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := conformance.Parse(strings.NewReader(text), "s.txt")
		if err != nil {
			require.Regexp(t, `^(s\.txt:\d+: .|bufio)`, err.Error())
			return
		}
		require.LessOrEqual(t, len(all), strings.Count(text, "situation"))
	})
}
