package explore_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// order is who took the steps of a run, a letter each; of those alone that touch an object, if one is given.
func orders(ps programs, s explore.Strategy, runs int64, of sim.Object) map[string]float64 {
	m := sim.New(ps.system())
	defer m.Close()
	n, skip, got := 0.0, int64(0), map[string]float64{}
	text := ""
	explore.Walk(m, s, explore.Options{
		SchedulesMax: runs,
		Entered: func(m *sim.Machine, _ int) {
			if m.Steps() == 1 {
				text = ""
			}
			if t := m.Transition(); of == 0 || t.Step.Object == of {
				text += string('A' + rune(t.Choice.Actor))
			}
		},
		Ended: func(*sim.Machine) {
			if ok, _ := s.(explore.Sampler).Sampled(); !ok {
				skip++
				return
			}
			got[text]++
			n++
		},
	})
	for text := range got { //tidy:unordered each on its own
		got[text] /= n
	}
	return got
}

// near holds shares of n runs against chances: each within five standard deviations, and nothing else was seen.
func near(t *testing.T, want, got map[string]float64, n float64) {
	t.Helper()
	sum := 0.0
	for text, chance := range want { //tidy:unordered each on its own
		require.InDelta(t, chance, got[text], 5*math.Sqrt(chance*(1-chance)/n)+1/n, text)
		sum += chance
	}
	require.InDelta(t, 1, sum, 1e-9)
	for text := range got { //tidy:unordered each on its own
		require.Contains(t, want, text)
	}
}

func times(n int, in instruction) (p []instruction) {
	for range n {
		p = append(p, in)
	}
	return p
}

var (
	addA = instruction{tiny.Add, cellA, 0}
	addB = instruction{tiny.Add, cellB, 0}
	addC = instruction{tiny.Add, cellC, 0}
)

// TestURWIsUniform: actors of 3, 2 and 2 steps that never block have 7!/(3!·2!·2!) = 210 interleavings, and each is as
// likely as any other. Chi-square with 209 degrees of freedom has mean 209 and deviation
// sqrt(2·209) = 20.4; the bound is five deviations. A random walk is far from uniform: AAABBCC has a chance of
// (1/3)^3·(1/2)^2 = 1/108 there, BBCCAAA of (1/3)^2·(1/2)^2 = 1/36.
func TestURWIsUniform(t *testing.T) {
	const runs = 42_000
	ps := programs{times(3, addA), times(2, addB), times(2, addC)}
	chi := func(s explore.Strategy) (chi float64) {
		got := orders(ps, s, runs, 0)
		require.Len(t, got, 210)
		for _, share := range got { //tidy:unordered a sum
			chi += (share - 1.0/210) * (share - 1.0/210) * 210 * runs
		}
		return chi
	}
	require.Less(t, chi(explore.NewURW(1)), 209+5*math.Sqrt(2*209))
	require.Greater(t, chi(explore.NewRandom(1)), 10*209.0)
}

// TestSURWIsUniformWhereItMatters: A takes five private steps and three that touch object a, B two that touch a. There
// are C(5,2) = 10 orders of the steps that touch a, and SURW takes each with a chance of 1/10. URW is uniform over all
// C(10,2) = 45 interleavings: BBAAA is C(7,2) = 21 of them, B's steps being anywhere before the sixth of A, while AAABB
// is one alone.
func TestSURWIsUniformWhereItMatters(t *testing.T) {
	const runs = 20_000
	ps := programs{append(times(5, addB), times(3, addA)...), times(2, addA)}
	got := orders(ps, explore.NewSURW(1), runs, cellA)
	want := map[string]float64{}
	for text := range got { //tidy:unordered each on its own
		want[text] = 0.1
	}
	require.Len(t, want, 10)
	near(t, want, got, runs-1)

	urw := orders(ps, explore.NewURW(1), runs, cellA)
	require.InDelta(t, 21.0/45, urw["BBAAA"], 0.02)
	require.InDelta(t, 1.0/45, urw["AAABB"], 0.005)
}

// ranking is POS by the book, over programs that never block: it follows every order of the priorities that are drawn.
// A new priority among n that were drawn before, all independent and uniform, is in each of the n+1 places between them
// with the same chance, whatever their order. What is drawn for nothing is left out.
type ranking struct {
	ps    programs
	at    []int // each actor's next step
	drawn []int // the draws, from the lowest priority to the highest
	mine  []int // each actor's draw
	count int
	text  string
	out   map[string]float64
}

