package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// upstreamPage holds the reports for the engine's maintainers.
const upstreamPage = "../../../docs/upstream.md"

// newestRelease is the release that the page is about first.
const newestRelease = "conductor-3.31.2"

// currentReleases are the releases that are looked at for the page, the newest first.
var currentReleases = []string{newestRelease, "conductor-3.22.3", "orkes-community"}

// reported are the schedules that the page has a report of, in its order: of each race the newest release that has it.
var reported = []string{
	"torn-repair.conductor-3.31.2",
	"repair-in-schedule-gap.conductor-3.31.2",
	"system-task-repaired.conductor-3.31.2",
	"postpone-gap.conductor-3.31.2",
	"half-created-task.conductor-3.31.2",
	"early-release.conductor-3.31.2",
	"zombie-message.conductor-3.31.2",
	"terminate-against-decide.conductor-3.31.2",
	"terminated-at-once.conductor-3.31.2",
	"finalized-again.conductor-3.31.2",
	"pause-against-decide.conductor-3.31.2",
	"restart-removed.conductor-3.31.2",
	"late-worker-write.conductor-3.31.2",
	"poll-overwrites-result.conductor-3.31.2",
	"unack-overwrites-expedite.conductor-3.31.2",
	"postpone-before-poll.conductor-3.31.2",
	"crash-between-pop-and-sweep.conductor-3.31.2",
	"terminate-child-starting.conductor-3.31.2",
	"child-ends-inside-start.conductor-3.31.2",
	"stale-sub-workflow-repair.conductor-3.31.2",
	"ended-parent-pushed.conductor-3.31.2",
	"lock-taken-away.conductor-3.31.2.lock-postgres-reentrant",
	"lease-expiry.conductor-3.31.2",
}

// What stands before the reports, and below their table.
const (
	upstreamIntro = "What the current releases of the engine still have, each as the text of an issue. A report " +
		"is what `fermata replay FILE --format markdown` writes of the schedule that it names; `make upstream` " +
		"makes them again, and a test holds the page against them. Of each race it is of the newest release that " +
		"has it. Nothing here says that anyone has filed it: the known reports stand at the end of each."
	upstreamLegend = "Reds and proofs are of searches of every interleaving of a scope, which each report states. " +
		"A change is named as Fermata names it: `fermata verify --engine conductor-3.31.2+remove-first` searches " +
		"the text of that release with that change."
)

// unreported says of each red cell of a current release that is not on the page why.
var unreported = map[string]string{
	"retry-removed.conductor-3.31.2":          "the race of restart-removed, by a retry",
	"rerun-removed.conductor-3.31.2":          "the race of restart-removed, by a rerun",
	"no-lock.conductor-3.31.2":                "what the setting means; the lock is enabled by default since 3.22.0",
	"self-deadlock.conductor-3.31.2":          "the lock is PostgresLockDAO up to 3.29; 3.31.2 has the re-entrant one",
	"ghost-payload.conductor-3.31.2":          "the queue is dyno-queues, which 3.31.2 does not have any more",
	"unack-resurrects.conductor-3.31.2":       "the queue is dyno-queues, which 3.31.2 does not have any more",
	"lost-completion-signal.conductor-3.22.3": "3.31.2 is free of it",
	"popped-push.conductor-3.22.3":            "3.31.2 is free of it",
	"repeated-terminate.orkes-community":      "3.22.3 and 3.31.2 are free of it",
}

// TestUpstreamPage: the page is what the schedules show and the searches come to.
func TestUpstreamPage(t *testing.T) {
	if testing.Short() {
		t.Skip("searches every release and change for each report: left out by -short")
	}
	text := pageOfUpstream(t)
	if flag.Lookup("rewrite").Value.String() == "true" {
		require.NoError(t, os.WriteFile(upstreamPage, []byte(text), 0o644))
	}
	have, err := os.ReadFile(upstreamPage)
	require.NoError(t, err)
	require.Equal(t, string(have), text, "make upstream")
}

