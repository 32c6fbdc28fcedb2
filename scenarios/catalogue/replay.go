package catalogue

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/proposed"
)

// scheduleHeaders are the headers of a schedule, in the order in which they are written.
var scheduleHeaders = []string{
	"scenario",
	"engine",
	"measures",
	"lock",
	"queue",
	"store",
	"set",
	"scope",
	"expect",
	"model",
}

// modelVersion rises when a mended model changes step sequences, so that a drift can say why.
const modelVersion = "1"

// headers say what a finding's schedule was made for.
func headers(c *Case, f *Finding) []sim.Header {
	engine := sim.Header{Key: "engine", Value: c.Engine.Name}
	if _, err := proposed.ParseMeasures(c.Engine.Name); err == nil {
		engine.Key = "measures"
	}
	return []sim.Header{
		{Key: "scenario", Value: c.Scenario.Name}, engine,
		{Key: "lock", Value: c.Lock()}, {Key: "queue", Value: c.Queue()}, {Key: "store", Value: c.Store()},
		{Key: "set", Value: fmt.Sprintf("sweepers=%d", c.Scope.Sweepers)},
		{Key: "scope", Value: c.Scope.rest()},
		{Key: "expect", Value: strings.TrimSpace(fmt.Sprintf("violation %s %s", f.Oracle, f.Severity))},
		{Key: "model", Value: modelVersion},
	}
}

// ReadSchedule reads a schedule; file is its name in errors, which are of the type *sim.ParseError
// where a line is at fault.
func ReadSchedule(r io.Reader, file string) (*sim.Schedule, error) {
	return sim.ParseSchedule(r, file, sim.Vocabulary{
		Headers: scheduleHeaders,
		Verb:    func(word string) bool { return sweeper.VerbNamed(word) != 0 },
	})
}

// CaseOf gives the case that a schedule was made for; engine, if not empty, is another engine. What does
// not fit is named with its line.
func CaseOf(s *sim.Schedule, engine string, extra ...sweeper.Engine) (*Case, error) {
	named := ""
	if engine == "" {
		named = "engine"
		if _, ok := s.Header("measures"); ok {
			named = "measures"
		}
		engine, _ = s.Header(named)
	}
	scenario, ok := s.Header("scenario")
	if !ok || engine == "" {
		return nil, fmt.Errorf("%w: a schedule needs the headers scenario, and engine or measures", ErrUsage)
	}
	sc, err := scenarioNamed(scenario)
	if err != nil {
		return nil, atHeader(s, "scenario", err)
	}
	c := &Case{Scenario: sc, Scope: sc.Scope}
	if c.Engine, err = engineNamed(engine, extra); err != nil {
		return nil, atHeader(s, named, err)
	}
	for _, key := range []string{"set", "scope"} {
		text, _ := s.Header(key)
		if c.Scope, err = ParseScope(text, c.Scope); err == nil {
			c.Scope, err = sc.fits(c.Scope)
		}
		if err != nil {
			return nil, atHeader(s, key, fmt.Errorf("%w: %w", ErrUsage, err))
		}
	}
	for _, key := range []string{"lock", "queue", "store"} {
		name, _ := s.Header(key)
		if c, err = c.On(partNamed(key, name)); err != nil {
			return nil, atHeader(s, key, err)
		}
	}
	return c, c.knows(s)
}

// partNamed is one part by its kind.
func partNamed(kind, name string) world.Parts {
	switch kind {
	case "lock":
		return world.Parts{Lock: name}
	case "queue":
		return world.Parts{Queue: name}
	}
	return world.Parts{Store: name}
}

// LineError is what is wrong with one line of a schedule.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err) }

// Unwrap gives what is wrong.
func (e *LineError) Unwrap() error { return e.Err }

// atHeader names the line of the header, if it has one, with what is wrong with it.
func atHeader(s *sim.Schedule, key string, err error) error {
	if n := s.LineOf(key); n > 0 {
		return &LineError{n, err}
	}
	return err
}

// knows refuses a schedule with an actor that the case does not have.
func (c *Case) knows(s *sim.Schedule) error {
	names := []string{"clock", "fault"}
	for _, a := range c.instance().cast.actors {
		names = append(names, a.Name)
		for n := 2; c.Engine.Goroutines && n <= sim.ThreadsDefault; n++ {
			names = append(names, fmt.Sprintf("%s.%d", a.Name, n))
		}
	}
	for _, l := range s.Lines {
		if !slices.Contains(names, l.Actor) {
			return &LineError{l.Number, fmt.Errorf("%w: unknown actor %q: %s with %s has %s", ErrUsage,
				l.Actor, c.Scenario.Name, c.Scope, strings.Join(names[2:], ", "))}
		}
	}
	return nil
}

// ReplayOptions say how to replay a schedule. The zero value replays it once, as it is.
type ReplayOptions struct {
	// Engine, if not empty, is another engine to run the schedule on.
	Engine string
	// Extra are engines known beside ours.
	Extra []sweeper.Engine
	// Repair skips lines that do not fit, or fills in steps before them, instead of refusing.
	Repair bool
	// Times is how often to replay; 0 is once. Each must give the same fingerprint.
	Times int
	// Parts are other parts to run the schedule on; what is empty is the schedule's.
	Parts Parts
	// Backing, if not nil, is what to run on beside memory.
	Backing Backing
	// Host runs the engine, if it starts goroutines.
	Host sim.Host
}

