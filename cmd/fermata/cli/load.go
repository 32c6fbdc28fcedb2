package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fermata/internal/loadreport"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
)

// The bounds of what load runs.
const (
	loadSeedsMax = 1000
	loadStepsMax = 100
	loadRowsMax  = 1000
)

// formatCSV is a format that load alone has.
const formatCSV = "csv"

// lab runs setups and merges results: load.Run and load.Merge.
type lab struct {
	run   func(*load.Setup, load.Options) (*load.Result, error)
	merge func([]*load.Result) *load.Result
}

// loading is one call of load.
type loading struct {
	a       *app
	engines []string
	preset  string
	flags   *pflag.FlagSet
	steps   int
	seeds   int
	seed    uint64
	workers int
	format  *choice
	plots   drawing
	cuts    cutting

	figures *load.Preset // nil without --preset
	varied  string       // figure or "engine"; empty if nothing is
	rows    []loadRow
}

// loadRow is one line of the table, before it is run.
type loadRow struct {
	engine, value string
	setup         load.Setup
}

// loadHelp is the help of load.
const loadHelp = `load runs an engine under load in virtual time: servers with sweeper threads, workers, and workflows
that arrive, each call of lock, queue and store taking a time that is drawn. It measures how long things
take, and counts what goes wrong. The same figures and the same seed are the same run, to the byte.

One figure may be varied: a range as in --rate 10..200, in --steps values, or a list as in --servers 1,3,10.
A duration may be drawn: 80us, exponential:80us, lognormal:80us/200us (median/99th percentile),
uniform:0s..100ms or file:PATH, with a duration a line.

What is found here is a measurement and no verdict: the exit code is 0 whatever was measured, 2 for wrong
usage, and 3 if the work could not be done. find and verify give verdicts.`

func (a *app) load() *cobra.Command {
	l := &loading{a: a, plots: drawing{a: a}, cuts: cutting{a: a}}
	l.format = newChoice(report.FormatText, report.FormatJSON, formatCSV)
	c := &cobra.Command{
		Use:   "load",
		Short: "run production load in virtual time, and measure",
		Long:  loadHelp,
		Args:  arguments(),
	}
	l.flags = c.Flags()
	l.flags.SortFlags = false
	l.flags.StringSliceVar(&l.engines, "engine", []string{"conductor-3.17.0"},
		"engines, by comma or repeated; all: the releases and proposed")
	l.flags.StringVar(&l.preset, "preset", "",
		"every figure from a file, or of a name: "+strings.Join(presetNames(), ", ")+"; flags change single ones")
	l.flags.IntVar(&l.seeds, "seeds", 1, "runs of each row, with seeds that follow --seed")
	l.flags.Uint64Var(&l.seed, "seed", 1, "what the first run draws from")
	l.flags.IntVar(&l.steps, "steps", 8, "values of a range")
	l.flags.IntVar(&l.workers, "workers", 0,
		"runs at the same time; 0: one for each processor. No figure depends on it")
	l.flags.Var(l.format, "format", "what standard output is")
	l.plots.flags(l.flags)
	l.cuts.flags(l.flags)
	usual := load.Default()
	for _, f := range load.Figures() {
		text := figureText(f.Text(usual))
		l.flags.Var(&text, f.Name, f.About)
	}
	c.RunE = func(*cobra.Command, []string) error { return l.run() }
	return c
}

// figureText is the text of a figure.
type figureText string

// String gives the text.
func (t *figureText) String() string { return string(*t) }

// Set takes any text: which are meant depends on whether the figure is varied.
func (t *figureText) Set(text string) error { *t = figureText(text); return nil }

// Type shows the values in the help.
func (t *figureText) Type() string { return "text" }

func (l *loading) run() error {
	if err := l.plan(); err != nil {
		return err
	}
	if err := l.plots.check(); err != nil {
		return err
	}
	if err := l.cuts.check(l.flags, l.plots.force); err != nil {
		return err
	}
	if l.format.value == report.FormatText {
		if err := l.configuration().WriteText(l.a.out); err != nil {
			return err
		}
	}
	results, err := l.measure()
	if err != nil {
		return err
	}
	if l.a.stopped() {
		l.a.note("interrupted: what was measured by then is unknown")
		return exitWith(exitHarness)
	}
	table := &load.Table{Varied: l.varied}
	for i, r := range l.rows {
		table.Rows = append(table.Rows, load.Row{Engine: r.engine, Value: r.value, Result: results[i]})
	}
	d := &loadreport.Document{Preset: l.preset, Table: table}
	return errors.Join(l.write(d), l.plots.write(d))
}

// write writes the measures, and what is cut out: in CSV, where there is no room for it, on standard error.
func (l *loading) write(d *loadreport.Document) error {
	if l.format.value == report.FormatJSON {
		err := l.cut(d)
		return errors.Join(d.WriteJSON(l.a.out), err)
	}
	write, lives, colour := d.WriteText, l.a.out, l.a.colour
	if l.format.value == formatCSV {
		write, lives, colour = func(w io.Writer, _ bool) error { return d.WriteCSV(w) }, l.a.err, false
	}
	if err := write(l.a.out, colour); err != nil || l.cuts.dir == "" {
		return err
	}
	err := l.cut(d)
	return errors.Join(d.WriteLives(lives, colour), err)
}

// cut cuts out what went wrong, if that is asked for.
func (l *loading) cut(d *loadreport.Document) (err error) {
	if l.cuts.dir != "" {
		d.Lives, err = l.cuts.write(d, l.plots.force)
	}
	return err
}

// configuration tells every figure of the rows, and where it comes from.
func (l *loading) configuration() *report.Sheet {
	s := report.NewSheet(l.a.colour)
	var engines []string
	for _, r := range l.rows {
		engines = append(engines, r.engine)
	}
	s.Title(fmt.Sprintf("load: %s", strings.Join(expand(engines, nil), ", ")))
	runs := fmt.Sprintf("%d rows, ", len(l.rows))
	if len(l.rows) == 1 {
		runs = ""
	}
	seeds := fmt.Sprintf("seed %d", l.seed)
	if l.seeds > 1 {
		seeds = fmt.Sprintf("seeds %d to %d", l.seed, l.seed+uint64(l.seeds)-1)
	}
	s.Entry("  ", runs+seeds)
	for _, f := range load.Figures() {
		s.Entry(fmt.Sprintf("  %-18s", f.Name), l.told(&f))
	}
	s.Line("")
	return s
}

// told is a figure's values, and where they come from.
func (l *loading) told(f *load.Figure) string {
	text, source := f.Text(&l.rows[0].setup), "default"
	if l.varied == f.Name {
		var values []string
		for _, r := range l.rows {
			values = append(values, r.value)
		}
		text = strings.Join(expand(values, nil), ", ")
	}
	switch {
	case l.flags.Changed(f.Name):
		source = "given"
	case l.figures != nil:
		line := l.figures.Line(f.Name)
		source = string(line.Mark) + ": " + line.Note
	}
	return text + " (" + source + ")"
}

// loadEngines are those that --engine all stands for: the releases, and the proposed fix.
func loadEngines() (names []string) {
	for _, e := range catalogue.Engines() {
		names = append(names, e.Name)
		if e.Name == "proposed" {
			break
		}
	}
	return names
}
