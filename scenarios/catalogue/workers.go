package catalogue

import (
	"fermata/sim"
	"fermata/sim/explore"
)

// team is who searches beside the instance: so many workers with it, 0 for one a processor. It is alone where the
// engine's code cannot run beside itself, where it is held against its own runs, and where there is but one backing.
func (in *instance) team(workers int) explore.Team {
	e := &in.c.Engine
	if !e.Memoisable || e.OneAtATime || in.backing != nil || in.c.Host != nil {
		workers = 1
	}
	return explore.Team{
		Workers: workers,
		Member:  func() *sim.System { return in.c.member(in.system.Numbers).system },
		Note:    func(s *sim.System) any { return s.Judge.(*judge).take() },
		Noted:   func(n any) { in.judge.count(n.(*noted)) },
		Recheck: true,
	}
}

// walkers are a team for walks along reply trees.
func (in *instance) walkers(workers int) explore.Team {
	team := in.team(workers)
	team.Memo = in.c.Host == nil
	team.Member = func() *sim.System { return in.c.member(in.system.Numbers).walked() }
	return team
}

// noted is what a judge saw, beside violations.
type noted struct {
	reached   []bool
	calls     [256]bool
	histories []heard // by oracle
}

// historian is an oracle that judges histories.
type historian interface {
	take() heard
	count(h heard)
	judged() (all, undecided int)
	checks() Checks
}

// take gives what was seen since it was last asked.
func (j *judge) take() *noted {
	n := &noted{reached: j.reached, calls: j.calls, histories: make([]heard, len(j.oracles))}
	j.reached, j.calls = make([]bool, len(j.reached)), [256]bool{}
	for i := range j.oracles {
		if h, ok := j.oracles[i].monitor.(historian); ok {
			n.histories[i] = h.take()
		}
	}
	return n
}

// count adds what another judge of the case saw.
func (j *judge) count(n *noted) {
	for i, reached := range n.reached {
		j.reached[i] = j.reached[i] || reached
	}
	for i, called := range n.calls {
		j.calls[i] = j.calls[i] || called
	}
	for i, histories := range n.histories {
		if h, ok := j.oracles[i].monitor.(historian); ok {
			h.count(histories)
		}
	}
}
