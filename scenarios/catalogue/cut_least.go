package catalogue

import (
	"fmt"

	"fermata/sim"
	"fermata/sim/explore"
)

// tellLeast shrinks a find, lowers one figure of the scope after the other as long as the violation stays, and tells
// what is left.
func (c *Case) tellLeast(f explore.Find) (*Finding, error) {
	if err := c.confirm(f); err != nil {
		return nil, err
	}
	best, on, err := shrunk(f, c)
	if err != nil {
		return nil, err
	}
	for again := true; again; {
		again = false
		for _, fewer := range on.fewer() {
			s, err := explore.Shrink(best.Find, []func() *sim.System{on.fresh, fewer.fresh})
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNondeterministic, err)
			}
			if s.Variant == 1 {
				best, on, again = s, fewer, true
				break
			}
		}
	}
	return narrate(on, best.Find, best.Cost.Switches)
}

// fresh is a system of the case made anew.
func (c *Case) fresh() *sim.System { return c.instance().system }

func shrunk(f explore.Find, c *Case) (*explore.Shrunk, *Case, error) {
	s, err := explore.Shrink(f, []func() *sim.System{c.fresh})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNondeterministic, err)
	}
	return s, c, nil
}

// fewer are cases of the same life with one figure lowered: to the least, by half, by one.
func (c *Case) fewer() (cases []*Case) {
	for _, figure := range []struct {
		of    func(s *Scope) *int
		least int
	}{
		{func(s *Scope) *int { return &s.Advances }, 0},
		{func(s *Scope) *int { return &s.Sweepers }, 0},
		{func(s *Scope) *int { return &s.Sweeps }, 1},
		{func(s *Scope) *int { return &s.Workers }, 1},
		{func(s *Scope) *int { return &s.Polls }, 1},
		{func(s *Scope) *int { return &s.Audits }, 0},
	} {
		now, tried := max(*figure.of(&c.Scope), figure.least), figure.least-1
		for _, to := range []int{figure.least, (figure.least + now) / 2, now - 1} {
			if to <= tried || to >= now {
				continue
			}
			tried = to
			fewer := *c
			*figure.of(&fewer.Scope) = to
			if fewer.Scope.Audits == 0 {
				fewer.Scope.Remedy, fewer.Scope.Period = 0, 0
			}
			fewer.Scope.Whole = fewer.Scope.Whole.plain()
			cases = append(cases, &fewer)
		}
	}
	return cases
}
