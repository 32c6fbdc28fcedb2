package catalogue

import (
	"slices"

	"fermata/sim"
	"fermata/sim/explore"
)

// Budget is how far Examine looks at an engine that cannot be remembered. It is made of counts, so that it is the same
// everywhere.
type Budget struct {
	// Schedules are sampled, by the default of Strategies; 0 is ExaminedDefault.
	Schedules int64
	// Preemptions bounds the search that follows: every schedule with at most that many, up to Bounded schedules; 0 is
	// no limit.
	Preemptions int
	Bounded     int64
	Seed        uint64
	Stop        func() bool
	Progress    func(Progress)
}

// twiceEvery is the share of the sampled schedules that Examine runs a second time, and compares.
const twiceEvery = 10

// Examine looks at a case as thoroughly as its engine allows. One that may be remembered is searched in every
// interleaving of the scope. The code of any other runs anew in every schedule: first in sampled ones, of which a share
// runs twice and must come out the same, and then in every schedule with few preemptions.
func Examine(c *Case, b Budget) (*Report, error) {
	if c.Engine.Memoisable {
		return Verify(c, VerifyOptions{Stop: b.Stop, Progress: b.Progress})
	}
	return c.search("examine", (*instance).coroutines, b.examine)
}

// ExaminedDefault is how many schedules Examine samples.
const ExaminedDefault = 20_000

// examine samples, and then searches with few preemptions.
func (b Budget) examine(in *instance, m *sim.Machine) (*Report, error) {
	o := FindOptions{Seed: b.Seed, Schedules: b.Schedules, Stop: b.Stop, Progress: b.Progress, twice: twiceEvery}
	if o.Schedules == 0 {
		o.Schedules = ExaminedDefault
	}
	strategy, err := o.complete()
	if err != nil {
		return nil, err
	}
	sampled, err := walk(in, m, strategy, o)
	if err != nil {
		return nil, err
	}
	report := &Report{Case: in.c, Command: "examine", Strategy: o.Strategy, Seed: o.Seed}
	if sampled.Judging() != nil || sampled.Failure != nil || sampled.Limit != limitSchedules {
		return report, report.fill(in, sampled, false)
	}
	eo := options(in.halt(b.Stop), b.Progress)
	eo.SchedulesMax = b.Bounded
	bounded, err := depthFirst(in, m, VerifyOptions{Preemptions: b.Preemptions}, eo)
	if err != nil {
		return nil, err
	}
	report.Strategy += ", preemptions"
	report.Preemptions, report.Bounded = b.Preemptions, bounded.Schedules
	report.BoundedCut = bounded.Limit == limitSchedules
	return report, report.fill(in, both(sampled, bounded), report.BoundedCut)
}

// both adds what was sampled to what a search covered.
func both(sampled, searched *explore.Result) *explore.Result {
	sum := *searched
	sum.Schedules += sampled.Schedules
	sum.Transitions += sampled.Transitions
	sum.Accounts, sum.Classes, sum.Pairs = sampled.Accounts, sampled.Classes, sampled.Pairs
	sum.Finds = slices.Clone(sampled.Finds)
	for _, f := range searched.Finds {
		known := slices.ContainsFunc(sampled.Finds, func(g explore.Find) bool {
			return f.Violation.Oracle == g.Violation.Oracle && f.Violation.Object == g.Violation.Object
		})
		if !known {
			sum.Finds = append(sum.Finds, f)
		}
	}
	return &sum
}
