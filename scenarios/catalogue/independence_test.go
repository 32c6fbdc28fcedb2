package catalogue

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
)

// orderOutcome is what two steps led to: what each of them said, by actor, and the state.
type orderOutcome struct {
	said    map[sim.ActorID]string
	world   string
	whole   string
	choices string
}

// inOrder takes two actors' steps in an order from where the machine is, which it comes back to.
func inOrder(m *sim.Machine, saved []byte, order ...sim.ActorID) orderOutcome {
	out := orderOutcome{said: map[sim.ActorID]string{}}
	for _, id := range order {
		out.said[id] = saidOf(m, m.Take(sim.Choice{Actor: id}))
	}
	out.world = string(m.System().World.Key(nil))
	out.whole = string(m.Key(nil))
	out.choices = fmt.Sprint(m.Choices(nil))
	m.Load(saved)
	return out
}

// TestIndependentStepsCommute: in drawn states of every scenario on every part, two steps that conflict in no object
// answer the same and lead to the same world in either order; and where the judge says that it need not see both
// orders, its residual and what it reports are the same too.
func TestIndependentStepsCommute(t *testing.T) {
	pairs, judged, differ := commuteEverywhere(t, func(in *instance) sim.Commuter { return in.judge })
	require.Greater(t, pairs, 10_000)
	require.Greater(t, judged, 5_000)
	require.Empty(t, differ)
}

// TestADeliveryThatIsARead: where the last command of a pop is a read, that read is the delivery. To a judge that takes
// it for any other read, some order makes a difference that it denies.
func TestADeliveryThatIsARead(t *testing.T) {
	_, _, differ := commuteEverywhere(t, func(in *instance) sim.Commuter { return careless{in.judge} })
	require.NotEmpty(t, differ)
	for _, d := range differ {
		require.Contains(t, d, "for queue.pop")
	}
}

// careless takes every step that writes nothing for unseen.
type careless struct{ *judge }

func (j careless) Commutes(a, b *sim.Transition) bool {
	return !j.unlocked && (!changes(a.Step) || !changes(b.Step))
}

// commuteEverywhere counts the pairs of independent steps in drawn states, and those of them that the judge need not
// see in both orders; and tells those of these to which the order makes a difference.
func commuteEverywhere(
	t *testing.T, of func(*instance) sim.Commuter,
) (pairs, judged int, differ []string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		c := drawnCase(rng, rng.IntN(3) == 0)
		in, m := driven(c)
		for range 6 {
			m.Reset()
			for {
				choices := m.Choices(nil)
				if len(choices) == 0 {
					break
				}
				p, j, d := commuteHere(t, of(in), in, m, choices)
				pairs, judged, differ = pairs+p, judged+j, append(differ, d...)
				m.Take(choices[rng.IntN(len(choices))])
			}
		}
		m.Close()
	}
	return pairs, judged, differ
}

// commuteHere takes every two independent steps of the present state in both orders.
func commuteHere(
	t *testing.T, judge sim.Commuter, in *instance, m *sim.Machine, choices []sim.Choice,
) (pairs, judged int, differ []string) {
	t.Helper()
	saved := m.Save(nil)
	var ready []sim.ActorID
	for _, c := range choices {
		several := slices.Contains(choices, sim.Choice{Actor: c.Actor, Alt: 1})
		if c.Actor != sim.Clock && c.Fault == sim.NoFault && !several {
			ready = append(ready, c.Actor)
		}
	}
	for i, a := range ready {
		for _, b := range ready[i+1:] {
			if sim.Dependent(m.Pending(a), m.Pending(b)) {
				continue
			}
			pairs++
			name := in.c.drawn()
			commutes := judgeCommutes(m, judge, saved, a, b)
			one, other := inOrder(m, saved, a, b), inOrder(m, saved, b, a)
			require.Equal(t, one.world, other.world, "%s\n%v", name, one.said)
			require.Equal(t, one.choices, other.choices, "%s\n%v", name, one.said)
			if commutes {
				judged++
				if !maps.Equal(one.said, other.said) || one.whole != other.whole {
					differ = append(differ, fmt.Sprintf("%s\n%v\n%v", name, one.said, other.said))
				}
			}
		}
	}
	return pairs, judged, differ
}

// judgeCommutes asks the judge of two steps as a search does, in both ways; a search that keeps histories apart never
// asks of calls and returns.
func judgeCommutes(m *sim.Machine, j sim.Commuter, saved []byte, a, b sim.ActorID) bool {
	var ts [2]sim.Transition
	for i, id := range []sim.ActorID{a, b} {
		m.Take(sim.Choice{Actor: id})
		ts[i] = *m.Transition()
		step, op := *ts[i].Step, *ts[i].Op
		ts[i].Step, ts[i].Op = &step, &op
		m.Load(saved)
	}
	if m.System().Histories && (ts[0].First || ts[0].Last) && (ts[1].First || ts[1].Last) {
		return false
	}
	return j.Commutes(&ts[0], &ts[1]) || j.Commutes(&ts[1], &ts[0])
}
