package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Axe runs the accessibility checker axe over the page and gives what it finds serious or critical, a line each. Where
// axe is not installed the test is skipped, with a line that says how to get it.
func (p *Page) Axe(t *testing.T) []string {
	t.Helper()
	script, err := os.ReadFile(axe(t))
	if err != nil {
		t.Fatal(err)
	}
	Eval[bool](t, p, string(script)+"; true")
	return Eval[[]string](t, p, `axe.run(document).then(r => r.violations
		.filter(v => v.impact === "serious" || v.impact === "critical")
		.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")))`)
}

// NeedAxe skips the test where there is no axe.
func NeedAxe(t *testing.T) {
	t.Helper()
	axe(t)
}

func axe(t *testing.T) string {
	t.Helper()
	if out, err := exec.Command("npm", "root", "-g").Output(); err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "axe-core", "axe.min.js")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("no axe here: install it with npm install -g axe-core")
	return ""
}
