package cli

import (
	"cmp"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/load"
)

// loadPage is the page of what was measured.
const loadPage = "../../../docs/load.md"

// example is a command of the page, with what stands behind it.
type example struct {
	args    []string
	printed string   // what it prints, to the byte; "" if the page does not say
	labels  []string // the first cells of the table behind it, nil if there is none
}

var (
	fenced   = regexp.MustCompile("(?ms)^```(sh|console)\n(.*?)^```$")
	tableRow = regexp.MustCompile(`(?m)\A\| *([^|]*?) *\|`)
	pageLink = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

// examples reads the page's commands.
func examples(t *testing.T, page string) (all []example) {
	for _, at := range fenced.FindAllStringSubmatchIndex(page, -1) {
		kind, text := page[at[2]:at[3]], page[at[4]:at[5]]
		command, printed := text, ""
		if kind == "console" {
			command, printed, _ = strings.Cut(strings.TrimPrefix(text, "$ "), "\n")
		}
		words := strings.Fields(strings.ReplaceAll(command, "\\\n", " "))
		require.Equal(t, []string{"fermata", "load"}, words[:2], command)
		all = append(all, example{words[2:], printed, labels(page[at[1]:])})
	}
	return all
}

// labels are the first cells of a table that begins within the paragraph behind a command.
func labels(behind string) (first []string) {
	next, _, _ := strings.Cut(behind, "\n```")
	_, next, found := strings.Cut(next, "\n| --- ")
	if !found {
		return nil
	}
	for _, line := range strings.Split(next, "\n")[1:] {
		cell := tableRow.FindStringSubmatch(line)
		if cell == nil {
			break
		}
		first = append(first, strings.Trim(cell[1], "`*"))
	}
	return first
}

// elsewhere has an example draw its plots in a folder of the test.
func (e *example) elsewhere(t *testing.T) []string {
	args := slices.Clone(e.args)
	for i := range args[:len(args)-1] {
		if args[i] == "--plot" || args[i] == "--plots" {
			args[i+1] = filepath.Join(t.TempDir(), filepath.Base(args[i+1]))
		}
	}
	return args
}

// Every command of the page is one that the command line takes, says its seed, and asks for the rows of the table
// behind it.
func TestLoadPageCommands(t *testing.T) {
	page, err := os.ReadFile(loadPage)
	require.NoError(t, err)
	all := examples(t, string(page))
	require.Greater(t, len(all), 15)
	tables := 0
	for _, e := range all {
		require.Contains(t, e.args, "--seed")
		code, out, said := loaded(t, &measured{}, append(e.elsewhere(t), "--format", "csv")...)
		require.Equal(t, exitClean, code, "%v: %s", e.args, said)
		if e.labels == nil {
			continue
		}
		tables++
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		var values []string
		for _, row := range rows[1:] {
			values = append(values, cmp.Or(row[2], row[3])) // of one row the engine
		}
		require.Equal(t, values, e.labels, "%v", e.args)
	}
	require.Greater(t, tables, 8)
}

// What the page shows as printed is printed, to the byte.
func TestLoadPageIsPrinted(t *testing.T) {
	page, err := os.ReadFile(loadPage)
	require.NoError(t, err)
	shown := 0
	for _, e := range examples(t, string(page)) {
		if e.printed == "" {
			continue
		}
		shown++
		a, out, said := inProcess(t.Context())
		a.lab = lab{load.Run, load.Merge}
		require.Equal(t, exitClean, a.main(append([]string{"load"}, e.args...)), said.String())
		_, table, _ := strings.Cut(out.String(), "\n\n")
		require.Equal(t, table, e.printed)
	}
	require.GreaterOrEqual(t, shown, 2)
}

// The page links files that are there, and each plot beside it.
func TestLoadPageLinks(t *testing.T) {
	page, err := os.ReadFile(loadPage)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, m := range pageLink.FindAllStringSubmatch(string(page), -1) {
		require.FileExists(t, filepath.Join(filepath.Dir(loadPage), m[1]))
		seen[m[1]] = true
	}
	plots, err := filepath.Glob(filepath.Join(filepath.Dir(loadPage), "load", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, plots)
	for _, p := range plots {
		require.True(t, seen["load/"+filepath.Base(p)], p)
	}
}
