package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// search is what find and verify have in common: cases one after the other, each announced, searched
// and told.
type search struct {
	a       *app
	command string
	output  *output
	out     string
	force   bool
	// setup completes the configuration; run searches; total is the progress bar's end, or -1.
	setup func(s *report.Setup)
	run   func(c *catalogue.Case, progress func(catalogue.Progress)) (*catalogue.Report, error)
	total int64
	// purse is the budget of time; nil without one.
	purse *purse

	// html asks for a page of each finding, beside its schedule.
	html     bool
	pictures pictures

	dir      *files.Dir
	document report.Document
	writer   report.Writer
	counts   map[catalogue.Verdict]int
}

func (s *search) flags(flags *pflag.FlagSet) {
	s.output = s.a.outputs(s.command, flags, report.Formats()...)
	s.output.annotate(flags)
	flags.StringVar(&s.out, "out", foundDir, "the folder for the schedules of what is found")
	flags.BoolVar(&s.html, "html", false, "write a page of each finding beside its schedule")
	s.pictures = pictures{a: s.a}
	s.pictures.flags(flags)
	flags.BoolVar(&s.force, "force", false, "replace schedules that are there with other content")
}

// cases searches them all. The worst of them is the exit code.
func (s *search) cases(cases []*catalogue.Case) error {
	var err error
	if s.document, err = s.output.document(); err != nil {
		return err
	}
	if s.html {
		if _, err := s.pictures.engine(); err != nil {
			return err
		}
	}
	if s.dir, err = files.OpenDir(s.out, s.force); err != nil {
		return err
	}
	defer s.dir.Close()
	s.writer = report.NewWriter(s.a.out, s.output.format.value, s.document)
	s.counts = map[catalogue.Verdict]int{}
	for _, c := range cases {
		if err := s.one(c); err != nil {
			return fmt.Errorf("%s on %s: %w", c.Scenario.Name, c.Engine.Name, s.failed(c, err))
		}
	}
	if err := s.writer.End(); err != nil {
		return err
	}
	return exitWith(worst(s.counts))
}

// failed ends a document with what was covered before the harness failed, and with the case in which it did. What is
// written case by case has said it already.
func (s *search) failed(c *catalogue.Case, err error) error {
	if !s.output.whole() {
		return err
	}
	setup := report.Setup{Command: s.command, Case: c}
	s.setup(&setup)
	r := unknownReport(c, setup, "the harness failed: "+err.Error())
	return errors.Join(err, s.writer.Case(r, s.a.options()), s.writer.End())
}

// worst is the exit code for what came out: any violation is 1, else any unknown is 3, and so is it if nothing at all
// was applicable: nothing was looked at.
func worst(counts map[catalogue.Verdict]int) int {
	switch {
	case counts[catalogue.Violated] > 0:
		return exitViolation
	case counts[catalogue.Unknown] > 0:
		return exitHarness
	case nothingApplies(counts):
		return exitHarness
	}
	return exitClean
}

// nothingApplies tells that there are cases, and that no engine has what its scenario needs.
func nothingApplies(counts map[catalogue.Verdict]int) bool {
	return counts[catalogue.NotApplicable] > 0 && counts[catalogue.OK]+counts[catalogue.Violated] == 0
}

func (s *search) one(c *catalogue.Case) error {
	setup := report.Setup{Command: s.command, Case: c}
	s.setup(&setup)
	if err := s.writer.Begin(setup); err != nil {
		return err
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
	o.Path = func(f *catalogue.Finding) string { return paths[f] }
	if asked, ok := s.a.started.asked(c.Engine.Name); ok {
		o.ReplayFlags = []string{"--engine", asked}
	}
	if err := s.draw(r, paths, o); err != nil {
		return err
	}
	o.Seconds, o.PeakMiB = s.a.now().Sub(begun).Seconds(), peakMiB()
	if s.purse != nil {
		o.Budget = s.purse.share.Seconds()
	}
	return s.output.tell(&s.document, s.writer, r, o)
}

// result searches one case, unless Ctrl-C came before.
func (s *search) result(c *catalogue.Case, setup report.Setup) (*catalogue.Report, error) {
	if s.a.stopped() {
		return unknownReport(c, setup, "interrupted before it began"), nil
	}
	progress, done := s.a.progress(c.Scenario.Name+" on "+c.Engine.Name, s.total)
	defer done()
	r, err := s.run(c, progress)
	if errors.Is(err, catalogue.ErrNondeterministic) {
		return unknownReport(c, setup, err.Error()), nil // the other cases may still be worth something
	}
	return r, err
}

// unknownReport is the report of a case that has no verdict.
func unknownReport(c *catalogue.Case, setup report.Setup, reason string) *catalogue.Report {
	return &catalogue.Report{
		Case: c, Command: setup.Command, Strategy: setup.Strategy, Seed: setup.Seed,
		Verdict: catalogue.Unknown, Reason: reason,
	}
}

// write puts the schedules of a report's findings into files, and says on standard error where
// something was there.
func (s *search) write(r *catalogue.Report) (map[*catalogue.Finding]string, error) {
	paths := map[*catalogue.Finding]string{}
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

// draw writes a page of each finding beside its schedule, if that is asked for.
func (s *search) draw(r *catalogue.Report, paths map[*catalogue.Finding]string, o report.Options) error {
	if !s.html {
		return nil
	}
	for _, f := range r.Findings {
		path := paths[f]
		if path == "" {
			continue
		}
		page, err := s.pictures.page(f, o)
		if err != nil {
			return err
		}
		path, _, err = files.WriteNew(stem(path), ".html", page, true)
		if err != nil {
			return err
		}
		s.a.note("a page of it: " + path)
	}
	return nil
}

// note says something on standard error, if there is something to say.
func (a *app) note(text string) {
	if text != "" {
		fmt.Fprintln(a.err, "fermata: "+text)
	}
}
