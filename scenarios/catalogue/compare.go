package catalogue

import (
	"errors"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// ErrUncovered tells that a comparison did not come to its end.
var ErrUncovered = errors.New("catalogue: the comparison did not cover every schedule")

// Compare runs two engines side by side under every schedule of the scenario's scope, and tells where
// they first part: another step, or another reply. It gives the number of pairs of states. No error means
// that the two do the same, step by step, whatever the schedule.
func Compare(s *Scenario, a, b sweeper.Engine) (states int64, err error) {
	x := sim.NewMemo((&Case{Scenario: s, Engine: a, Scope: s.Scope}).instance().system)
	defer x.Close()
	y := sim.NewMemo((&Case{Scenario: s, Engine: b, Scope: s.Scope}).instance().system)
	defer y.Close()
	r, err := explore.Lockstep(x, y, explore.Options{})
	switch {
	case err != nil:
		return r.States, err
	case x.Failure() != nil:
		return r.States, x.Failure()
	case y.Failure() != nil:
		return r.States, y.Failure()
	case !r.Exhausted:
		return r.States, ErrUncovered
	}
	return r.States, nil
}
