package catalogue

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/testdata"
)

// fault is a scenario on an engine, with one fault of a kind.
type fault struct{ scenario, engine, kind string }

// faulted are the findings of docs/findings.md that take a fault, each with a committed schedule.
var faulted = []fault{
	{"stale-lookup", "proposed", "pause"},
	{"early-release", "proposed", "pause"},
	{"repair-in-schedule-gap", "proposed", "pause"},
	{"repair-in-schedule-gap", "proposed-fenced", "pause"},
	{"lock-taken-away", "proposed-fenced", "pause"},
	{"retry-removed", "proposed-locked-operators", "pause"},
	{"stale-lookup", "proposed", "lock-ignored"},
	{"retry-removed", "proposed-locked-operators", "lock-error"},
	{"unack-overwrites-expedite", "proposed-delivery", "lost-reply"},
}

func (f fault) inCase(t *testing.T) *Case {
	return scoped(t, f.scenario, f.engine, "sweepers=1 faults=1 kinds="+f.kind)
}

// schedule is the name of the finding's schedule: the case's, with the kind of the fault.
func (f fault) schedule(t *testing.T) string { return f.inCase(t).Name() + "." + f.kind + ".sched" }

// Every finding that takes a fault has a committed schedule, with one line of it.
func TestFindingsOfFaults(t *testing.T) {
	for _, f := range faulted {
		r, err := Verify(f.inCase(t), VerifyOptions{Decided: true})
		require.NoError(t, err)
		require.Equal(t, Violated, r.Verdict, f)
		s := r.Findings[0].Schedule
		require.Len(t, slices.DeleteFunc(slices.Clone(s.Lines), func(l sim.Line) bool { return l.Actor != "fault" }), 1)
		if *rewrite {
			require.NoError(t, os.WriteFile(filepath.Join(schedulesDir, f.schedule(t)), []byte(s.Text()), 0o644))
			continue
		}
		have, err := fs.ReadFile(testdata.Schedules, "schedules/"+f.schedule(t))
		require.NoError(t, err)
		require.Equal(t, string(have), s.Text(), f)
	}
}

// faultsPage is the page with the table.
const faultsPage = "../../docs/faults.md"

// faultScope is the scope of a column of the table: one fault of a kind, and with a death what it takes for the lease
// of the dead to end, and for who comes back to sweep once more.
func faultScope(s *Scenario, kind string, faults int) Scope {
	sc := s.Scope
	sc.Sweepers, sc.Faults, sc.Kinds = min(1, sc.Sweepers), faults, Kinds(setOf(kindWords, kind))
	if kind == "crash" || kind == "restart" {
		sc.Advances = max(sc.Advances, 2)
		sc.Deadlines = deadlinesOf(s.Deadlines) | Visibility | DeadLease
	}
	if kind == "restart" {
		sc.Sweeps = max(sc.Sweeps, 2)
	}
	return sc
}

// deadlinesOf is a scenario's own as a scope has them.
func deadlinesOf(w world.Deadlines) (d Deadlines) {
	for set, may := range map[Deadlines]bool{ //tidy:unordered a set
		Visibility: w.MessageVisibility, DeadLease: w.DeadOwnerLease, LivingLease: w.LivingOwnerLease,
		Timeouts: w.TaskTimeouts,
	} {
		if may {
			d |= set
		}
	}
	return d
}

// faultStates is how far a cell goes.
const faultStates = 400_000

// faultCell is a cell of the table: how many states were gone through without a violation, or which oracle was
// violated.
func faultCell(t *testing.T, s *Scenario, name, kind string) string {
	c := &Case{Scenario: s, Engine: engine(t, name), Scope: faultScope(s, kind, 1), Parts: s.ProvedWith}
	if err := c.unfit(); err != nil {
		require.ErrorIs(t, err, ErrUsage)
		return "-"
	}
	if why, err := c.notApplicableWords(); why != "" || err != nil {
		require.NoError(t, err)
		return "-"
	}
	r := faultSearch(t, c)
	switch f := r.Judging(); {
	case f != nil:
		c.Scope = faultScope(s, kind, 0)
		if faultSearch(t, c).Judging() != nil {
			return "*without too*"
		}
		return "**" + f.Violation.Oracle + "**"
	case r.Limit != "":
		return "cut"
	}
	require.True(t, r.Exhausted)
	return fmt.Sprint(r.States)
}

func faultSearch(t *testing.T, c *Case) *explore.Result {
	in := c.instance()
	m := sim.NewMemo(in.system)
	defer m.Close()
	r := recheck(m, explore.States(m, in.team(1), explore.Options{
		FirstOnly: true, FirstOf: c.Scenario.Judged[0], StatesMax: faultStates,
	}))
	require.Nil(t, r.Failure, "%s %s", c.Name(), c.Scope)
	return r
}

// TestFaultsTable: what one fault of each kind does to the engine on which each scenario is proved, and a pause to the
// fenced variant. The page says what the searches say.
func TestFaultsTable(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("every scenario with every fault: left out by -short")
	}
	kinds := append(slices.Clone(kindWords), "")
	var b strings.Builder
	b.WriteString("| scenario | engine |")
	for _, k := range kinds[:len(kinds)-1] {
		b.WriteString(" " + k + " |")
	}
	b.WriteString(" pause, fenced |\n| --- | --- |" + strings.Repeat(" --- |", len(kinds)) + "\n")
	for _, s := range Scenarios() {
		engine := s.ProvedOn
		if engine == "" {
			engine = "proposed"
		}
		fmt.Fprintf(&b, "| %s | %s |", s.Name, engine)
		for _, k := range kinds[:len(kinds)-1] {
			b.WriteString(" " + faultCell(t, s, engine, k) + " |")
		}
		b.WriteString(" " + faultCell(t, s, "proposed-fenced", "pause") + " |\n")
	}
	page, err := os.ReadFile(faultsPage)
	require.NoError(t, err)
	const begin = "<!-- written by go test ./scenarios/catalogue -run TestFaultsTable -rewrite -->\n"
	const end = "<!-- end -->"
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	text := before + begin + b.String() + end + after
	if *rewrite {
		require.NoError(t, os.WriteFile(faultsPage, []byte(text), 0o644))
		return
	}
	require.Equal(t, string(page), text)
}
