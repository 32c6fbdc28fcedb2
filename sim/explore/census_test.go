package explore_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// creation is a main that lets another actor begin by its second step of three, that actor, whose own steps are given,
// and one of two steps beside them.
func creation(own ...instruction) *sim.System {
	s := programs{
		{addA, {tiny.Unlock, lockL, 0}, addA},
		append([]instruction{{tiny.Lock, lockL, 0}}, own...),
		times(2, addC),
	}.system()
	s.World.(*tiny.World).Start[lockL] = 1
	return s
}

// TestURWIsUniformOverCreations: the steps of main, of whom it lets begin and of the third are a forest of 7 nodes,
// with 5, 4, 1, 2, 1, 2 and 1 of them in the trees below each. So there are 7!/(5·4·2·2) = 63 interleavings (the hook
// length formula), and to take each in proportion to its tree is to take each interleaving with the same chance.
// Chi-square with 62 degrees of freedom has mean 62 and deviation sqrt(2·62) = 11.1; the bound is five deviations. A
// walk that counts to main only its own three steps is far from uniform.
func TestURWIsUniformOverCreations(t *testing.T) {
	const runs = 21_000
	chi := func(orphan bool) (chi float64) {
		m := sim.New(creation(addB))
		defer m.Close()
		u := explore.NewURW(1)
		explore.Walk(m, u, explore.Options{SchedulesMax: 1})
		if orphan {
			explore.Orphan(u)
		}
		got, text := map[string]float64{}, ""
		explore.Walk(m, u, explore.Options{
			SchedulesMax: runs,
			Entered: func(m *sim.Machine, _ int) {
				if m.Steps() == 1 {
					text = ""
				}
				text += string('A' + rune(m.Transition().Choice.Actor))
			},
			Ended: func(*sim.Machine) { got[text] += 1.0 / runs },
		})
		require.Len(t, got, 63)
		for _, share := range got { //tidy:unordered a sum
			chi += (share - 1.0/63) * (share - 1.0/63) * 63 * runs
		}
		return chi
	}
	require.Less(t, chi(false), 62+5*math.Sqrt(2*62))
	require.Greater(t, chi(true), 10*62.0)
}

// TestSURWDrawsNoCreation: two actors touch only one object in a race, a; the object by which the one lets the other
// begin is none, though both touch it and one writes. Where it is forgotten what that object is, it is drawn too.
func TestSURWDrawsNoCreation(t *testing.T) {
	drawn := func(forget bool) map[sim.Object]bool {
		m := sim.New(creation(addA))
		defer m.Close()
		s, all := explore.NewSURW(1), map[sim.Object]bool{}
		explore.Walk(m, s, explore.Options{SchedulesMax: 1})
		if forget {
			explore.OwnUp(s)
		}
		explore.Walk(m, s, explore.Options{
			SchedulesMax: 100, Ended: func(*sim.Machine) { all[explore.Drawn(s)] = true },
		})
		return all
	}
	require.Equal(t, map[sim.Object]bool{cellA: true}, drawn(false))
	require.Equal(t, map[sim.Object]bool{cellA: true, lockL: true}, drawn(true))
}
