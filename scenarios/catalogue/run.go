package catalogue

import (
	"errors"
	"fmt"
	"strings"

	"fermata/sim"
	"fermata/sim/explore"
)

// ErrNondeterministic tells that the same choices gave two different runs.
var ErrNondeterministic = errors.New("nondeterminism")

// Strategies lists the names that FindOptions.Strategy may have.
func Strategies() (names []string) {
	for _, s := range strategies {
		names = append(names, s.name)
	}
	return names
}

// strategies are the strategies by name; the first is the default.
var strategies = []struct {
	name string
	make func(seed uint64) explore.Strategy
}{
	{"portfolio", func(seed uint64) explore.Strategy { return explore.NewPortfolio(seed) }},
	{"pct", func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 0) }},
	{"pos", func(seed uint64) explore.Strategy { return explore.NewPOS(seed) }},
	{"urw", func(seed uint64) explore.Strategy { return explore.NewURW(seed) }},
	{"surw", func(seed uint64) explore.Strategy { return explore.NewSURW(seed) }},
	{"rff", func(seed uint64) explore.Strategy { return explore.NewRFF(seed) }},
	{"random", func(seed uint64) explore.Strategy { return explore.NewRandom(seed) }},
}

// Searches lists the names that VerifyOptions.Search may have.
func Searches() []string { return []string{"states", "plain", "preemptions"} }

// Progress tells how far a search is.
type Progress struct{ Schedules, Steps, States int64 }

// SchedulesDefault is the budget of Find: a count, so that it is the same everywhere.
const SchedulesDefault = 20_000

// FindOptions say how to look for a violation. The zero value is the default.
type FindOptions struct {
	Strategy  string // one of Strategies; "" is the first
	Seed      uint64
	Schedules int64 // 0 is SchedulesDefault
	// Twice runs every schedule a second time and compares.
	Twice bool
	// Coverage counts trace classes and reads-from pairs, which costs time.
	Coverage bool
	// Workers draw schedules at the same time; 0 is one for each processor. What comes out is the same.
	Workers  int
	Stop     func() bool
	Progress func(Progress)

	// twice runs one schedule of so many a second time; 0 none.
	twice int64
}

// Find runs schedules until one violates what judges the case, and shrinks and tells it.
func Find(c *Case, o FindOptions) (*Report, error) {
	strategy, err := o.complete()
	if err != nil {
		return nil, err
	}
	drive := (*instance).coroutines
	if c.Engine.Memoisable && c.Host == nil && !o.Twice {
		drive = (*instance).memo
	}
	return c.search("find", drive, func(in *instance, m *sim.Machine) (*Report, error) {
		r, err := walk(in, m, strategy, o)
		if err != nil {
			return nil, err
		}
		report := &Report{Case: c, Command: "find", Strategy: o.Strategy, Seed: o.Seed}
		return report, report.fill(in, r, r.Limit == limitSchedules)
	})
}

// search has a search run the case, driven in that way, unless the engine is not applicable.
func (c *Case) search(
	command string, drive func(*instance) *sim.Machine, search func(in *instance, m *sim.Machine) (*Report, error),
) (report *Report, err error) {
	if r, err := c.notApplicable(command); r != nil || err != nil {
		return r, err
	}
	in, err := c.backed()
	if err != nil {
		return nil, err
	}
	defer in.finish(&err)
	m := drive(in)
	defer m.Close()
	return search(in, m)
}

// limitSchedules is what explore calls the limit of schedules.
const limitSchedules = "schedules"

// complete puts the defaults in and gives what makes the strategy.
func (o *FindOptions) complete() (func(seed uint64) explore.Strategy, error) {
	if o.Schedules == 0 {
		o.Schedules = SchedulesDefault
	}
	if o.Twice {
		o.twice = 1
	}
	if o.Strategy == "" {
		o.Strategy = strategies[0].name
	}
	for _, s := range strategies {
		if s.name == o.Strategy {
			return s.make, nil
		}
	}
	return nil, fmt.Errorf(
		"%w: unknown strategy %q: expected one of %s",
		ErrUsage,
		o.Strategy,
		strings.Join(Strategies(), ", "),
	)
}

