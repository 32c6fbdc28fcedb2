//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
)

// interrupted runs the program, presses Ctrl-C in the middle of its search, and gives what it printed and its exit
// code. It is asked again, with more patience, if the search had not begun.
func interrupted(t *testing.T, args ...string) (string, int) {
	for patience := 50 * time.Millisecond; ; patience *= 2 {
		out, code := interruptedAfter(t, patience, args...)
		if !strings.Contains(out, "\nunknown  interrupted before it began\n") {
			return out, code
		}
		require.Equal(t, 3, code)
	}
}

// interruptedAfter presses Ctrl-C so long after the program has said what it is about to search.
func interruptedAfter(t *testing.T, patience time.Duration, args ...string) (string, int) {
	t.Helper()
	c := exec.Command("fermata", args...)
	c.Dir = t.TempDir()
	pipe, err := c.StdoutPipe()
	require.NoError(t, err)
	var said bytes.Buffer
	c.Stderr = &said
	require.NoError(t, c.Start())
	var printed strings.Builder
	in := bufio.NewReader(pipe)
	for !strings.Contains(printed.String(), "\n  scope ") {
		line, err := in.ReadString('\n')
		if err != nil {
			_ = c.Wait() // who writes what it said is then done
			require.NoError(t, err, said.String())
		}
		printed.WriteString(line)
	}
	time.Sleep(patience)
	require.NoError(t, c.Process.Signal(syscall.SIGINT))
	rest, err := io.ReadAll(in)
	require.NoError(t, err)
	printed.Write(rest)
	_ = c.Wait() // the exit code tells
	return printed.String(), c.ProcessState.ExitCode()
}

// TestCtrlC: whatever the search, Ctrl-C ends it with what it covered so far; the verdict is unknown.
func TestCtrlC(t *testing.T) {
	large := []string{"--engine", "proposed", "--scenario", "stale-lookup", "--scope", "sweepers=9"}
	calls := map[string][]string{
		"find":        {"find", "--schedules", "1000000000"},
		"find budget": {"find", "--budget", "1h"}, "verify budget": {"verify", "--budget", "1h"},
	}
	for _, search := range catalogue.Searches() {
		calls[search] = []string{"verify", "--search", search}
	}
	for name, call := range calls { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			out, code := interrupted(t, append(call, large...)...)
			require.Equal(t, 3, code, out)
			require.Contains(t, out, "\nunknown  cut by a limit: stopped\n  covered")
			require.NotContains(t, out, "\nok ")
			if call[0] == "verify" {
				require.Contains(t, out, "\n  exhausted  no: cut by a limit: stopped\n")
				covered := `\n  covered    ([1-9]\d* states, |[1-9]\d* trace classes, )?\d+ (schedule|transition)s`
				require.Regexp(t, covered, out)
			}
		})
	}
}
