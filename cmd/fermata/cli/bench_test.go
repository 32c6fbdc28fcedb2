package cli_test

import (
	"errors"
	"os/exec"
	"testing"
)

// BenchmarkFirstFind is the time from the start of the process to its end: stale-lookup is found in 3.17.0, shrunk,
// replayed and told.
func BenchmarkFirstFind(b *testing.B) {
	for b.Loop() {
		cmd := exec.Command("fermata", "find", "--engine", "conductor-3.17.0", "--scenario", "stale-lookup")
		cmd.Dir = b.TempDir()
		out, err := cmd.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 {
			b.Fatalf("%v: expected a violation\n%s", err, out)
		}
	}
}
