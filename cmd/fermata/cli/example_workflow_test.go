package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// workflow is what of a GitHub Actions workflow the test looks at.
type workflow struct {
	Env  map[string]string
	Jobs map[string]struct {
		Steps []struct {
			Name, Uses, Run string
		}
	}
}

// TestExampleWorkflow: the example is YAML, and what it calls is there.
func TestExampleWorkflow(t *testing.T) {
	text, err := os.ReadFile(moduleRoot + "/examples/github-actions/fermata.yml")
	require.NoError(t, err)
	var w workflow
	require.NoError(t, yaml.Unmarshal(text, &w))
	called := map[string]bool{}
	for _, step := range w.Jobs["fermata"].Steps {
		require.NotEqual(t, step.Uses == "", step.Run == "", "%q does one thing", step.Name)
		for _, line := range strings.Split(step.Run, "\n") {
			if words := fermataWords(line); words != nil {
				called[words[0]] = true
				requireCommand(t, words)
			}
		}
	}
	require.Equal(t, map[string]bool{"matrix": true, "verify": true}, called)
	require.Contains(t, string(text), "--annotations github")
	require.Contains(t, string(text), "upload-sarif")
}

// TestPagesCallWhatIsThere: every call of fermata in the code blocks of the README and docs/ci.md can be parsed.
func TestPagesCallWhatIsThere(t *testing.T) {
	for _, page := range []string{"/README.md", "/docs/ci.md"} {
		text, err := os.ReadFile(moduleRoot + page)
		require.NoError(t, err)
		seen := 0
		fenced := false
		for _, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
			} else if words := fermataWords(line); fenced && words != nil {
				seen++
				requireCommand(t, words)
			}
		}
		require.True(t, seen > 0 || page == "/README.md", page)
	}
}

var (
	called = regexp.MustCompile(`^(\./)?fermata ([a-z]+ .*)$`)
	ending = regexp.MustCompile(`( >|\|).*$`)
)

// fermataWords are the words of a line's call of fermata; nil if it has none.
func fermataWords(line string) []string {
	m := called.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return nil
	}
	return strings.Fields(strings.ReplaceAll(ending.ReplaceAllString(m[2], ""), `"`, ""))
}

// requireCommand holds a command, its flags and the values of those with a fixed set against the program's.
func requireCommand(t *testing.T, words []string) {
	a, _, _ := inProcess(t.Context())
	var found *cobra.Command
	for _, c := range a.root().Commands() {
		if c.Name() == words[0] {
			found = c
		}
	}
	require.NotNil(t, found, "no command %q", words[0])
	require.NoError(t, found.ParseFlags(words[1:]), "%v", words)
}
