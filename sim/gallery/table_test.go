package gallery_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/gallery"
)

var (
	seedsFlag = flag.Int("seeds", seeds, "with -bench Table: trials for each program and strategy")
	onlyFlag  = flag.String("only", "", "with -bench Table: only the programs whose name this matches")
	writeFlag = flag.Bool("write", false, "with -bench Table: put the table into docs/gallery.md")
)

// seeds is how many trials a cell has, if it is not cut.
const seeds = 200

// measured is a strategy in the table: its name there, the published column beside it, and how it is made from a seed.
type measured struct {
	name, published string
	make            func(seed uint64) explore.Strategy
}

// singles are the columns but for the last, which is the portfolio's. A strategy more is a line more.
var (
	singles = []measured{
		{"random", "RW", func(seed uint64) explore.Strategy { return explore.NewRandom(seed) }},
		{"pct-3", "PCT-3", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 3) }},
		{"pct-10", "PCT-10", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 10) }},
		{"pct", "", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 0) }},
		{"pos", "POS", func(seed uint64) explore.Strategy { return explore.NewPOS(seed) }},
		{"urw", "URW", func(seed uint64) explore.Strategy { return explore.NewURW(seed) }},
		{"surw", "SURW", func(seed uint64) explore.Strategy { return explore.NewSURW(seed) }},
		{"rff", "RFF*", func(seed uint64) explore.Strategy { return explore.NewRFF(seed) }},
	}
	portfolio = measured{"portfolio", "", func(seed uint64) explore.Strategy { return explore.NewPortfolio(seed) }}
)

// schedulesToFirst is how many schedules the strategy makes up to the first bug, that one included; false if none of
// the first Cap shows it. A run that the limit of steps cuts is one of them.
func schedulesToFirst(m *sim.Machine, s explore.Strategy) (n int, ok bool) {
	for n := 1; n <= gallery.Cap; n++ {
		r := explore.Walk(m, s, explore.Options{SchedulesMax: 1, FirstOnly: true})
		if r.Failure != nil {
			panic(r.Failure)
		}
		if r.Judging() != nil {
			return n, true
		}
	}
	return gallery.Cap, false
}

// A cell is cut where it would cost more than it tells: after hopeless trials that all reach Cap, or large ones of a
// program of more than 30 threads; and after enough trials once it has cost workMax, the square of the threads for each
// schedule.
const (
	hopeless = 20
	large    = 5
	enough   = 5
	workMax  = 200_000_000
)

// measure makes trials of one strategy on one program.
func measure(p *gallery.Program, s measured, trials int) sample {
	m := sim.NewMemo(gallery.Created(p.Buggy()))
	defer m.Close()
	all, work, give := sample{asked: trials}, 0, hopeless
	if p.Actors() > 30 {
		give = large
	}
	for all.trials < trials {
		n, ok := schedulesToFirst(m, s.make(uint64(all.trials)+1))
		all.trials++
		work += n * p.Actors() * p.Actors()
		if ok {
			all.schedules = append(all.schedules, float64(n))
		}
		if len(all.schedules) == 0 && all.trials == give || all.trials >= enough && work > workMax {
			break
		}
	}
	return all
}

// row is a program's line of the table, as numbers.
type row struct {
	program *gallery.Program
	singles []sample
	all     sample
}

// newRows measures programs, two cells at a time, those of many threads first: they take longest.
func newRows(programs []gallery.Program, trials int, done func(p *gallery.Program, s measured, all *sample)) []row {
	rows, order := make([]row, len(programs)), make([]int, len(programs))
	for i := range programs {
		rows[i] = row{program: &programs[i], singles: make([]sample, len(singles))}
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return programs[j].Actors() - programs[i].Actors() })
	var g errgroup.Group
	g.SetLimit(2)
	for _, i := range order {
		cell := func(s measured, to *sample) {
			g.Go(func() error {
				*to = measure(&programs[i], s, trials)
				done(&programs[i], s, to)
				return nil
			})
		}
		for j := range singles {
			cell(singles[j], &rows[i].singles[j])
		}
		cell(portfolio, &rows[i].all)
	}
	_ = g.Wait()
	return rows
}

// best is the least mean of a strategy that found the bug in every trial; 0 if none did.
func (r *row) best() (best float64) {
	for i := range r.singles {
		if s := &r.singles[i]; s.found() && (best == 0 || s.mean() < best) {
			best = s.mean()
		}
	}
	return best
}

// String is the line.
func (r *row) String() string {
	cells := []string{r.program.Name, fmt.Sprint(r.program.Actors())}
	for i := range r.singles {
		cells = append(cells, r.cell(i))
	}
	text := r.all.String()
	if best := r.best(); best > 0 && len(r.all.schedules) > 0 {
		text += fmt.Sprintf(" (%.1f)", r.all.mean()/best)
	}
	return "| " + strings.Join(append(cells, text), " | ") + " |\n"
}

// cell is what a strategy did, what is published of it, and why the two differ.
func (r *row) cell(i int) string {
	s, text := singles[i], r.singles[i].String()
	f, ok := r.program.In(s.published)
	if !ok {
		return text
	}
	text += " / " + f.String()
	if why := differs(&r.singles[i], f); why != "" {
		text += " " + why
	}
	return text
}

func heading() string {
	names, rule := []string{"program", "threads"}, "|---|---|"
	for _, s := range append(append([]measured{}, singles...), portfolio) {
		if s.published != "" {
			s.name += " / " + strings.TrimSuffix(s.published, "*")
		}
		names, rule = append(names, s.name), rule+"---|"
	}
	return "| " + strings.Join(names, " | ") + " |\n" + rule + "\n"
}

// BenchmarkTable measures schedules to the first bug, once, and prints the table of docs/gallery.md; it tells each cell
// as soon as it is there. It may write the table into the page.
func BenchmarkTable(b *testing.B) {
	only, err := regexp.Compile(*onlyFlag)
	require.NoError(b, err)
	require.False(b, *writeFlag && *onlyFlag != "", "the page has all programs")
	programs := slices.DeleteFunc(gallery.Programs(), func(p gallery.Program) bool { return !only.MatchString(p.Name) })
	rows := newRows(programs, *seedsFlag, func(p *gallery.Program, s measured, all *sample) {
		fmt.Fprintln(os.Stderr, p.Name, s.name, all)
	})
	text := heading()
	for i := range rows {
		text += rows[i].String()
	}
	text += "\n" + summary(rows)
	fmt.Fprint(os.Stdout, text)
	if *writeFlag {
		require.NoError(b, os.WriteFile(pagePath, []byte(withTable(b, text)), 0o644))
	}
}

// TestMeasuring: where every schedule shows the bug, the first does; a seed is a sequence of schedules; and of a
// correct program none is found.
func TestMeasuring(t *testing.T) {
	for _, s := range append(append([]measured{}, singles...), portfolio) {
		always := measure(gallery.Named("CS/phase01"), s, 3)
		require.Equal(t, "1.0 ± 0.0", always.String(), s.name)
		p := gallery.Named("CS/wronglock_3")
		require.Equal(t, measure(p, s, 3), measure(p, s, 3), s.name)
	}
	m := sim.NewMemo(gallery.Named("CS/lazy01").Correct())
	defer m.Close()
	n, ok := schedulesToFirst(m, explore.NewRandom(1))
	require.False(t, ok)
	require.Equal(t, gallery.Cap, n)
}
