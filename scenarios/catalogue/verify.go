package catalogue

import (
	"errors"
	"fmt"
	"strings"

	"fermata/sim"
	"fermata/sim/explore"
)

// VerifyOptions say how to search every schedule. The zero value is the default.
type VerifyOptions struct {
	// Search is one of Searches; "" is states for an engine that may be remembered, else preemptions.
	Search string
	// Preemptions and Delays bound the searches that are named for them. Preemptions 0 with Search "" is
	// PreemptionsDefault.
	Preemptions, Delays int
	// StatesMax limits states and, of the searches that do not tell states apart, steps to ten times as many; 0 is
	// StatesDefault.
	StatesMax int64
	// MemoryMiB bounds what the states or classes take that a search has to tell apart; 0 means no limit.
	MemoryMiB int
	// Decided ends the search as soon as nothing can change a matrix's cell any more: the first of the oracles
	// that judge the scenario is violated.
	Decided bool
	// First ends the search at the first violation of an oracle that judges.
	First bool
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
		o.Search = searchStates
	case o.Search == "":
		o.Search = searchPreemptions
		if o.Preemptions == 0 {
			o.Preemptions = PreemptionsDefault
		}
	}
	if o.StatesMax == 0 {
		o.StatesMax = StatesDefault
	}
	return o
}

// Remembers tells whether the search has states or classes to tell apart, so that MemoryMiB bounds it.
func (o VerifyOptions) Remembers() bool { return o.Search == searchStates || o.reduces() }

// reduces tells whether the search makes one run of each trace class.
func (o VerifyOptions) reduces() bool {
	return o.Search == searchDPOR || o.Search == searchDPORPreemptions
}

// Bounded names what the search bounds, preemptions or delays, and gives the bound; "" if it bounds nothing.
func (o VerifyOptions) Bounded() (what string, most int) {
	switch o.Search {
	case searchPreemptions, searchDPORPreemptions:
		return "preemption", o.Preemptions
	case searchDelays:
		return "delay", o.Delays
	}
	return "", 0
}

// Limits are when the search is cut: states of one that tells states apart, else steps. The other is 0.
func (o VerifyOptions) Limits() (states, steps int64) {
	if o.Search == searchStates {
		return o.StatesMax, 0
	}
	return 0, o.StatesMax * stepsOfState
}

// stepsOfState is how many steps a search that does not tell states apart may take for each state of the limit.
const stepsOfState = 10

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
	report.Bounds, report.Bound = o.Bounded()
	if in.remembers(o) && !c.Scenario.judgesHistories() {
		report.NotJudged = historyOracles()
	}
	if o.reduces() {
		report.InTheseRuns = c.notInEveryOrder(report.NotJudged)
	}
	err = report.fill(in, r, false)
	report.Proved = report.Proved && !o.reduces()
	return report, err
}

// remembers tells whether a search goes by a reply tree, and so keeps histories only where they are judged.
func (in *instance) remembers(o VerifyOptions) bool {
	return o.Search == searchStates || o.reduces() && in.c.Engine.Memoisable
}

func verify(in *instance, o VerifyOptions) (*explore.Result, error) {
	eo := options(o.Stop, o.Progress)
	eo.StatesMax, eo.TransitionsMax = o.Limits()
	if eo.MemoryMiB, eo.FirstOnly = o.MemoryMiB, o.First; o.Decided {
		eo.FirstOnly, eo.FirstOf = true, in.c.Scenario.Judged[0]
	}
	switch o.Search {
	case searchStates:
		if !in.c.Engine.Memoisable {
			return nil, fmt.Errorf("%w: the search states remembers what an engine did, and %s does not say that it "+
				"may be remembered: expected %s", ErrUsage, in.c.Engine.Name, strings.Join(Searches()[1:], ", "))
		}
		m := sim.NewMemo(in.system)
		defer m.Close()
		return explore.States(m, in.team(o.Workers), eo), nil
	case searchPlain, searchPreemptions, searchDelays:
		m := sim.New(in.system)
		defer m.Close()
		return depthFirst(in, m, o, eo)
	case searchDPOR, searchDPORPreemptions:
		return reduced(in, o, eo)
	}
	return nil, fmt.Errorf("%w: unknown search %q: expected one of %s", ErrUsage, o.Search,
		strings.Join(Searches(), ", "))
}

// reduced makes one run of each trace class: along reply trees if the engine may be remembered, else from its start.
func reduced(in *instance, o VerifyOptions, eo explore.Options) (*explore.Result, error) {
	if in.c.Host != nil {
		return nil, fmt.Errorf("%w: the search %s does not know what the goroutines of %s depend on",
			ErrUsage, o.Search, in.c.Engine.Name)
	}
	eo.GhostAccesses = in.ghosts()
	if in.c.Engine.Memoisable {
		m := sim.NewMemo(in.system)
		defer m.Close()
		r, err := depthFirst(in, m, o, eo)
		return recheck(m, r), err
	}
	m := sim.New(in.system)
	defer m.Close()
	return depthFirst(in, m, o, eo)
}

// depthFirst is every search that keeps a path and no states. Of a foreign engine each run is held against the one
// before.
func depthFirst(in *instance, m *sim.Machine, o VerifyOptions, eo explore.Options) (r *explore.Result, err error) {
	rec := &recorder{}
	if !in.c.Engine.Memoisable {
		rec.watch(&eo)
	}
	switch o.Search {
	case searchPlain:
		r = explore.Plain(m, eo)
	case searchDelays:
		r = explore.DelayBounded(m, o.Delays, eo)
	case searchDPOR:
		r = explore.DPOR(m, eo)
	case searchDPORPreemptions:
		r = explore.PreemptionBoundedDPOR(m, o.Preemptions, eo)
	default:
		r = explore.PreemptionBounded(m, o.Preemptions, eo)
	}
	return r, rec.err
}

// recheck runs the engine's code again along everything that a search by reply tree has seen of it: an engine
// that keeps something between operations does otherwise, and then nothing is proved.
func recheck(m *sim.Machine, r *explore.Result) *explore.Result {
	if r.Failure == nil && r.Limit == "" {
		_ = errors.As(m.Recheck(), &r.Failure)
	}
	return r
}