// walk samples schedules. The code of a foreign engine is recorded, and so is every run that is to be made twice.
func walk(
	in *instance, m *sim.Machine, strategy func(seed uint64) explore.Strategy, o FindOptions,
) (*explore.Result, error) {
	streams := explore.Streams{Seed: o.Seed, Strategy: strategy}
	eo := options(in.halt(o.Stop), o.Progress)
	eo.SchedulesMax, eo.FirstOnly, eo.Coverage = o.Schedules, true, o.Coverage
	if o.twice == 0 && in.c.Engine.Memoisable {
		return explore.Walks(m, in.walkers(o.Workers), streams, eo), nil
	}
	rec := &recorder{}
	rec.watch(&eo)
	ended := int64(0)
	eo.Ended = func(m *sim.Machine) {
		if ended++; o.twice > 0 && ended%o.twice == 0 && rec.err == nil {
			rec.err = rec.again(m)
		}
	}
	r := explore.Walks(m, in.team(1), streams, eo)
	if find := r.Judging(); find != nil && rec.err == nil {
		_, rec.err = rec.follow(m, find.Choices)
	}
	return r, rec.err
}

// VerifyOptions say how to search every schedule. The zero value is the default.
type VerifyOptions struct {
	// Search is one of Searches; "" is states for an engine that may be remembered, else preemptions.
	Search      string
	Preemptions int   // the bound of the search "preemptions"; 0 with Search "" is PreemptionsDefault
	StatesMax   int64 // 0 is StatesDefault
	// MemoryMiB bounds what the states take that the search "states" has to tell apart; 0 means no limit.
	MemoryMiB int
	// Decided ends the search as soon as nothing can change a matrix's cell any more: the first of the oracles
	// that judge the scenario is violated.
	Decided bool
	// Workers search states at the same time; 0 is one for each processor. Verdict, states and findings are the same.
	Workers  int
	Stop     func() bool
	Progress func(Progress)
}

// StatesDefault is Verify's limit of states.
const StatesDefault = 20_000_000

// PreemptionsDefault is the bound of the search of an engine that may not be remembered. Every race of the catalogue
// needs at most as many.
const PreemptionsDefault = 2

// Completed puts in the defaults for a case.
func (o VerifyOptions) Completed(c *Case) VerifyOptions {
	switch {
	case o.Search == "" && c.Engine.Memoisable:
		o.Search = Searches()[0]
	case o.Search == "":
		o.Search = "preemptions"
		if o.Preemptions == 0 {
			o.Preemptions = PreemptionsDefault
		}
	}
	return o
}

// Verify searches every schedule in the case's scope, and shrinks and tells each finding.
func Verify(c *Case, o VerifyOptions) (report *Report, err error) {
	if r, err := c.notApplicable("verify"); r != nil || err != nil {
		return r, err
	}
	o = o.Completed(c)
	in, err := c.backed()
	if err != nil {
		return nil, err
	}
	defer in.finish(&err)
	o.Stop = in.halt(o.Stop)
	r, err := verify(in, o)
	if err != nil {
		return nil, err
	}
	report = &Report{Case: c, Command: "verify", Strategy: o.Search}
	if o.Search == "states" && !c.Scenario.judgesHistories() {
		report.NotJudged = historyOracles()
	}
	return report, report.fill(in, r, false)
}

func verify(in *instance, o VerifyOptions) (*explore.Result, error) {
	eo := options(o.Stop, o.Progress)
	eo.StatesMax = o.StatesMax
	if eo.StatesMax == 0 {
		eo.StatesMax = StatesDefault
	}
	if eo.MemoryMiB = o.MemoryMiB; o.Decided {
		eo.FirstOnly, eo.FirstOf = true, in.c.Scenario.Judged[0]
	}
	switch o.Search {
	case "states":
		if !in.c.Engine.Memoisable {
			return nil, fmt.Errorf("%w: the search states remembers what an engine did, and %s does not say that it "+
				"may be remembered: expected plain or preemptions", ErrUsage, in.c.Engine.Name)
		}
		m := sim.NewMemo(in.system)
		defer m.Close()
		return explore.States(m, in.team(o.Workers), eo), nil
	case "plain", "preemptions":
		m := sim.New(in.system)
		defer m.Close()
		eo.TransitionsMax = eo.StatesMax * 10
		return depthFirst(in, m, o, eo)
	}
	return nil, fmt.Errorf("%w: unknown search %q: expected states, plain or preemptions", ErrUsage, o.Search)
}

