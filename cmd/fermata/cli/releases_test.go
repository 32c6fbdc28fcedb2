package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/sweeper/conductor"
)

// releasesPage is the page about the releases; it is written from the goldens of the matrix.
const releasesPage = "../../../docs/releases.md"

// matrixGolden is a committed matrix: how it is asked for, and what stands before it on the page.
type matrixGolden struct {
	file  string
	flags []string
	title string
	text  string
}

// matrices are all of them. The first is what "matrix" shows; the others are long, and only made again in CI, by
// the command that stands on the page.
var matrices = []matrixGolden{
	{
		"matrix.json", nil, "Which release has which race",
		"Redisson's lock, the queue of orkes, and a database that is read and written call by call, what the report " +
			"of the race ran, but for the scenarios that are about another lock, queue or store. Every cell covers " +
			"every interleaving of its scenario's scope; a red one leads to a schedule that `fermata replay` " +
			"shows. `proposed` is the three measures for the sweeper. What it leaves red no order of the sweeper's " +
			"is about: `proposed-whole` has every repair besides, each of which is an engine of its own too " +
			"(`fermata list`), and `proposed-fenced` a lock and a store that know who is the newest owner. What " +
			"is red with all of them is dyno's own, or has no lock at all, or is a store that one server's death " +
			"leaves half written.",
	},
	{
		"matrix.locks.json", []string{"--lock", "local,postgres,postgres-reentrant,noop,disabled"}, "The other locks",
		"No release has every lock: PostgresLockDAO came with 3.19 and is re-entrant since 3.30, so that a pair of " +
			"release and lock here may be one that nobody runs. `local` is one server with every actor a thread of " +
			"it. `disabled` is `conductor.app.workflow-execution-lock-enabled=false`, the default up to 3.21. " +
			"On `postgres` the greens of 3.21.3, 3.22.3 and 3.31.2 are those of a sweep that can do nothing: see " +
			"`missed-completion`.",
	},
	{
		"matrix.stores.json", []string{"--queue", "orkes,sql", "--store", "redis,sql"},
		"The SQL queue, and stores that are read in steps",
		"A read of these stores is several steps, and may be torn; the queue that is a table keeps a message that is " +
			"pushed while it is delivered hidden.",
	},
	{
		"matrix.dyno.json", []string{"--queue", "dyno", "--scope", "sweepers=1"}, "The queue of dyno-queues",
		"Every command is a step, so that one sweeper is as much as can be covered. A message is lost where a " +
			"pop stalls for the unack time between its commands: that is the queue's own, and no engine can help it.",
	},
}

func (m *matrixGolden) path() string { return filepath.Join("../../../testdata", m.file) }

// others are the engines of the long ones, as the Makefile has them: those of the releases that differ there, and both
// ends of the fix.
const others = "conductor-3.17.0,conductor-3.21.3,conductor-3.22.3,conductor-3.31.2,orkes-community,proposed," +
	"proposed-whole"

// command is what makes the golden again.
func (m *matrixGolden) command() string {
	command := []string{"fermata", "matrix"}
	if m.flags != nil {
		command = append(command, "--engine", others)
	}
	return strings.Join(append(command, m.flags...), " ")
}

// TestReleasesPage: the page says what the goldens say, and each red cell of the first has its schedule.
func TestReleasesPage(t *testing.T) {
	text := pageOfReleases(t)
	if flag.Lookup("rewrite").Value.String() == "true" {
		require.NoError(t, os.WriteFile(releasesPage, []byte(text), 0o644))
	}
	have, err := os.ReadFile(releasesPage)
	require.NoError(t, err)
	require.Equal(t, string(have), text, "go test ./cmd/fermata/cli -rewrite")
}

func pageOfReleases(t *testing.T) string {
	var b bytes.Buffer
	b.WriteString(`# Releases

What each release of the engine does under every interleaving of the catalogue's scenarios, on each lock, queue and
store; ` + "`fermata list`" + ` says what the scenarios are, and ` + "`fermata explain ORACLE`" + ` what an oracle
judges. *Permanent* stays wrong after everything has settled; *heals* does not. This page is written from the matrices
in ` + "`testdata/`" + `, which CI makes again.

`)
	for i := range matrices {
		m := &matrices[i]
		grid := readGrid(t, m)
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", m.title, wrapped(m.text))
		fmt.Fprintf(&b, "```\n%s\n```\n\n", m.command())
		if i == 0 {
			linked(t, &grid)
		}
		require.NoError(t, grid.WriteMarkdown(&b))
		b.WriteString("\n")
	}
	b.WriteString(`## Methods by release

The text of an engine is its methods. Each distinct body stands once in ` + "`sweeper/conductor`" + `, named for the
first release that has it; a release is a list of bodies.

| method | body | releases |
| --- | --- | --- |
`)
	for _, body := range conductor.Bodies() {
		names := strings.Join(body.Releases, ", ")
		names = strings.ReplaceAll(names, "conductor-", "")
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", body.Method, body.Name, names)
	}
	return b.String()
}

// wrapped is a text in lines of the pages' width.
func wrapped(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 118 {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return strings.Join(append(lines, line), "\n")
}

func readGrid(t *testing.T, m *matrixGolden) report.Grid {
	f, err := os.Open(m.path())
	require.NoError(t, err)
	defer f.Close()
	g, err := report.ReadGrid(f, m.file)
	require.NoError(t, err)
	return g
}

// linked gives each red cell the committed schedule of its violation.
func linked(t *testing.T, g *report.Grid) {
	for i := range g.Rows {
		for j := range g.Rows[i].Cells {
			c := &g.Rows[i].Cells[j]
			if c.Verdict != catalogue.Violated.String() {
				continue
			}
			c.Schedule = "../testdata/schedules/" + g.Rows[i].Scenario + "." + c.Engine + schedEnding
			_, err := os.Stat(filepath.Join("../../../docs", c.Schedule))
			require.NoError(t, err)
		}
	}
}

// TestMatrixOfReleases: the first matrix is as it is committed: no cell is unknown, and stale-lookup is red and green
// where the facts say.
func TestMatrixOfReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("every scenario on every release: left out by -short")
	}
	m := &matrices[0]
	if flag.Lookup("rewrite").Value.String() == "true" {
		a, out, _ := inProcess(t.Context())
		require.Equal(t, exitViolation, a.main([]string{"matrix", "--format", "json"}))
		require.NoError(t, os.WriteFile(m.path(), out.Bytes(), 0o644))
	}
	a, _, said := inProcess(t.Context())
	require.Equal(t, exitClean, a.main([]string{"matrix", "--expect", m.path()}), said.String())
	grid := readGrid(t, m)
	require.Zero(t, grid.Verdicts()[catalogue.Unknown])
	want := map[string]string{
		"conductor-3.14.0": "ok", "conductor-3.17.0": "violation", "conductor-3.21.3": "ok", "conductor-3.21.12": "ok",
		"conductor-3.21.15": "ok", "conductor-3.21.23": "violation", "conductor-3.22.3": "ok", "conductor-3.31.2": "ok",
		"orkes-community": "ok", "proposed": "ok", "proposed-whole": "ok", "proposed-fenced": "ok",
	}
	require.Equal(t, "stale-lookup", grid.Rows[0].Scenario)
	require.Len(t, grid.Rows[0].Cells, len(want))
	for _, c := range grid.Rows[0].Cells {
		require.Equal(t, want[c.Engine], c.Verdict, c.Engine)
	}
}
