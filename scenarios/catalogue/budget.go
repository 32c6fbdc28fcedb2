package catalogue

import (
	"math"

	"fermata/sim/explore"
)

// Spending says how to look at a case with a budget of time. The clock is the caller's: what is decided here is decided
// by how much of the budget is spent, so that the same answers of Spent give the same report.
type Spending struct {
	// Command is "find" or "verify". find ends at the first violation; verify is not content with a sample.
	Command string
	// Spent tells which part of the budget is spent, from 0; at 1 and beyond nothing is left.
	Spent func() float64
	// Planned, if not nil, is told the plan before it is followed.
	Planned func(*Plan)

	Strategy  string // one of Strategies, for what is sampled; "" is the first
	Seed      uint64
	Coverage  bool
	MemoryMiB int
	Workers   int // 0 is one for each processor; with one, equal answers of Spent give an equal report
	Stop      func() bool
	Progress  func(Progress)
}

// Plan is how a budget is to be spent, and what that guarantees as far as can be said before. The parts of the budget
// are those by which a search must have ended.
type Plan struct {
	// Schedules and States were run to measure the speed; Rate and StatesRate are how many fit into the whole budget at
	// that speed.
	Schedules, States int64
	Rate, StatesRate  float64
	// UntilStates and UntilBounded are the parts of the budget at which the search of states and those with a bound on
	// preemptions end at the latest; what is sampled has the rest. UntilStates is 0 for an engine that may not be
	// remembered.
	UntilStates, UntilBounded float64
	// Reach tells that the search of states ended while its speed was measured: the budget is not needed.
	Reach bool
	// Actors and Steps are the n and k of PCT's bound, as measured; 0 of a strategy that gives none.
	Actors, Steps int
	// Sampled are the schedules for which the rest of the budget is enough at that speed, and Chances are those of
	// meeting in them a violation of depth 1, 2 and 3, if there is one, at least.
	Sampled int64
	Chances [3]float64
}

// Stage is one search on which a budget was spent.
type Stage struct {
	Search string
	// Bound is the most preemptions in a schedule, of a search with a bound on them.
	Bound                    int
	Schedules, States, Steps int64
	// Complete tells that the search came to its end; Limit names what cut it if not.
	Complete bool
	Limit    string
}

// The counts that measure a speed, and the parts of a budget.
const (
	measuredSchedules = 200
	measuredStates    = 5_000
	untilMeasured     = 0.1
	untilStates       = 0.5
	untilBounded      = 0.75
)

// boundMost is the largest bound on preemptions that is tried.
const boundMost = 10

// Spend looks at a case with a budget: it measures how fast the case is, plans, and follows the plan. The search of
// states comes first, since only that proves; then every schedule with 0, 1, 2 and more preemptions; and then what is
// left is sampled. A violation ends it.
func Spend(c *Case, s Spending) (*Report, error) {
	if r, err := c.notApplicable(s.Command); r != nil || err != nil {
		return r, err
	}
	p := &spender{c: c, Spending: s, plan: &Plan{}}
	r, err := p.spend()
	if err != nil {
		return nil, err
	}
	r.Command, r.Limit, r.Plan, r.Stages = s.Command, p.limit(r), p.plan, p.stages
	switch {
	case r.Verdict == Violated || r.Exhausted:
	case p.interrupted(): // perhaps between two searches
		r.Verdict, r.Limit, r.Reason = Unknown, limitStopped, "cut by a limit: "+limitStopped
	case r.Verdict == OK && s.Command == "verify":
		r.Verdict, r.Reason = Unknown, "the budget ended before the scope was covered"
	}
	return r, nil
}

// spender follows a plan.
type spender struct {
	c *Case
	Spending
	plan   *Plan
	stages []Stage
}

func (p *spender) spend() (*Report, error) {
	found, err := p.measure()
	if err != nil {
		return nil, err
	}
	over := p.ends(found) && (p.Command == "find" || !p.c.Engine.Memoisable || found.Exhausted)
	if p.Planned != nil && (!over || p.plan.Reach) {
		p.Planned(p.plan)
	}
	if over {
		return found, nil
	}
	for _, search := range []func() (*Report, error){p.states, p.bounded, p.sample} {
		r, err := search()
		if err != nil || p.ends(r) {
			return r, err
		}
		if r != nil {
			found = better(found, r)
		}
		if found.Verdict == Violated {
			break // verify had one while it measured
		}
	}
	return found, nil
}

// better is what came later, unless that found nothing where the other did.
func better(before, r *Report) *Report {
	if before.Verdict == Violated {
		return before
	}
	return r
}

// ends tells whether nothing is to be looked for after a report: the scope is covered, a violation, a failure, or
// Ctrl-C. A limit is none of these.
func (p *spender) ends(r *Report) bool {
	if r == nil {
		return false
	}
	failed := r.Verdict == Unknown && r.Limit == "" && !r.BoundCut
	return failed || r.Exhausted || r.Verdict == Violated || p.interrupted()
}

func (p *spender) interrupted() bool { return p.Stop != nil && p.Stop() }

