package catalogue

import (
	"fmt"
	"slices"

	"fermata/model"
)

// lifePlan says who of the scenario takes each step of a life.
type lifePlan struct {
	c    *Case
	life []LifeStep // as far as the figures go
	// of is the operation of each step, and actor the name of who performs each operation.
	of    []int
	ops   []lifeOperation
	actor []string
	scope Scope
}

// lifeOperation is an operation of a life: its steps from first to last, among those of others.
type lifeOperation struct {
	actor       string
	number      int
	do          LifeOp
	queue       string
	first, last int
}

// turn is what one of the scenario's actors does at a stretch: an operation, or a poll and the result of what it gave.
type turn struct {
	actor       string
	ops         []int
	first, last int
}

// planLife gives each operation to an actor of the case. Packed, as few actors as can do it take the life's operations,
// which do not meet then; else each actor of the life is one of the scenario's, so that locks that one keeps are its.
// Of a life beyond the figures that a scope can have the beginning is taken.
func planLife(c *Case, life []LifeStep, packed bool) (*lifePlan, error) {
	for {
		p := &lifePlan{c: c, life: life}
		if err := p.read(); err != nil {
			return nil, err
		}
		fits, err := p.seat(packed)
		if err != nil || fits {
			return p, err
		}
		last := 0
		for _, op := range p.ops {
			last = max(last, op.first)
		}
		life = life[:last]
	}
}

func (p *lifePlan) refuse(step int, format string, args ...any) error {
	return &LifeError{Step: step + 1, At: &p.life[step], Why: fmt.Sprintf(format, args...)}
}

// read groups the steps by their operations.
func (p *lifePlan) read() error {
	if len(p.life) == 0 {
		return &LifeError{Why: "has no steps"}
	}
	latest := map[string]int{} // the operation of each actor
	for i := range p.life {
		s := &p.life[i]
		at, begun := latest[s.Actor]
		switch {
		case s.Do == 0 || int(s.Do) >= len(lifeOps):
			return p.refuse(i, "does what is no operation: expected start, sweep, poll, update, audit, system or "+
				"unacks")
		case i > 0 && s.At < p.life[i-1].At:
			return p.refuse(i, "goes back in time: the step before was at %s", p.life[i-1].At)
		case begun && p.ops[at].number == s.Op && p.ops[at].do != s.Do:
			return p.refuse(i, "goes on with operation %d, which is a %s", s.Op, p.ops[at].do)
		case begun && s.Op < p.ops[at].number:
			return p.refuse(i, "goes back to operation %d after operation %d of the same actor", s.Op, p.ops[at].number)
		}
		if !begun || p.ops[at].number != s.Op {
			at = len(p.ops)
			latest[s.Actor] = at
			p.ops = append(p.ops, lifeOperation{actor: s.Actor, number: s.Op, do: s.Do, queue: s.Queue, first: i})
		}
		p.ops[at].last = i
		p.of = append(p.of, at)
	}
	p.actor = make([]string, len(p.ops))
	return nil
}

// seat gives the operations to actors, and makes the scope; false if one cannot have the figures.
func (p *lifePlan) seat(packed bool) (fits bool, err error) {
	p.scope = p.c.Scope
	s := &p.scope
	turns, err := p.turns()
	if err != nil {
		return false, err
	}
	if starts := turns[LifeStart]; len(starts) > 1 {
		return false, p.refuse(starts[1].first, "starts its workflow again: expected one start")
	}
	p.take(turns[LifeStart], "client")
	s.Sweepers, s.Sweeps = p.lanes(turns[LifeSweep], packed, sweeperName)
	s.Workers, s.Polls = p.lanes(turns[LifeSystem], packed, systemName)
	for k, queue := range p.c.refs(w1) {
		jobs, err := p.jobs(queue)
		if err != nil {
			return false, err
		}
		workers, polls := p.lanes(jobs, packed, func(n int) string { return workerName(k, n) })
		s.Workers, s.Polls = max(s.Workers, workers), max(s.Polls, polls)
	}
	if err := p.audits(turns[LifeAudit]); err != nil {
		return false, err
	}
	s.Advances = scopeMax
	fits = s.Sweepers <= scopeMax && s.Sweeps <= scopeMax && s.Polls <= sizeMax && s.Audits <= scopeMax &&
		s.Workers <= sizeMax && p.c.Scenario.unfitWhole(*s) == ""
	s.Whole = s.Whole.plain()
	return fits, nil
}

