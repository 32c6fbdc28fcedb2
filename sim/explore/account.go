package explore

import "fermata/sim"

// Account is what one strategy of a walk did: the walk's own, or one that a portfolio gave turns to.
type Account struct {
	Strategy string
	// Schedules are its complete runs, and Steps what they took with the one that was cut.
	Schedules, Steps int64
	// Finds is how many of the walk's finds it was the first to make.
	Finds int
	// Violated tells that a run of it violated what judges.
	Violated bool
	// Guarantee has, for a strategy that gives one, the least chance that a run of a depth meets a violation of that
	// depth, for depths 1, 2 and 3.
	Guarantee []float64
	// Classes and Pairs are the different trace classes and reads-from pairs of its runs; 0 without Options.Coverage.
	Classes, Pairs int64
	// Estimate is how much its runs leave unseen.
	Estimate Estimate

	sampled int64  // schedules that are a sample
	why     string // others are none
	classes map[[2]uint64]int64
	pairs   map[ReadsFrom]bool
	once    int64
	twice   int64
}

// mark is how far a walk was before a run.
type mark struct {
	schedules int64
	finds     int
	judging   int64
}

func (r *Result) mark() mark { return mark{r.Schedules, len(r.Finds), r.judging} }

// book puts a run into the account of whose turn it was.
func (r *Result) book(m *sim.Machine, s Strategy, before mark) {
	if p, ok := s.(interface{ Turn() Strategy }); ok {
		s = p.Turn()
	}
	a := r.account(s.Name())
	a.Steps += int64(m.Steps())
	for range len(r.Finds) - before.finds {
		a.Finds++
		r.makers = append(r.makers, a.Strategy)
	}
	ok, why := false, "nothing is known of how its runs depend on each other"
	if sampler, is := s.(Sampler); is {
		ok, why = sampler.Sampled()
	}
	if !ok {
		a.why = why
	}
	a.Violated = a.Violated || r.judging > before.judging
	if g, is := s.(Guarantor); is {
		a.guarantees(g)
	}
	if r.Schedules == before.schedules {
		return
	}
	a.Schedules++
	if ok {
		a.sampled++
	}
	if r.coverage != nil {
		r.coverage.book(a, ok)
	}
}

// Guarantor is a Strategy that gives a least chance, for a run of a depth.
type Guarantor interface {
	Guarantee(depth int) float64
}

func (a *Account) guarantees(g Guarantor) {
	a.Guarantee = a.Guarantee[:0]
	for depth := 1; depth <= 3; depth++ {
		a.Guarantee = append(a.Guarantee, g.Guarantee(depth))
	}
}

func (r *Result) account(name string) *Account {
	for i := range r.Accounts {
		if r.Accounts[i].Strategy == name {
			return &r.Accounts[i]
		}
	}
	r.Accounts = append(r.Accounts, Account{Strategy: name})
	return &r.Accounts[len(r.Accounts)-1]
}

// coverage follows a run, and has what all runs together have shown.
type coverage struct {
	class   Class
	sources sources
	pairs   []ReadsFrom // of the run
	classes map[[2]uint64]bool
	seen    map[ReadsFrom]bool
}

func newCoverage() *coverage {
	return &coverage{classes: map[[2]uint64]bool{}, seen: map[ReadsFrom]bool{}}
}

func (c *coverage) begin() {
	if c != nil {
		c.class.Reset()
		c.sources.begin()
		c.pairs = c.pairs[:0]
	}
}

func (c *coverage) add(t *sim.Transition) {
	if c != nil {
		c.class.Add(t)
		c.sources.add(t)
		c.pairs = append(c.pairs, c.sources.pairs...)
	}
}

// book counts a complete run.
func (c *coverage) book(a *Account, sampled bool) {
	if a.classes == nil {
		a.classes, a.pairs = map[[2]uint64]int64{}, map[ReadsFrom]bool{}
	}
	c.classes[c.class.Sum] = true
	for _, p := range c.pairs {
		c.seen[p], a.pairs[p] = true, true
	}
	n := int64(0)
	if sampled {
		n = 1
	}
	a.seen(c.class.Sum, n)
}

// seen counts so many runs of a class more that are a sample.
func (a *Account) seen(class [2]uint64, n int64) {
	before := a.classes[class]
	a.classes[class] = before + n
	a.rare(before, -1)
	a.rare(before+n, 1)
}

// rare adds to the classes that have one run, or two.
func (a *Account) rare(runs, change int64) {
	switch runs {
	case 1:
		a.once += change
	case 2:
		a.twice += change
	}
}
