package gallery_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/gallery"
)

var (
	seedsFlag = flag.Int("seeds", 50, "with -bench Table: trials for each program and strategy")
	largeFlag = flag.Int("large", 10, "with -bench Table: trials for programs of more than 30 threads")
	mainFlag  = flag.Bool("created", false, "with -bench Table: a main creates the threads, as in the originals")
	onlyFlag  = flag.String("only", "", "with -bench Table: only the programs whose name this matches")
)

// measured is a strategy in the table: its name there, the column of the published table beside it, and how it is
// made from a seed.
type measured struct {
	name, published string
	make            func(seed uint64) explore.Strategy
}

// measuredStrategies are the columns. A strategy more is a line more.
var measuredStrategies = []measured{
	{"random", "RW", func(seed uint64) explore.Strategy { return explore.NewRandom(seed) }},
	{"pct-3", "PCT-3", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 3) }},
	{"pct-10", "PCT-10", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 10) }},
	{"pct", "", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 0) }},
}

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

// sample is the trials of one strategy on one program.
type sample struct {
	trials    int
	schedules []float64 // of those that found the bug
}

func measure(p *gallery.Program, s measured, trials int) sample {
	system := p.Buggy()
	if *mainFlag {
		system = gallery.Created(system)
	}
	m := sim.NewMemo(system)
	defer m.Close()
	all := sample{trials: trials}
	for seed := range uint64(trials) {
		if n, ok := schedulesToFirst(m, s.make(seed+1)); ok {
			all.schedules = append(all.schedules, float64(n))
		}
	}
	return all
}

// mean gives the mean and half the width of its 95 percent interval, by the normal approximation.
func (s *sample) mean() (mean, half float64) {
	n := float64(len(s.schedules))
	for _, x := range s.schedules {
		mean += x / n
	}
	square := 0.0
	for _, x := range s.schedules {
		square += (x - mean) * (x - mean)
	}
	if n < 2 {
		return mean, math.NaN()
	}
	return mean, 1.96 * math.Sqrt(square/(n-1)/n)
}

// String is the mean over the trials that found the bug, its interval, and in how many it was found if not in all.
func (s *sample) String() string {
	if len(s.schedules) == 0 {
		return fmt.Sprintf("0/%d", s.trials)
	}
	mean, half := s.mean()
	text := number(mean)
	if !math.IsNaN(half) {
		text += " ± " + number(half)
	}
	if n := len(s.schedules); n < s.trials {
		text += fmt.Sprintf(" (%d/%d)", n, s.trials)
	}
	return text
}

// number has a decimal where the value is small.
func number(x float64) string {
	if x < 9.95 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// row is a program's line of the table.
func row(p *gallery.Program, trials int) string {
	cells := []string{p.Name, fmt.Sprint(p.Actors())}
	for _, s := range measuredStrategies {
		all := measure(p, s, trials)
		cells = append(cells, all.String())
		if s.published == "" {
			continue
		}
		theirs := "-"
		if f, ok := p.In(s.published); ok {
			theirs = f.String()
		}
		cells = append(cells, theirs)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func heading() string {
	cells, rule := []string{"program", "threads"}, "|---|---|"
	for _, s := range measuredStrategies {
		cells, rule = append(cells, s.name), rule+"---|"
		if s.published != "" {
			cells, rule = append(cells, s.published+", published"), rule+"---|"
		}
	}
	return "| " + strings.Join(cells, " | ") + " |\n" + rule + "\n"
}

// BenchmarkTable measures schedules to the first bug, once, and prints the table of docs/gallery.md, a line as soon as
// it is there.
func BenchmarkTable(b *testing.B) {
	only, err := regexp.Compile(*onlyFlag)
	require.NoError(b, err)
	fmt.Fprint(os.Stdout, heading())
	for _, p := range gallery.Programs() {
		if !only.MatchString(p.Name) {
			continue
		}
		trials := *seedsFlag
		if p.Actors() > 30 {
			trials = min(trials, *largeFlag)
		}
		fmt.Fprint(os.Stdout, row(&p, trials))
	}
}

// TestMeasuring: where every schedule shows the bug, the first does; a seed is a sequence of schedules; and of a
// correct program none is found.
func TestMeasuring(t *testing.T) {
	for _, s := range measuredStrategies {
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
	none := sample{trials: 7}
	require.Equal(t, "0/7", none.String())
	some := sample{trials: 3, schedules: []float64{10, 20}}
	require.Equal(t, "15 ± 9.8 (2/3)", some.String())
}
