package gallery_test

import (
	"fmt"
	"math"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim/gallery"
)

const (
	pagePath   = "../../docs/gallery.md"
	tableFrom  = "<!-- the table: make gallery -->\n"
	tableUntil = "<!-- the end of the table -->\n"
)

func page(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(pagePath)
	require.NoError(t, err)
	return string(text)
}

// table is the part of the page that is measured, and withTable the page with another.
func table(t testing.TB) string {
	t.Helper()
	_, rest, ok := strings.Cut(page(t), tableFrom)
	require.True(t, ok)
	text, _, ok := strings.Cut(rest, tableUntil)
	require.True(t, ok)
	return text
}

func withTable(t testing.TB, text string) string {
	t.Helper()
	return strings.Replace(page(t), tableFrom+table(t)+tableUntil, tableFrom+"\n"+text+"\n"+tableUntil, 1)
}

// summary says how the portfolio compares on the rows, and how many cells are as published.
func summary(rows []row) string {
	within, beyond, missed := 0, []string{}, []string{}
	marks := map[string]int{}
	for i := range rows {
		r := &rows[i]
		switch ratio := r.all.mean() / r.best(); {
		case !r.all.found():
			missed = append(missed, fmt.Sprintf("%s (%d of %d)", r.program.Name, len(r.all.schedules), r.all.trials))
		case math.Round(10*ratio) > 20: // as it is shown
			beyond = append(beyond, fmt.Sprintf("%s (%.1f)", r.program.Name, ratio))
		default:
			within++
		}
		for j := range singles {
			if f, ok := r.program.In(singles[j].published); ok {
				marks[differs(&r.singles[j], f)]++
			}
		}
	}
	const portfolio = "The portfolio needs at most twice the schedules of the best single strategy on %d of %d rows.\n"
	text := fmt.Sprintf(portfolio, within, len(rows))
	text += list("It needs more on ", beyond) + list("It does not always find ", missed)
	return text + "\nOf the cells beside a published figure:\n\n" + shares(marks)
}

// shares says how many cells have each mark.
func shares(marks map[string]int) string {
	return fmt.Sprintf("- %d have it in their interval, or neither finds the bug;\n", marks[""]) +
		fmt.Sprintf("- %d touch its interval (`%s`);\n", marks[near], near) +
		fmt.Sprintf("- in %d fewer schedules are needed here (`%s`), in %d more (`%s`);\n",
			marks[fewer], fewer, marks[more], more) +
		fmt.Sprintf("- in %d only one of the two finds the bug at all (`%s`).\n", marks[either], either)
}

func list(what string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return what + strings.Join(names, ", ") + ".\n"
}

// TestPage: docs/gallery.md has every program with its threads, its bug and its story, and every counted program with
// its classes.
func TestPage(t *testing.T) {
	text := page(t)
	for _, p := range gallery.Programs() {
		line := fmt.Sprintf("| %s | %d | `%s` | %s | %s |\n", p.Name, p.Actors(), p.File, p.Bug, p.Story)
		require.Contains(t, text, line)
	}
	for _, c := range gallery.CountedPrograms() {
		require.Contains(t, text, fmt.Sprintf("| %s | %d |", c.String(), c.Classes))
	}
}

// TestTable: the table of the page has a line for every program, with the published figures; what it says of the
// portfolio is what its lines say; every cell that needs more schedules than published, or where but one of the two
// finds the bug, is told of below the table.
func TestTable(t *testing.T) {
	text := table(t)
	require.Contains(t, text, heading())
	_, below, _ := strings.Cut(page(t), tableUntil)
	_, told, _ := strings.Cut(below, "### Where more are needed\n")
	told, _, _ = strings.Cut(told, "\n## ")
	within, all, marks := 0, 0, map[string]int{}
	for _, p := range gallery.Programs() {
		_, rest, ok := strings.Cut(text, fmt.Sprintf("\n| %s | %d | ", p.Name, p.Actors()))
		require.True(t, ok, p.Name)
		line, _, _ := strings.Cut(rest, " |\n")
		cells := strings.Split(line, " | ")
		require.Len(t, cells, len(singles)+1, p.Name)
		var means []float64
		for i, s := range singles {
			ours, theirs, both := strings.Cut(cells[i], " / ")
			f, ok := p.In(s.published)
			require.Equal(t, ok, both, cells[i])
			require.True(t, strings.HasPrefix(theirs, f.String()) || !ok, cells[i])
			if mean, always := meanOf(t, ours); always {
				means = append(means, mean)
			}
			mark := strings.TrimSpace(strings.TrimPrefix(theirs, f.String()))
			if ok {
				marks[mark]++
			}
			if mark == more || mark == either {
				require.Contains(t, told, "`"+path.Base(p.Name)+"`", s.name)
			}
		}
		all++
		last := cells[len(singles)]
		mean, always := meanOf(t, last)
		if !always {
			continue
		}
		var ratio float64
		_, err := fmt.Sscanf(last[strings.LastIndex(last, "(")+1:], "%f", &ratio)
		require.NoError(t, err, last)
		require.InDelta(t, mean/slices.Min(means), ratio, 0.06*ratio+0.1, last)
		if ratio <= 2 {
			within++
		}
	}
	require.Contains(t, text, fmt.Sprintf("on %d of %d rows", within, all))
	_, rest, _ := strings.Cut(text, "Of the cells beside a published figure:\n\n")
	require.Equal(t, shares(marks)+"\n", rest)
	require.GreaterOrEqual(t, within*5, all*4, "four rows of five")
}

// meanOf reads a cell, and whether every trial found the bug.
func meanOf(t *testing.T, cell string) (mean float64, always bool) {
	t.Helper()
	words := strings.Fields(cell)
	if strings.HasPrefix(words[0], "0/") {
		return 0, false
	}
	mean, err := strconv.ParseFloat(words[0], 64)
	require.NoError(t, err, cell)
	found, trials := 1, 1
	if len(words) > 3 {
		if _, err := fmt.Sscanf(words[3], "(%d/%d)", &found, &trials); err != nil {
			found, trials = 1, 1
		}
	}
	return mean, found == trials
}

// TestTableIsMeasured: what is cheap to measure comes out as the page has it, to the last digit.
func TestTableIsMeasured(t *testing.T) {
	var programs []gallery.Program
	for _, name := range []string{"CS/account", "CS/lazy01", "CS/wronglock_3", "Inspect/boundedBuffer"} {
		programs = append(programs, *gallery.Named(name))
	}
	for _, r := range newRows(programs, seeds, func(*gallery.Program, measured, *sample) {}) {
		require.Contains(t, table(t), r.String())
	}
}