// TestUpstreamIsComplete: every red cell of a current release is reported, or it is said why not; and nothing else is.
func TestUpstreamIsComplete(t *testing.T) {
	grid := readGrid(t, &matrices[0])
	covered := map[string]bool{}
	for _, name := range reported {
		covered[name] = true
	}
	red, rows := map[string]bool{}, map[string]bool{}
	for _, row := range grid.Rows {
		rows[row.Scenario] = true
		newest := ""
		for _, release := range currentReleases {
			i := slices.IndexFunc(row.Cells, func(c report.GridCell) bool { return c.Engine == release })
			require.GreaterOrEqual(t, i, 0, "%s on %s", row.Scenario, release)
			if row.Cells[i].Verdict != catalogue.Violated.String() {
				continue
			}
			newest = row.Scenario + "." + release
			break
		}
		if newest == "" {
			continue
		}
		red[newest] = true
		why, said := unreported[newest]
		require.NotEqual(t, covered[newest], said, "%s is red: list it in reported, or why not in unreported", newest)
		require.False(t, said && (why == "" || strings.Contains(why, "\n")), "%s: expected one line", newest)
	}
	for name := range unreported {
		scenario, _, _ := strings.Cut(name, ".")
		_, err := catalogue.NewCase(scenario, newestRelease, "")
		require.NoError(t, err)
		if rows[scenario] { // else the golden is to be made again first, which its own test says
			require.True(t, red[name], "%s is not red, or not of the newest release that is", name)
		}
	}
}

// upstreamOn replays a schedule and looks into it, as replay --format markdown does.
func upstreamOn(t *testing.T, name string) *report.Upstream {
	path := filepath.Join("../../../testdata/schedules", name+schedEnding)
	s, err := readSchedule(path)
	require.NoError(t, err)
	r, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
	require.NoError(t, err)
	require.Equal(t, catalogue.Violated, r.Verdict, path)
	u := &report.Upstream{
		Report: r, Level: 2, File: "../testdata/schedules/" + name + schedEnding,
		Replay: report.ReplayCommand("testdata/schedules/" + name + schedEnding),
	}
	require.NoError(t, lookInto(u, catalogue.FixOptions{}))
	return u
}

func pageOfUpstream(t *testing.T) string {
	var reports, table bytes.Buffer
	for _, name := range reported {
		u := upstreamOn(t, name)
		agrees(t, u)
		require.NoError(t, report.WriteIssue(&reports, u))
		reports.WriteString("\n")
		table.WriteString(report.IssueRow(u, currentReleases) + "\n")
	}
	var b bytes.Buffer
	b.WriteString("# Reports for upstream\n\n" + wrapped(upstreamIntro) + "\n\n")
	titles := append([]string{"report"}, append(report.IssueTitles(currentReleases), "what is proved")...)
	b.WriteString("| " + strings.Join(titles, " | ") + " |\n|" + strings.Repeat(" --- |", len(titles)) + "\n")
	b.Write(table.Bytes())
	b.WriteString("\n" + wrapped(upstreamLegend) + "\n")
	if len(unreported) > 0 {
		b.WriteString("\nRed, and not reported:\n\n")
		for _, name := range sortedKeys(unreported) {
			fmt.Fprintf(&b, "- `%s`: %s\n", name, unreported[name])
		}
	}
	b.WriteString("\n")
	b.Write(bytes.TrimRight(reports.Bytes(), "\n"))
	b.WriteString("\n")
	return b.String()
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// agrees holds what a report says of the releases against the committed matrix of their parts, if there is one.
func agrees(t *testing.T, u *report.Upstream) {
	for i := range matrices {
		grid := readGrid(t, &matrices[i])
		for _, row := range grid.Rows {
			for _, want := range row.Cells {
				for j := range u.Cells {
					got := &u.Cells[j]
					c := got.Case
					if row.Scenario == c.Scenario.Name && want.Engine == c.Engine.Name && want.Lock == c.Lock() &&
						want.Queue == c.Queue() && want.Store == c.Store() && c.Scope == c.Scenario.Scope {
						require.Equal(t, want.Verdict+want.Oracle+want.Severity,
							got.Verdict.String()+got.Oracle+got.Severity.String(), c.Name())
					}
				}
			}
		}
	}
}
