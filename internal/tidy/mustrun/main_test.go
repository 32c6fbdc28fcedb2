package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSkippedAndAbsentTestsAreMissing(t *testing.T) {
	log := `{"Action":"pass","Package":"m/sim","Test":"TestRan"}
{"Action":"skip","Package":"m/sim","Test":"TestSkipped"}
{"Action":"output","Package":"m/sim","Output":"ok  \tm/sim\t0.1s\n"}
`
	list := "# the list\nsim TestRan\nsim TestSkipped\nsim TestGone\nother TestRan\n"
	missing, summary, err := check(list, strings.NewReader(log))
	require.NoError(t, err)
	require.Equal(t, []string{"other TestRan", "sim TestGone", "sim TestSkipped"}, missing)
	require.Contains(t, summary, "ok")
	_, _, err = check(list, strings.NewReader("not json\n"))
	require.Error(t, err)
}
