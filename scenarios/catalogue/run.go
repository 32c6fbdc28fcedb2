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

// The searches that Verify knows.
const (
	searchStates          = "states"
	searchPlain           = "plain"
	searchPreemptions     = "preemptions"
	searchDelays          = "delays"
	searchDPOR            = "dpor"
	searchDPORPreemptions = "dpor-preemptions"
)

// Searches lists the names that VerifyOptions.Search may have.
func Searches() []string {
	return []string{
		searchStates, searchPlain, searchPreemptions, searchDelays, searchDPOR, searchDPORPreemptions,
	}
}

// Progress tells how far a search is. Depth is how many steps the path has that it is on, and Open how many choices
// along it are known to be still to be taken; both are 0 of one that samples.
type Progress struct {
	Schedules, Steps, States, Classes int64
	Depth, Open                       int
}

// SchedulesDefault is the budget of Find: a count, so that it is the same everywhere.
const SchedulesDefault = 50_000

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
	// enough, if not nil, tells that as much is done as was asked for.
	enough func() bool
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
		if o.Coverage && r.Judging() == nil && c.Engine.Memoisable {
			report.ClassesExact, report.ClassesMore = c.countClasses(o.Stop)
		}
		return report, report.fill(in, r, r.Limit == limitSchedules || o.content(r))
	})
}

// content tells whether a walk ended because enough was done, and not for Ctrl-C.
func (o *FindOptions) content(r *explore.Result) bool {
	return r.Limit == limitStopped && o.enough != nil && o.enough() && (o.Stop == nil || !o.Stop())
}

// stop is Ctrl-C, or that enough is done.
func (o *FindOptions) stop() func() bool {
	if o.enough == nil {
		return o.Stop
	}
	return func() bool { return o.enough() || o.Stop != nil && o.Stop() }
}

// classesSteps is how many steps countClasses takes at most: a second's worth, or less.
const classesSteps = 250_000

// countClasses counts the trace classes of the case's scope by DPOR, judging nothing. more tells that there are more.
func (c *Case) countClasses(stop func() bool) (n int64, more bool) {
	s := c.instance().system
	s.Judge, s.Histories = nil, false
	m := sim.NewMemo(s)
	defer m.Close()
	r := explore.DPOR(m, explore.Options{TransitionsMax: classesSteps, Stop: stop})
	return r.Classes, !r.Exhausted
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

// What explore calls the limit of schedules, and a Stop.
const (
	limitSchedules = "schedules"
	limitStopped   = "stopped"
)

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
	eo := options(in.halt(o.stop()), o.Progress)
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

func options(stop func() bool, progress func(Progress)) explore.Options {
	o := explore.Options{Stop: stop}
	if progress != nil {
		o.Progress = func(r *explore.Result) {
			depth, open := r.Frontier()
			progress(Progress{r.Schedules, r.Transitions, r.States, r.Classes, depth, open})
		}
	}
	return o
}

// fill makes the report of a search's result. budget tells that a search which is not exhaustive
// ended because all that was asked for is done.
func (r *Report) fill(in *instance, res *explore.Result, budget bool) error {
	r.Schedules, r.Steps, r.States = res.Schedules, res.Transitions, res.States
	r.Accounts, r.Classes, r.Pairs = res.Accounts, res.Classes, res.Pairs
	r.Exhausted, r.Limit, r.Memory, r.Redundant = res.Exhausted, res.Limit, res.Memory, res.SleepBlocked
	r.BoundCut = res.PreemptionsCut || res.DelaysCut
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
	case res.Limit != "" && !budget:
		r.Verdict, r.Reason = Unknown, "cut by a limit: "+res.Limit
	case !res.Exhausted && !r.BoundCut && !budget:
		r.Verdict, r.Reason = Unknown, "the search did not come to its end"
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
