package history

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"fermata/model/spec"
)

// Options are what a check may be told.
type Options struct {
	// Stop is asked now and then whether to give up; nil never does. A check that gives up is Unknown.
	Stop func() bool
}

// Result is what the judges say of a history.
type Result struct {
	Verdict    spec.Verdict
	Operations int
	Workflows  int
	Open       int // operations that never returned
	// Judged names the specifications that knew an operation of it.
	Judged []string
	// Findings are, for each specification that is broken, the smallest part that nothing explains, of
	// the object whose return comes first in the file.
	Findings []Finding
	// Undecided counts the objects for which every check met its limit.
	Undecided int
	Stopped   bool // by Options.Stop
}

// Finding is a part of one object's history that has no linearization.
type Finding struct {
	Spec   string
	Object spec.Object
	// Before are the states possible before the lines.
	Before []string
	// Lines are the calls and returns of the operations that it takes, in the order of real time; the
	// last is the return that nothing explains, whose line in the file is Line.
	Lines []Line
	Line  int
	// Others are the names of the object's other operations called before: whatever effect each of
	// them had, and whatever it returned, nothing explains the lines.
	Others []string
	// More counts the other objects that break the specification.
	More      int
	visualize func(io.Writer) error
}

// Line is an event with its line in the file.
type Line struct {
	Number int
	Text   string
}

// Visualize writes porcupine's own page of the part: the same bytes for the same history.
func (f *Finding) Visualize(w io.Writer) error { return f.visualize(w) }

// stopEvery is how many events come between two questions whether to stop.
const stopEvery = 4096

// Check reads a history and judges it. Objects are judged one by one as they are read; on a violation
// the file is read a second time. Porcupine has the last word: what it cannot confirm within
// spec.DefaultLimits is Unknown. There are at most eight judges. The error is an *Error, another
// spec.ErrHistory, what the file gives, or spec.ErrDisagree.
func Check(r io.ReadSeeker, file string, o Options, judges ...Judge) (*Result, error) {
	start, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	c := &check{result: &Result{Verdict: spec.Ok}, file: file, options: o}
	if len(judges) > judgesMax {
		panic("history: a check has at most eight judges, which an operation remembers its objects for")
	}
	c.objects = newDirectory()
	for n, j := range judges {
		j.begin(n, c.objects)
	}
	err = c.read(r, func(e Event) {
		c.count(e)
		for _, j := range judges {
			j.see(e)
		}
	})
	if err != nil || c.result.Stopped {
		return c.result, err
	}
	if c.judged(judges); len(c.gatherers) == 0 {
		return c.result, nil
	}
	if _, err := r.Seek(start, io.SeekStart); err != nil {
		return nil, err
	}
	err = c.read(r, func(e Event) {
		for _, g := range c.gatherers {
			g.see(e)
		}
	})
	if err == nil && !c.result.Stopped {
		err = c.explained()
	}
	return c.result, err
}

// check is one call of Check.
type check struct {
	result    *Result
	file      string
	options   Options
	objects   *directory
	gatherers []gatherer
	// violations counts what the first reading found.
	violations int
}

func (c *check) read(r io.Reader, see func(Event)) error {
	reader := NewReader(r, c.file)
	for n := 0; ; n++ {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if see(e); n%stopEvery == 0 && c.options.Stop != nil && c.options.Stop() {
			c.result.Stopped, c.result.Verdict = true, spec.Unknown
			return nil
		}
	}
}

func (c *check) count(e Event) {
	if e.Kind == spec.Return {
		c.result.Open--
		return
	}
	c.result.Open++
	c.result.Operations++
	c.objects.workflow(e.Op.Operation.Workflow)
	c.result.Workflows = c.objects.workflows
}

// judged takes the outcomes.
func (c *check) judged(judges []Judge) {
	for _, j := range judges {
		o := j.finish()
		if o.operations == 0 || !o.needed {
			continue
		}
		c.result.Judged = append(c.result.Judged, o.name)
		c.violations += o.violations
		if o.violations > 0 || len(o.spent) > 0 {
			c.gatherers = append(c.gatherers, j.again(o))
		}
	}
	if len(c.result.Judged) == 0 {
		c.result.Verdict = spec.Unknown
	}
}

// explained takes the findings.
func (c *check) explained() error {
	for _, g := range c.gatherers {
		findings, unknown, err := g.results()
		if err != nil {
			return err
		}
		c.result.Undecided += unknown
		c.result.Findings = append(c.result.Findings, findings...)
	}
	switch {
	case len(c.result.Findings) > 0:
		c.result.Verdict = spec.Violation
	case c.result.Undecided > 0 || c.violations > 0:
		c.result.Verdict = spec.Unknown
	}
	slices.SortStableFunc(c.result.Findings, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return nil
}
