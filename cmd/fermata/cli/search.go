package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios"
)

// search is what find and verify have in common: cases one after the other, each announced, searched
// and told.
type search struct {
	a       *app
	command string
	format  *choice
	out     string
	force   bool
	// setup completes the configuration; run searches; total is the progress bar's end, or -1.
	setup func(s *report.Setup)
	run   func(c *scenarios.Case, progress func(scenarios.Progress)) (*scenarios.Report, error)
	total int64

	dir    *files.Dir
	counts map[scenarios.Verdict]int
}

func (s *search) flags(flags *pflag.FlagSet) {
	s.format = formats(flags)
	flags.StringVar(&s.out, "out", foundDir, "the folder for the schedules of what is found")
	flags.BoolVar(&s.force, "force", false, "replace schedules that are there with other content")
}

// cases searches them all. The worst of them is the exit code.
func (s *search) cases(cases []*scenarios.Case) error {
	var err error
	if s.dir, err = files.OpenDir(s.out, s.force); err != nil {
		return err
	}
	defer s.dir.Close()
	s.counts = map[scenarios.Verdict]int{}
	for _, c := range cases {
		if err := s.one(c); err != nil {
			return fmt.Errorf("%s on %s: %w", c.Scenario.Name, c.Engine.Name, err)
		}
	}
	if s.text() && len(cases) > 1 {
		fmt.Fprintf(s.a.out, "%d cases: %d ok, %d with a violation, %d unknown\n", len(cases),
			s.counts[scenarios.OK], s.counts[scenarios.Violated], s.counts[scenarios.Unknown])
	}
	return exitWith(worst(s.counts))
}

func (s *search) text() bool { return s.format.value == "text" }

// worst is the exit code for what came out: any violation is 1, else any unknown is 3.
func worst(counts map[scenarios.Verdict]int) int {
	switch {
	case counts[scenarios.Violated] > 0:
		return exitViolation
	case counts[scenarios.Unknown] > 0:
		return exitHarness
	}
	return exitClean
}

func (s *search) one(c *scenarios.Case) error {
	setup := report.Setup{Command: s.command, Case: c}
	s.setup(&setup)
	if s.text() {
		if err := report.Header(s.a.out, setup, s.a.options()); err != nil {
			return err
		}
	}
	begun := s.a.now()
	r, err := s.result(c, setup)
	if err != nil {
		return err
	}
	s.counts[r.Verdict]++
	paths, err := s.write(r)
	if err != nil {
		return err
	}
	o := s.a.options()
	o.Path = func(f *scenarios.Finding) string { return paths[f] }
	if asked, ok := s.a.started.asked(c.Engine.Name); ok {
		o.ReplayFlags = []string{"--engine", asked}
	}
	if !s.text() {
		o.Seconds = s.a.now().Sub(begun).Seconds()
		return report.JSON(s.a.out, r, o)
	}
	if err := report.Outcome(s.a.out, r, o); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.a.out)
	return err
}

// result searches one case, unless Ctrl-C came before.
func (s *search) result(c *scenarios.Case, setup report.Setup) (*scenarios.Report, error) {
	if s.a.stopped() {
		return s.unknown(c, setup, "interrupted before it began"), nil
	}
	progress, done := s.a.progress(c.Scenario.Name+" on "+c.Engine.Name, s.total)
	defer done()
	r, err := s.run(c, progress)
	if errors.Is(err, scenarios.ErrNondeterministic) {
		return s.unknown(c, setup, err.Error()), nil // the other cases may still be worth something
	}
	return r, err
}

func (s *search) unknown(c *scenarios.Case, setup report.Setup, reason string) *scenarios.Report {
	return &scenarios.Report{
		Case: c, Command: s.command, Strategy: setup.Strategy, Seed: setup.Seed,
		Verdict: scenarios.Unknown, Reason: reason,
	}
}

// write puts the schedules of a report's findings into files, and says on standard error where
// something was there.
func (s *search) write(r *scenarios.Report) (map[*scenarios.Finding]string, error) {
	paths := map[*scenarios.Finding]string{}
	for i, f := range r.Findings {
		if len(f.Schedule.Lines) == 0 {
			continue // a run without a step: there is nothing to replay
		}
		name := r.Case.Name()
		if i > 0 {
			name += "." + f.Oracle
		}
		path, note, err := s.dir.Write(name, schedEnding, f.Schedule.Text())
		if err != nil {
			return nil, err
		}
		s.a.note(note)
		paths[f] = path
	}
	return paths, nil
}

// note says something on standard error, if there is something to say.
func (a *app) note(text string) {
	if text != "" {
		fmt.Fprintln(a.err, "fermata: "+text)
	}
}
