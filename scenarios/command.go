package scenarios

import (
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

// replayCommand is the command that replays a schedule where the test is: pasted into a shell in the module's root, or
// anywhere in the module if the test's package is not the root.
func replayCommand(t *testing.T, path string) string {
	words := []string{"go", "test"}
	if p := packagePath(); p != "" {
		words = append(words, p)
	}
	words = append(words, "-run", "'"+pattern(t.Name())+"'", "-fermata.replay="+quoted(path))
	return strings.Join(words, " ")
}

// pattern is the -run that means the test of that name alone.
func pattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// packagePath is the path of the package under test; empty where that is the module's root, in which a test runs.
func packagePath() string {
	if _, err := os.Stat("go.mod"); err == nil {
		return ""
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return strings.TrimSuffix(info.Path, ".test")
}

func quoted(word string) string {
	if strings.ContainsAny(word, " \t'\"$&;|<>()*?[]\\`") {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