// turns are the operations that are a turn each. Polls and results must be of known queues, and in pairs.
func (p *lifePlan) turns() (turns map[LifeOp][]turn, err error) {
	turns = map[LifeOp][]turn{}
	polls := map[string]bool{} // whose last operation is a poll
	for n, op := range p.ops {
		switch known := p.c.refs(w1); {
		case op.do == LifePoll && !slices.Contains(known, op.queue):
			return nil, p.refuse(op.first, "polls %q: expected one of %q", op.queue, known)
		case op.do == LifeSystem && (p.c.Scope.Branches == 0 || op.queue != model.Join.String()):
			return nil, p.refuse(op.first, "has the engine poll %q: expected JOIN, and branches=N in the "+
				"scope", op.queue)
		case op.do == LifeUpdate && !polls[op.actor]:
			return nil, p.refuse(op.first, "reports what its actor has not polled: expected a poll before")
		}
		polls[op.actor] = op.do == LifePoll
		turns[op.do] = append(turns[op.do], turn{op.actor, []int{n}, op.first, op.last})
	}
	return turns, nil
}

// jobs are the polls of a queue, each with the result that followed. Who got something and does not report it in this
// life has it to the end.
func (p *lifePlan) jobs(queue string) (jobs []turn, err error) {
	last := map[string]int{} // the job that an actor is at
	for n, op := range p.ops {
		job, at := last[op.actor]
		switch {
		case op.do == LifePoll && op.queue == queue:
			last[op.actor] = len(jobs)
			jobs = append(jobs, turn{op.actor, []int{n}, op.first, op.last})
			if p.given(n) {
				jobs[len(jobs)-1].last = len(p.life)
			}
		case op.do == LifeUpdate && at:
			jobs[job].ops = append(jobs[job].ops, n)
			jobs[job].last = op.last
			delete(last, op.actor)
		default:
			delete(last, op.actor)
		}
	}
	return jobs, nil
}

// given tells whether the first step of a poll was given a message.
func (p *lifePlan) given(op int) bool { return p.life[p.ops[op].first].Code == replyDone }

// lanes gives turns to as few actors as there are at once, or to one for each of the life's, and tells how many there
// are and how many turns the busiest has.
func (p *lifePlan) lanes(turns []turn, packed bool, name func(n int) string) (count, most int) {
	type lane struct {
		actor      string
		last, took int
	}
	var lanes []lane
	for _, t := range turns {
		n := slices.IndexFunc(lanes, func(l lane) bool {
			return packed && l.last < t.first || !packed && l.actor == t.actor
		})
		if n < 0 {
			n = len(lanes)
			lanes = append(lanes, lane{actor: t.actor})
		}
		lanes[n].last = t.last
		lanes[n].took++
		most = max(most, lanes[n].took)
		p.take([]turn{t}, name(n))
	}
	return len(lanes), most
}

func sweeperName(n int) string { return fmt.Sprintf("sweeper-%d", n+1) }

func (p *lifePlan) take(turns []turn, actor string) {
	for _, t := range turns {
		for _, op := range t.ops {
			p.actor[op] = actor
		}
	}
}

// audits are one actor's. A life without any has no audit.
func (p *lifePlan) audits(audits []turn) error {
	s := &p.scope
	if s.Audits = len(audits); s.Audits == 0 {
		s.Remedy, s.Period = 0, 0
		return nil
	}
	if s.Remedy&StateAudit == 0 {
		return p.refuse(audits[0].first, "has an audit, and the case none: expected remedy=audit in its scope")
	}
	for i := 1; i < len(audits); i++ {
		if audits[i].first < audits[i-1].last {
			return p.refuse(audits[i].first, "has an audit within another: expected one after the other")
		}
	}
	p.take(audits, "state-audit")
	return nil
}
