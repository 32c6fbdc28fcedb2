package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// parity is a judge whose residual is whether the replies so far add up to an odd number, and which finds
// every odd end.
type parity struct{ odd byte }

func (j *parity) Reset() { j.odd = 0 }

func (j *parity) Observe(t *sim.Transition) []sim.Violation {
	if j.odd ^= byte(t.Reply.Code & 1); j.odd == 1 && t.Last {
		return []sim.Violation{{Oracle: "odd", Object: "return"}}
	}
	return nil
}

func (j *parity) AtRest(r *sim.Rest) []sim.Violation {
	if j.odd == 0 {
		return nil
	}
	return []sim.Violation{{Oracle: "odd", Object: fmt.Sprint(r.Blocked, r.Crashed, r.History)}}
}

func (j *parity) Save(dst []byte) []byte { return append(dst, j.odd) }

func (j *parity) Load(src []byte) []byte {
	j.odd = src[0]
	return src[1:]
}

// judged is a system with a judge that has a residual.
func judged(s *sim.System) *sim.System {
	s.Judge = &parity{}
	return s
}

// A state that was saved anywhere on the way is a state to go on from: as often as one likes, after the
// end of the run, and to the same run that the code itself takes on a machine of coroutines.
func TestEveryStateOfARunCanBeLoaded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		system := drawSystem(t)
		m, code := sim.NewMemo(judged(system())), sim.New(judged(system()))
		defer m.Close()
		defer code.Close()
		picks := drawPicks(t)
		want := goOn(code, picks)
		var saves [][]byte
		for i := range want.Effects {
			saves = append(saves, m.Save(nil))
			require.Equal(t, i, m.Steps())
			m.Take(want.Effects[i].Choice)
		}
		atRest := slices.Clone(m.AtRest())
		require.Equal(t, code.AtRest(), m.AtRest())
		for i, save := range slices.Backward(saves) {
			for range 2 {
				m.Load(save)
				require.Equal(t, i, m.Steps())
				got := goOn(m, picks[min(i, len(picks)):])
				require.Equal(t, want.Open[i:], got.Open)
				require.Equal(t, want.Effects[i:], got.Effects)
				got.Open, got.Effects = want.Open, want.Effects
				require.Equal(t, want, got)
				require.Equal(t, atRest, slices.Clone(m.AtRest()))
			}
		}
	})
}

// Going back from a state in which code broke out, the failure is not there any more.
func TestAFailureIsLeftByLoading(t *testing.T) {
	m := sim.NewMemo(system(func(a *sim.Actor) {
		tiny.Do(a, tiny.Write, 1, 1)
		explode()
	}))
	defer m.Close()
	save := m.Save(nil)
	m.Take(sim.Choice{Actor: 0})
	failed := m.Save(nil)
	require.NotNil(t, m.Failure())
	m.Load(save)
	require.Nil(t, m.Failure())
	require.NotEmpty(t, m.Choices(nil))
	m.Take(sim.Choice{Actor: 0})
	m.Load(failed)
	require.Equal(t, sim.Panicked, m.Failure().Kind, "and with the state it is there again")
	require.Empty(t, m.Choices(nil))
}

// future is what there is to see of a state and of the states that it leads to, in one step.
type future struct {
	Open       []sim.Line
	Replies    []string
	Violations []string
	Keys       []string
	AtRest     string
}

func futureOf(m *sim.Machine, here []byte) (f future) {
	open := m.Choices(nil)
	if len(open) == 0 {
		f.AtRest = fmt.Sprint(m.AtRest())
	}
	for _, c := range open {
		m.Load(here)
		f.Open = append(f.Open, m.Describe(c))
		f.Violations = append(f.Violations, fmt.Sprint(m.Take(c)))
		f.Replies = append(f.Replies, m.DescribeTaken().Reply)
		f.Keys = append(f.Keys, string(m.Key(nil)))
	}
	m.Load(here)
	return f
}

// statesMax bounds the states that one check of keys goes through.
const statesMax = 3000

// checkKeys goes through the states of a system, each as often as there are ways to it, and tells of two
// with one key and different futures. It gives the number of states that had the key of another.
func checkKeys(m *sim.Machine) (same int, err error) {
	futures := map[string]future{}
	states := 0
	var visit func() error
	visit = func() error {
		if states++; states > statesMax {
			return nil
		}
		here, key := m.Save(nil), string(m.Key(nil))
		now := futureOf(m, here)
		if before, known := futures[key]; !known {
			futures[key] = now
		} else if same++; fmt.Sprint(before) != fmt.Sprint(now) {
			return fmt.Errorf("after %v: %+v, and before %+v", m.Taken(), now, before)
		}
		for _, c := range m.Choices(nil) {
			m.Load(here)
			m.Take(c)
			if err := visit(); err != nil {
				return err
			}
		}
		return nil
	}
	m.Reset()
	return same, visit()
}

// Two states with one key offer the same, answer the same, violate the same and lead to equal keys: so they
// are equal for ever.
func TestEqualKeysHaveEqualFutures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := judged(drawSystem(t)())
		s.Histories = rapid.Bool().Draw(t, "histories")
		m := sim.NewMemo(s)
		defer m.Close()
		_, err := checkKeys(m)
		require.NoError(t, err)
	})
}

// forgetful is a world whose key leaves out its first cell.
type forgetful struct{ *timed }

func (w forgetful) Key(dst []byte) []byte {
	return append(dst, w.timed.Key(nil)[2:]...)
}

// carefree is a judge whose residual is left out of the key, as it saves nothing.
type carefree struct{ parity }

func (*carefree) Save(dst []byte) []byte { return dst }
func (*carefree) Load(src []byte) []byte { return src }

// TestForgetfulKeysAreFound: the check above finds a key that forgets a part of the state.
func TestForgetfulKeysAreFound(t *testing.T) {
	system := func() *sim.System {
		return judged(&sim.System{World: newTimed(2), Actors: []sim.ActorSpec{
			{Name: "a", Script: single(write(1, 2))},
			{Name: "b", Script: single(func(a *sim.Actor) { tiny.Do(a, tiny.Write, 1, 3) })},
			{Name: "c", Script: single(func(a *sim.Actor) { tiny.Do(a, tiny.Read, 1, 0) })},
		}})
	}
	m := sim.NewMemo(system())
	defer m.Close()
	same, err := checkKeys(m)
	require.NoError(t, err)
	require.Positive(t, same, "no two ways lead to one key: nothing was tested")

	s := system()
	s.World = forgetful{newTimed(2)}
	blind := sim.NewMemo(s)
	defer blind.Close()
	_, err = checkKeys(blind)
	require.Error(t, err)

	s = system()
	s.Judge = &carefree{}
	deaf := sim.NewMemo(s)
	defer deaf.Close()
	_, err = checkKeys(deaf)
	require.Error(t, err)
}
