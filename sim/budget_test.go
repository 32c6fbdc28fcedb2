package sim_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// words gives the open choices as they stand in a schedule.
func words(m *sim.Machine) []string {
	var all []string
	for _, c := range m.Choices(nil) {
		l := m.Describe(c)
		text := l.Actor + " " + l.Step
		if l.Reply != "" {
			text += " => " + l.Reply
		}
		all = append(all, text)
	}
	return all
}

// take takes the open choice of those words.
func take(t *testing.T, m *sim.Machine, text string) {
	t.Helper()
	all := words(m)
	require.Contains(t, all, text)
	m.Take(m.Choices(nil)[slices.Index(all, text)])
}

// resting keeps what the Machine tells it at the end of a run.
type resting struct{ rest *sim.Rest }

func (*resting) Reset()                                   {}
func (*resting) Observe(*sim.Transition) []sim.Violation  { return nil }
func (j *resting) AtRest(r *sim.Rest) (v []sim.Violation) { j.rest = r; return v }
func (*resting) Save(dst []byte) []byte                   { return dst }
func (*resting) Load(src []byte) []byte                   { return src }

func TestErrorsAreOfferedWhereTheScopeAllows(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(&sim.System{World: tiny.New(2), Budget: sim.Budget{Faults: 1}, Actors: []sim.ActorSpec{
			{Name: "a", MayFail: true, Script: single(func(a *sim.Actor) {
				tiny.Do(a, tiny.Write, 1, 1)
				tiny.Do(a, tiny.Write, 1, 2)
				tiny.Do(a, tiny.Read, 1, 0)
			})},
			{Name: "b", Script: single(write(2, 1))},
		}})
		defer m.Close()
		require.Equal(t, []string{
			"a write a", "b write b", "fault a write a error-before", "fault a write a error-after",
		}, words(m))
		take(t, m, "fault a write a error-after")
		require.Equal(t, sim.Budget{}, m.Left())
		require.Equal(t, []string{"a write a", "b write b"}, words(m), "the budget is spent")

		m.Reset()
		take(t, m, "a write a")
		take(t, m, "a write a")
		require.Equal(t, []string{"a read a", "b write b"}, words(m), "the world does not let a read fail")
	})
}

func TestErrorsBeforeAndAfterTheEffect(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		w := tiny.New(2)
		var got sim.Reply
		m := make(&sim.System{World: w, Budget: sim.Budget{Faults: 1}, Actors: []sim.ActorSpec{
			{Name: "a", MayFail: true, Script: single(func(a *sim.Actor) {
				got = tiny.Do(a, tiny.Write, 1, 7)
				tiny.Do(a, tiny.Touch, 2, 0)
			})},
		}})
		defer m.Close()
		prints := map[uint64]bool{}
		for word, want := range map[string]byte{"error-before": 0, "error-after": 7} { //tidy:unordered each on its own
			m.Reset()
			take(t, m, "fault a write a "+word)
			require.Equal(t, want, w.Cell[1])
			require.Equal(t, sim.Reply{Code: 99}, m.Transition().Reply)
			require.Equal(t, sim.Reply{Code: 99}, got)
			require.Equal(t, sim.ActorID(0), m.Current(), "it took a step")
			require.Equal(t, []string{"a touch b"}, words(m), "it goes on")
			prints[m.Fingerprint()] = true
		}
		require.Len(t, prints, 2, "the fault is in the fingerprint")
	})
}

func TestACrashEndsTheServer(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		w := newTimed(4)
		j := &resting{}
		held := func(a *sim.Actor) { tiny.Do(a, tiny.Lock, 3, 0); tiny.Do(a, tiny.Write, 1, 1) }
		m := make(&sim.System{World: w, Budget: sim.Budget{Faults: 1}, Judge: j, Actors: []sim.ActorSpec{
			{Name: "a1", Server: "server-1", MayCrash: true, Script: single(held)},
			{Name: "a2", Server: "server-1", MayCrash: true, Script: single(held)},
			{Name: "b", Server: "server-2", Script: single(held)},
			{Name: "c", MayCrash: true, Script: single(write(2, 1))},
		}})
		defer m.Close()
		require.Equal(t, []string{
			"a1 lock c", "a2 lock c", "b lock c", "c write b", "fault crash server-1", "fault crash c",
		}, words(m), "one crash a server; server-2 may not crash")
		take(t, m, "a2 lock c")
		take(t, m, "fault crash server-1")
		require.Equal(t, sim.Line{Actor: "fault", Step: "crash server-1"}, m.DescribeTaken())
		require.Nil(t, m.Transition().Step)
		require.Nil(t, m.Transition().Op)
		require.Equal(t, []sim.ActorID{0, 1}, w.crashed)
		require.Nil(t, m.Pending(1))
		require.Equal(t, []string{"c write b"}, words(m), "b waits for a lock that a dead actor holds")
		take(t, m, "c write b")
		require.Empty(t, m.Choices(nil))
		m.AtRest()
		require.Equal(t, []sim.ActorID{0, 1}, j.rest.Crashed)
		require.Equal(t, []sim.ActorID{2}, j.rest.Blocked)
	})
}

