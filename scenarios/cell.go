package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// cell judges one case: by the schedules that are kept of it, and where none of them violates any more, by a search.
func (r *running) cell(t *testing.T, c *catalogue.Case) {
	t.Helper()
	known := r.knownRed(c)
	result, path := r.replayKept(t, c)
	if result == nil {
		var err error
		if result, err = catalogue.Examine(c, r.budget); err != nil {
			r.cells = append(r.cells, cellResult{c: c})
			t.Fatalf("fermata: unknown: %v", err)
		}
		path = r.keep(t, result)
	}
	r.cells = append(r.cells, cellResult{c, result, known})
	switch result.Verdict {
	case catalogue.OK:
		t.Log("\n" + r.story(t, result, path))
	case catalogue.Violated:
		r.red(t, result, path, known)
		return
	case catalogue.Unknown:
		t.Errorf("fermata: %s", strings.TrimSpace(outcome(result, report.Options{})))
	}
	if known != nil {
		t.Errorf("fermata: known to be red (%s), and %s now: take its KnownRed off", known.Issue, result.Verdict)
	}
	if result.Verdict == catalogue.NotApplicable {
		t.Skipf("fermata: not applicable: %s", result.Reason)
	}
}

// red fails the cell with its story, unless it is known.
func (r *running) red(t *testing.T, result *catalogue.Report, path string, known *KnownRed) {
	t.Helper()
	f := result.Findings[0]
	if known != nil {
		t.Logf("fermata: known to be red (%s), and still is: %s, %s\n%s", known.Issue, f.Oracle, f.Severity, path)
		return
	}
	// The story is 80 columns wide: it goes past t, which would indent it.
	os.Stdout.WriteString("\n" + r.story(t, result, path) + "\n")
	text := fmt.Sprintf("fermata: %s: violation of %s, %s (the story is above)",
		title(result.Case), f.Oracle, f.Severity)
	if path != "" {
		text += "\n  schedule: " + path + "\n  replay:   " + replayCommand(t, path)
	}
	t.Error(text)
}

func title(c *catalogue.Case) string { return c.Scenario.Name + " on " + c.Engine.Name }

// story is the configuration of a search, and one screen of what came out.
func (r *running) story(t *testing.T, result *catalogue.Report, path string) string {
	t.Helper()
	var b strings.Builder
	o := report.Options{
		Full: *replayFull, FullFlag: "-fermata.full",
		Replay: func(p string) string { return replayCommand(t, p) },
		Path: func(f *catalogue.Finding) string {
			if f == result.Findings[0] {
				return path
			}
			return ""
		},
	}
	setup := report.Setup{Command: result.Command, Case: result.Case, Strategy: result.Strategy}
	switch result.Command {
	case "verify":
		setup.Strategy = "search " + result.Strategy
	case "replay":
		setup.Strategy = "schedule " + path
	default:
		setup.Seed, setup.Seeded = result.Seed, true
		setup.Budget = fmt.Sprintf("%d schedules, at most %d preemptions", r.budget.Schedules, r.budget.Preemptions)
	}
	if err := report.Header(&b, setup, o); err != nil {
		t.Fatalf("fermata: %v", err)
	}
	return b.String() + outcome(result, o)
}

func outcome(result *catalogue.Report, o report.Options) string {
	var b strings.Builder
	_ = report.Outcome(&b, result, o) // a Builder takes everything
	return b.String()
}

// keep writes a schedule of the first finding under the suite's folder, and gives its file; empty if there is none.
func (r *running) keep(t *testing.T, result *catalogue.Report) string {
	t.Helper()
	if len(result.Findings) == 0 || len(result.Findings[0].Schedule.Lines) == 0 {
		return "" // a run without a step leaves nothing to replay
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		t.Fatalf("fermata: %v", err)
	}
	base, text := filepath.Join(r.Dir, result.Case.Name()), result.Findings[0].Schedule.Text()
	path, _, err := files.WriteNew(base, schedEnding, []byte(text), false)
	if err != nil {
		t.Fatalf("fermata: %v", err)
	}
	return filepath.ToSlash(path)
}

// knownRed finds what is declared of the case; nil if nothing is.
func (r *running) knownRed(c *catalogue.Case) *KnownRed {
	for i := range r.Known {
		k := &r.Known[i]
		if k.Scenario == c.Scenario.Name && in(k.Lock, c.Lock()) && in(k.Queue, c.Queue()) && in(k.Store, c.Store()) {
			r.known[i]++
			return k
		}
	}
	return nil
}

func in(declared, name string) bool { return declared == "" || declared == name }