// depthFirst runs every schedule, from its start. Of a foreign engine each run is held against the one before.
func depthFirst(in *instance, m *sim.Machine, o VerifyOptions, eo explore.Options) (*explore.Result, error) {
	rec := &recorder{}
	if !in.c.Engine.Memoisable {
		rec.watch(&eo)
	}
	if o.Search == "plain" {
		r := explore.Plain(m, eo)
		return r, rec.err
	}
	r := explore.PreemptionBounded(m, o.Preemptions, eo)
	return r, rec.err
}

func options(stop func() bool, progress func(Progress)) explore.Options {
	o := explore.Options{Stop: stop}
	if progress != nil {
		o.Progress = func(r *explore.Result) { progress(Progress{r.Schedules, r.Transitions, r.States}) }
	}
	return o
}

// fill makes the report of a search's result. budget tells that a search which is not exhaustive
// ended because all that was asked for is done.
func (r *Report) fill(in *instance, res *explore.Result, budget bool) error {
	r.Schedules, r.Steps, r.States = res.Schedules, res.Transitions, res.States
	r.Accounts, r.Classes, r.Pairs = res.Accounts, res.Classes, res.Pairs
	r.Called = in.judge.called()
	histories, undecided := in.judge.histories()
	r.Histories, r.Checks = int64(histories), in.judge.checks()
	r.Reached, r.Unreached = in.judge.sometimes()
	// What was found before the machine broke is told if it still can be.
	var broke *sim.Failure
	told := r.tell(res)
	if told != nil && !errors.As(told, &broke) && res.Failure == nil {
		return told
	}
	switch {
	case res.Failure != nil:
		r.Verdict, r.Reason = Unknown, res.Failure.Error()
	case broke != nil:
		r.Verdict, r.Reason = Unknown, told.Error()
	case len(r.Findings) > 0:
		r.Verdict = Violated
		if res.NotLeast != "" {
			r.Reason = "the search for the least schedule was cut by a limit: " + res.NotLeast
		}
	case !res.Exhausted && !budget && !res.PreemptionsCut:
		r.Verdict, r.Reason = Unknown, "cut by a limit: "+res.Limit
	case undecided > 0:
		r.Verdict, r.Reason = Unknown, fmt.Sprintf("the check of %d histories hit its limit", undecided)
	case len(r.Unreached) > 0:
		r.Verdict, r.Reason = Unknown, fmt.Sprintf("never reached: %q", r.Unreached)
	default:
		r.Verdict, r.Proved = OK, res.Exhausted
	}
	return nil
}

// tell shrinks each find that judges and turns it into a finding; the others are told as they are.
func (r *Report) tell(res *explore.Result) error {
	for _, f := range res.Finds {
		if !f.Violation.Judging {
			finding, err := narrate(r.Case, f, 0)
			if err != nil {
				return err
			}
			r.AlsoSeen = append(r.AlsoSeen, finding)
			continue
		}
		finding, err := tell(r.Case, f)
		if err != nil {
			return err
		}
		r.Findings = append(r.Findings, finding)
	}
	return nil
}

// tell shrinks a find of a case and replays it for the reader.
func tell(c *Case, f explore.Find) (*Finding, error) {
	if err := c.confirm(f); err != nil {
		return nil, err
	}
	cases := c.smaller()
	var variants []func() *sim.System
	for _, s := range cases {
		variants = append(variants, func() *sim.System { return s.instance().system })
	}
	s, err := explore.Shrink(f, variants)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNondeterministic, err)
	}
	finding, err := narrate(cases[s.Variant], s.Find, s.Cost.Switches)
	if err != nil {
		return nil, err
	}
	return finding, cases[s.Variant].replayBacked(finding)
}