// draw gives each of the actors a new priority, and then goes on.
func (r ranking) draw(actors []int, chance float64) {
	for len(actors) > 0 && r.at[actors[0]] == len(r.ps[actors[0]]) {
		actors = actors[1:]
	}
	if len(actors) == 0 {
		r.step(chance)
		return
	}
	id := r.count
	for place := range len(r.drawn) + 1 {
		next := r
		next.count++
		next.drawn = append(append(append([]int{}, r.drawn[:place]...), id), r.drawn[place:]...)
		next.mine = append([]int{}, r.mine...)
		next.mine[actors[0]] = id
		next.draw(actors[1:], chance/float64(len(r.drawn)+1))
	}
}

// step takes the step of the highest priority; whoever took it, and whoever is in a race with it, draws anew.
func (r ranking) step(chance float64) {
	best, height := -1, -1
	for actor := range r.ps {
		for i, id := range r.drawn {
			if r.at[actor] < len(r.ps[actor]) && id == r.mine[actor] && i > height {
				best, height = actor, i
			}
		}
	}
	if best < 0 {
		r.out[r.text] += chance
		return
	}
	in := r.ps[best][r.at[best]]
	next := r
	next.text += string('A' + rune(best))
	next.at = append([]int{}, r.at...)
	next.at[best]++
	draws := []int{best}
	for actor := range r.ps {
		if actor == best || r.at[actor] == len(r.ps[actor]) {
			continue
		}
		with := r.ps[actor][r.at[actor]]
		if with.object == in.object && (in.verb != tiny.Read || with.verb != tiny.Read) {
			draws = append(draws, actor)
		}
	}
	next.draw(draws, chance)
}

func posByTheBook(ps programs) map[string]float64 {
	r := ranking{ps: ps, at: make([]int, len(ps)), mine: make([]int, len(ps)), out: map[string]float64{}}
	var all []int
	for i := range ps {
		all = append(all, i)
	}
	r.draw(all, 1)
	return r.out
}

// TestPOSIsByTheBook: the chances of every interleaving, computed from the paper's description of POS and not by our
// code, on programs with races, without, and with reads that are none.
func TestPOSIsByTheBook(t *testing.T) {
	const runs = 20_000
	readA, writeA := instruction{tiny.Read, cellA, 0}, instruction{tiny.Write, cellA, 1}
	for name, ps := range map[string]programs{ //tidy:unordered each on its own
		"private":       {times(3, addA), times(2, addB)},
		"races":         {times(2, addA), times(2, addA)},
		"reads":         {{readA, writeA}, {readA, writeA}},
		"around a race": {{addB, writeA, addB}, {readA, readA}},
		"three":         {{addB, writeA}, {readA}, {writeA}},
	} {
		t.Run(name, func(t *testing.T) {
			near(t, posByTheBook(ps), orders(ps, explore.NewPOS(3), runs, 0), runs)
		})
	}
}

// TestPOSBeatsRandomWalk: B reads what A writes after six private steps; a violation needs the write first. A random
// walk must choose A seven times: it misses with a chance of 1-2^-7 = 0.992. In POS the read keeps its priority, and it
// must be lower than each of A's seven: of eight equal draws, the lowest: it misses with a chance of 1-1/8 = 0.875.
// This is the exponential gap that the paper shows.
func TestPOSBeatsRandomWalk(t *testing.T) {
	const runs = 20_000
	ps := programs{append(times(6, addB), instruction{tiny.Write, cellA, 1}), {{tiny.Read, cellA, 0}}}
	for _, c := range []struct {
		strategy explore.Strategy
		chance   float64
	}{{explore.NewRandom(1), 1.0 / 128}, {explore.NewPOS(1), 1.0 / 8}} {
		got := orders(ps, c.strategy, runs, 0)["AAAAAAAB"]
		require.InDelta(t, c.chance, got, 5*math.Sqrt(c.chance/runs), c.strategy.Name())
	}
}

// TestEveryStrategyInjectsFaults: each fault of a scope, the clock and each reply that a step leaves open is chosen by
// every strategy; and an error on one actor while all others could go too.
func TestEveryStrategyInjectsFaults(t *testing.T) {
	for _, s := range everyStrategy(1) {
		sc := scope{
			programs: programs{{{tiny.Write, cellA, 1}, {pick, 0, 0}}, {{lease, lockL, 1}, {tiny.Write, cellB, 1}}},
			budget:   sim.Budget{Advances: 1, Faults: 1}, fail: []bool{true, true}, crash: []bool{true, true},
		}
		m := sim.New(sc.system())
		chosen, atOnce := map[string]bool{}, 0
		explore.Walk(m, s, explore.Options{SchedulesMax: 1000, Entered: func(m *sim.Machine, _ int) {
			c := m.Transition().Choice
			chosen[fmt.Sprint(c)] = true
			if m.Steps() == 1 && c.Actor == 0 && c.Fault == sim.ErrorBefore {
				atOnce++
			}
		}})
		m.Close()
		require.Positive(t, atOnce, s.Name())
		require.Len(t, chosen, 3+1+4+2, "%s: %v", s.Name(), chosen)
	}
}