// Replay runs a schedule again, line by line, and then lets the run go on to its end by the base
// scheduler. It tells what a repair changed. The error is an *explore.Drift where the schedule does
// not fit, and ErrNondeterministic where two replays differ.
func Replay(s *sim.Schedule, o ReplayOptions) (*Report, []string, error) {
	c, err := CaseOf(s, o.Engine, o.Extra...)
	if err == nil {
		c, err = c.On(o.Parts)
	}
	if err != nil {
		return nil, nil, err
	}
	c.Backing, c.Host = o.Backing, o.Host
	if err := c.runnable(); err != nil {
		return nil, nil, err
	}
	if why := c.fenceless(); why != "" {
		return nil, nil, fmt.Errorf("%w: %s", ErrUsage, why)
	}
	first, changes, err := replayOnce(c, s, o.Repair)
	if err != nil {
		return nil, changes, err
	}
	for i := 1; i < o.Times; i++ {
		next, _, err := replayOnce(c, s, o.Repair)
		if err != nil {
			return nil, changes, err
		}
		if next.print != first.print {
			return nil, changes, fmt.Errorf("%w: replay %d has fingerprint %016x, the first has %016x",
				ErrNondeterministic, i+1, next.print, first.print)
		}
	}
	report, err := first.report(c)
	return report, changes, err
}

// replayed is one replay to the end of the run.
type replayed struct {
	finds []explore.Find // the first for each oracle and object, in order
	print uint64
	in    *instance
	steps int
	// repair fills in or skips what does not fit, and changes says what it did.
	repair  bool
	changes []string
}

func replayOnce(c *Case, s *sim.Schedule, repair bool) (out *replayed, changes []string, err error) {
	in, err := c.backed()
	if err != nil {
		return nil, nil, err
	}
	defer in.finish(&err)
	m := sim.New(in.system)
	defer m.Close()
	out = &replayed{in: in, repair: repair}
	if err := out.follow(m, s.Lines); err != nil {
		return nil, out.changes, err
	}
	out.keep(m, m.AtRest(), true)
	return out, out.changes, nil
}

// follow takes the choices of the lines and goes on to the end of the run.
func (r *replayed) follow(m *sim.Machine, lines []sim.Line) error {
	saw := func(vs []sim.Violation) { r.keep(m, vs, false) }
	f, err := explore.Follow(m, lines, r.repair, saw)
	r.changes = f.Changes
	if err != nil {
		return err
	}
	explore.Finish(m, saw)
	if failure := m.Failure(); failure != nil {
		return failure
	}
	r.print, r.steps = m.Fingerprint(), m.Steps()
	return nil
}

// keep adds the violations that are not known yet.
func (r *replayed) keep(m *sim.Machine, vs []sim.Violation, atRest bool) {
	for _, v := range vs {
		known := slices.ContainsFunc(r.finds, func(f explore.Find) bool {
			return f.Violation.Oracle == v.Oracle && f.Violation.Object == v.Object
		})
		if !known {
			r.finds = append(r.finds, explore.Find{Violation: v, Choices: slices.Clone(m.Taken()), AtRest: atRest})
		}
	}
}

// judging is the first find that decides the verdict; nil if there is none.
func (r *replayed) judging() *explore.Find {
	for i := range r.finds {
		if r.finds[i].Violation.Judging {
			return &r.finds[i]
		}
	}
	return nil
}

func (r *replayed) report(c *Case) (*Report, error) {
	report := &Report{
		Case: c, Command: "replay", Strategy: "replay", Schedules: 1, Steps: int64(r.steps), Verdict: OK,
		Called: r.in.judge.called(),
	}
	m := sim.New(c.instance().system)
	defer m.Close()
	for _, f := range r.finds {
		finding, err := narrate(c, f, explore.Switches(m, f.Choices))
		switch {
		case err != nil:
			return nil, err
		case !f.Violation.Judging:
			report.AlsoSeen = append(report.AlsoSeen, finding)
		case report.Verdict == OK:
			// Later violations of the same run follow from the first.
			report.Verdict, report.Findings = Violated, []*Finding{finding}
		}
	}
	return report, nil
}

// ShrinkSchedule replays a schedule and makes its violation smaller; engine, if not empty, is another engine
// to do so on.
func ShrinkSchedule(s *sim.Schedule, engine string, extra ...sweeper.Engine) (*Report, error) {
	c, err := CaseOf(s, engine, extra...)
	if err != nil {
		return nil, err
	}
	if err := c.runnable(); err != nil {
		return nil, err
	}
	r, _, err := replayOnce(c, s, false)
	if err != nil {
		return nil, err
	}
	find := r.judging()
	if find == nil {
		return nil, fmt.Errorf("%w: the schedule shows no violation that judges %s: nothing to shrink",
			ErrUsage, c.Scenario.Name)
	}
	finding, err := tell(c, *find)
	if err != nil {
		return nil, err
	}
	return &Report{Case: c, Command: "shrink", Strategy: "shrink", Schedules: 1, Steps: int64(r.steps),
		Verdict: Violated, Findings: []*Finding{finding}}, nil
}