// until is a search's Stop at that part of the budget.
func (p *spender) until(part float64) func() bool {
	return func() bool { return p.interrupted() || p.Spent() >= part }
}

// measure runs a few schedules and meets a few states, and makes the plan from how long that takes.
func (p *spender) measure() (*Report, error) {
	plan, before := p.plan, p.Spent()
	r, err := p.find(measuredSchedules, untilMeasured)
	if err != nil {
		return nil, err
	}
	plan.Schedules, plan.Rate = r.Schedules, perBudget(r.Schedules, p.Spent()-before)
	plan.UntilBounded = untilStates
	if p.c.Engine.Memoisable {
		plan.UntilStates, plan.UntilBounded = untilStates, untilBounded
	}
	plan.Sampled = int64(plan.Rate * (1 - plan.UntilBounded))
	plan.guarantee(r.Accounts)
	if p.ends(r) || !p.c.Engine.Memoisable {
		return r, nil
	}
	before = p.Spent()
	o := p.verifying(untilMeasured)
	o.StatesMax = measuredStates
	s, err := Verify(p.c, o)
	if err != nil {
		return nil, err
	}
	plan.States, plan.StatesRate, plan.Reach = s.States, perBudget(s.States, p.Spent()-before), s.Exhausted
	if plan.Reach || p.ends(s) {
		p.stage(s)
		return s, nil
	}
	return r, nil
}

// perBudget is how many fit into the whole budget if n take so much of it.
func perBudget(n int64, part float64) float64 { return float64(n) / max(part, 1e-9) }

// guarantee says what sampling guarantees, from PCT's own bound.
func (plan *Plan) guarantee(accounts []explore.Account) {
	schedules := int64(0)
	for _, a := range accounts {
		schedules += a.Schedules
	}
	for _, a := range accounts {
		if g := a.Guarantee; len(g) == 3 && g[1] > 0 && schedules > 0 {
			plan.Actors, plan.Steps = int(math.Round(1/g[0])), int(math.Round(g[0]/g[1]))
			share := float64(a.Schedules) / float64(schedules)
			plan.Chances = Chances(g, int64(share*float64(plan.Sampled)))
		}
	}
}

// Chances are those that so many runs of PCT, whose depths change from run to run, meet a violation of depth 1, 2 and
// 3, at least, if there is one and g are those of one run of that depth.
func Chances(g []float64, runs int64) (chances [3]float64) {
	for i := range chances {
		chances[i] = 1 - math.Pow(1-g[i], float64(runs/explore.PCTDepths))
	}
	return chances
}

func (p *spender) verifying(part float64) VerifyOptions {
	return VerifyOptions{
		Workers: p.Workers,
		Search:  searchStates, MemoryMiB: p.MemoryMiB, First: p.Command == "find",
		Stop: p.until(part), Progress: p.Progress,
	}
}

// states searches states, if the engine may be remembered.
func (p *spender) states() (*Report, error) {
	if p.plan.UntilStates == 0 {
		return nil, nil
	}
	r, err := Verify(p.c, p.verifying(p.plan.UntilStates))
	if err == nil {
		p.stage(r)
	}
	return r, err
}

// bounded searches every schedule with at most 0 preemptions, then 1, and so on.
func (p *spender) bounded() (*Report, error) {
	for bound := 0; bound <= boundMost && !p.until(p.plan.UntilBounded)(); bound++ {
		o := p.verifying(p.plan.UntilBounded)
		o.Search, o.Preemptions, o.MemoryMiB = searchPreemptions, bound, 0
		r, err := Verify(p.c, o)
		if err != nil {
			return nil, err
		}
		p.stage(r)
		if p.ends(r) {
			return r, nil
		}
		if r.Limit != "" {
			break
		}
	}
	return nil, nil
}

// sample runs schedules for the rest of the budget.
func (p *spender) sample() (*Report, error) {
	r, err := p.find(math.MaxInt64, 1)
	if err == nil {
		p.stage(r)
	}
	return r, err
}

// find samples up to a part of the budget; that it ends is what was asked for.
func (p *spender) find(schedules int64, part float64) (*Report, error) {
	return Find(p.c, FindOptions{
		Workers:  p.Workers,
		Strategy: p.Strategy, Seed: p.Seed, Schedules: schedules, Coverage: p.Coverage && part == 1,
		Stop: p.Stop, Progress: p.Progress, enough: func() bool { return p.Spent() >= part },
	})
}

// stage notes a search.
func (p *spender) stage(r *Report) {
	complete := r.Exhausted || r.Limit == "" || r.Command == "find" && !p.interrupted()
	p.stages = append(p.stages, Stage{
		Search: r.Strategy, Bound: r.Bound, Schedules: r.Schedules, States: r.States, Steps: r.Steps,
		Complete: complete, Limit: p.limit(r),
	})
}

// limit names what cut a search; a stop that is not Ctrl-C is the budget's.
func (p *spender) limit(r *Report) string {
	if r.Limit == limitStopped && !p.interrupted() {
		return "budget"
	}
	return r.Limit
}
