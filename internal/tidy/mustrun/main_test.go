package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSkippedAndAbsentTestsAreMissing(t *testing.T) {
	log := `{"Action":"pass","Package":"m/sim","Test":"TestRan"}
{"Action":"skip","Package":"m/sim","Test":"TestSkipped"}
{"Action":"skip","Package":"m/sim","Test":"TestHollow/a/b"}
{"Action":"pass","Package":"m/sim","Test":"TestHollow/a"}
{"Action":"skip","Package":"m/sim","Test":"TestHollow/c"}
{"Action":"pass","Package":"m/sim","Test":"TestHollow"}
{"Action":"skip","Package":"m/sim","Test":"TestPart/a"}
{"Action":"pass","Package":"m/sim","Test":"TestPart/b"}
{"Action":"pass","Package":"m/sim","Test":"TestPart"}
{"Action":"output","Package":"m/sim","Output":"ok  \tm/sim\t0.1s\n"}
`
	list := "# the list\nsim TestRan\nsim TestSkipped\nsim TestHollow\nsim TestPart\nsim TestPart/a\n" +
		"sim TestGone\nother TestRan\n"
	missing, summary, err := check(list, strings.NewReader(log))
	require.NoError(t, err)
	require.Equal(t, []string{
		"other TestRan", "sim TestGone", "sim TestHollow", "sim TestPart/a", "sim TestSkipped",
	}, missing)
	require.Contains(t, summary, "ok")
	_, _, err = check(list, strings.NewReader("not json\n"))
	require.Error(t, err)
}