func TestTheOthersOfAServerSpeakForIt(t *testing.T) {
	m := sim.New(&sim.System{World: tiny.New(2), Budget: sim.Budget{Faults: 1}, Actors: []sim.ActorSpec{
		{Name: "a1", Server: "server-1", MayCrash: true, Script: single(write(1, 1))},
		{Name: "a2", Server: "server-1", MayCrash: true, Script: single(write(2, 1))},
	}})
	defer m.Close()
	take(t, m, "a1 write a")
	require.Equal(t, []string{"a2 write b", "fault crash server-1"}, words(m))
	take(t, m, "a2 write b")
	require.Empty(t, words(m), "with nothing left to disturb, the run is over")
}

func TestTheClockIsAnActor(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		w := newTimed(2)
		m := make(&sim.System{World: w, Budget: sim.Budget{Advances: 1}, Actors: []sim.ActorSpec{
			{Name: "a", Script: single(func(a *sim.Actor) {
				for range 2 {
					s := sim.Step{Verb: sleep, Object: 1, A: 30}
					s.Touch(oTime, sim.Read)
					a.Do(&s)
				}
				tiny.Do(a, tiny.Read, 1, 0)
			})},
		}})
		defer m.Close()
		require.Equal(t, []string{"a sleep 30 a"}, words(m), "no deadline yet")
		take(t, m, "a sleep 30 a")
		require.Equal(t, []string{"a sleep 30 a", "clock advance 30 a"}, words(m))
		take(t, m, "clock advance 30 a")
		require.Equal(t, []byte{0, 1, 0}, w.Cell)
		require.Equal(t, sim.ActorID(0), m.Current(), "the clock does not count as the current actor")
		m.Choices(nil)
		require.Equal(t, advance, m.Transition().Step.Verb, "looking at what is open leaves the transition alone")
		require.Equal(t, "clock", m.DescribeTaken().Actor)
		take(t, m, "a sleep 30 a")
		require.Equal(t, []string{"a read a"}, words(m), "the budget is spent")
	})
}

// With time left the schedule chooses the reply, and replies tell otherwise equal steps apart.
func TestAlternatives(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		system := func(advances int) *sim.System {
			return &sim.System{World: newTimed(2), Budget: sim.Budget{Advances: advances}, Actors: []sim.ActorSpec{
				{Name: "a", Script: single(func(a *sim.Actor) {
					s := sim.Step{Verb: draw}
					a.Do(&s)
				})},
			}}
		}
		m := make(system(1))
		defer m.Close()
		require.Equal(t, []string{"a draw => 0", "a draw => 10", "a draw => 20"}, words(m))
		prints := map[uint64]bool{}
		for _, text := range words(m) {
			m.Reset()
			take(t, m, text)
			require.Equal(t, text, "a draw => "+m.DescribeTaken().Reply)
			prints[m.Fingerprint()] = true
		}
		require.Len(t, prints, 3)

		spent := make(system(0))
		defer spent.Close()
		require.Equal(t, []string{"a draw"}, words(spent))
	})
}

func TestBudgetsAreBounded(t *testing.T) {
	for _, b := range []sim.Budget{{Advances: -1}, {Faults: 1 << 16}} {
		require.Panics(t, func() { sim.New(&sim.System{World: tiny.New(1), Budget: b}) })
	}
	m := sim.NewMemo(&sim.System{World: tiny.New(1), Budget: sim.Budget{Advances: 300, Faults: 1<<16 - 1}})
	defer m.Close()
	m.Load(m.Save(nil))
	require.Equal(t, sim.Budget{Advances: 300, Faults: 1<<16 - 1}, m.Left())
	require.Equal(t, sim.StepsDefault, m.System().Limits.StepsMax)
}

func TestTooManyActorsAreRefused(t *testing.T) {
	s := &sim.System{World: tiny.New(1), Actors: make([]sim.ActorSpec, sim.Clock)}
	require.PanicsWithValue(t, "sim: a system has more actors than can be numbered", func() { sim.New(s) })
}

// Preemptions are counted from who could go on.
func TestCanGoOn(t *testing.T) {
	m := sim.New(&sim.System{World: tiny.New(2), Actors: []sim.ActorSpec{
		{Name: "a", Script: single(write(1, 1))},
		{Name: "b", Script: single(func(a *sim.Actor) {
			tiny.Do(a, tiny.Lock, 2, 0)
			tiny.Do(a, tiny.Lock, 2, 0)
		})},
	}})
	defer m.Close()
	require.False(t, m.CanGoOn(), "nobody has stepped yet")
	require.Equal(t, sim.Nobody, m.Current())
	take(t, m, "b lock b")
	require.Equal(t, sim.ActorID(1), m.Current())
	require.False(t, m.CanGoOn(), "blocked")
	take(t, m, "a write a")
	require.False(t, m.CanGoOn(), "its script is over")
	require.Nil(t, m.Pending(0))
	require.Equal(t, tiny.Lock, m.Pending(1).Verb)
	op, first := m.PendingOp(1)
	require.EqualValues(t, 1, op.Verb)
	require.False(t, first)
}
