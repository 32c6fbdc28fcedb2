package redistest

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAServerOfItsOwn(t *testing.T) {
	var url string
	t.Run("running", func(t *testing.T) {
		url = Start(t)
		s := Run(t, "--requirepass", "secret")
		require.NotEqual(t, s.URL("", 0), url)
		require.Contains(t, s.Say("PING"), "-NOAUTH")
		s.Kill()
		_, err := s.say("PING")
		require.Error(t, err)
	})
	if url != "" { // the test above was skipped otherwise
		_, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "redis://"), "/0"))
		require.Error(t, err, "it is stopped with its test")
	}
}

func TestWithoutRedisATestIsSkipped(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var inner testing.TB
	t.Run("inner", func(t *testing.T) {
		inner = t
		Start(t)
		t.Error("expected to be skipped")
	})
	require.True(t, inner.Skipped())
}
