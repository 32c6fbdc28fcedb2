package catalogue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
)

// way is how a state was reached, and what the machine saved there.
type way struct {
	choices []sim.Choice
	saved   string
}

// TestEqualKeysGoOnEqually: of two states with one key that were reached by different ways, every drawn continuation
// offers the same choices, answers and violates the same, and is judged and settles the same at its end; on every
// scenario, engine and part, with advances and faults.
func TestEqualKeysGoOnEqually(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	pairs := 0
	for range 60 {
		c := drawnCase(rng, rng.IntN(2) == 0)
		in, m := driven(c)
		known := map[string]way{}
		left := 40
		for run := 0; run < 300 && left > 0; run++ {
			m.Reset()
			for {
				key, here := string(m.Key(nil)), way{slices.Clone(m.Taken()), string(in.world.Save(nil))}
				if first, ok := known[key]; !ok {
					known[key] = here
				} else if !slices.Equal(first.choices, here.choices) && left > 0 && rng.IntN(20) == 0 {
					left--
					pairs++
					seed := rng.Uint64()
					one, other := goOn(in, m, first.choices, seed), goOn(in, m, here.choices, seed)
					require.Equal(t, one, other, "%s\n%v\n%v", c.drawn(), first.choices, here.choices)
					for i := range here.choices {
						if i == 0 {
							m.Reset()
						}
						m.Take(here.choices[i])
					}
				}
				choices := m.Choices(nil)
				if len(choices) == 0 {
					break
				}
				m.Take(choices[rng.IntN(len(choices))])
			}
		}
		m.Close()
	}
	require.Greater(t, pairs, 500)
}

// goOn follows choices from the start, and then goes on as the seed says: what each further transition said, the
// choices before it, and how the end was judged.
func goOn(in *instance, m *sim.Machine, choices []sim.Choice, seed uint64) (said []string) {
	m.Reset()
	for _, c := range choices {
		m.Take(c)
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	for {
		open := m.Choices(nil)
		said = append(said, fmt.Sprint(open))
		if len(open) == 0 {
			break
		}
		said = append(said, saidOf(m, m.Take(open[rng.IntN(len(open))])))
	}
	clear(in.settlings)
	for _, v := range m.AtRest() {
		said = append(said, fmt.Sprintf("%s: %s", v.Oracle, v.Message))
	}
	return said
}
