package explore

import "fermata/sim"

// Account is what one strategy of a walk did: the walk's own, or one that a portfolio gave turns to.
type Account struct {
	Strategy string
	// Schedules are its complete runs, and Steps what they took with the one that was cut.
	Schedules, Steps int64
	// Finds is how many of the walk's finds it was the first to make.
	Finds int
	// Classes and Pairs are the different trace classes and reads-from pairs of its runs; 0 without Options.Coverage.
	Classes, Pairs int64
	// Estimate is how much its runs leave unseen.
	Estimate Estimate

	sampled int64  // schedules that are a sample
	why     string // others are none
	judging bool   // a run violated what judges
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
	a.Finds += len(r.Finds) - before.finds
	ok, why := false, "nothing is known of how its runs depend on each other"
	if sampler, is := s.(Sampler); is {
		ok, why = sampler.Sampled()
	}
	if !ok {
		a.why = why
	}
	a.judging = a.judging || r.judging > before.judging
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
	n := a.classes[c.class.Sum]
	if sampled {
		n++
		switch n {
		case 1:
			a.once++
		case 2:
			a.once--
			a.twice++
		case 3:
			a.twice--
		}
	}
	a.classes[c.class.Sum] = n
}
