package sim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// twoOperations is a script of two operations of two writes each; what the second writes is how the first ended.
func twoOperations(o sim.Object) sim.Script {
	return func(pos int, last sim.Reply) (sim.Operation, bool) {
		return sim.Operation{Verb: uint8(pos + 1), Object: o, Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
			tiny.Do(a, tiny.Write, o, int64(pos)+1+int64(last.Code))
			tiny.Do(a, tiny.Write, o, int64(pos)+1+int64(last.Code))
			return r
		}}, pos < 2
	}
}

func restartable() *sim.System {
	return &sim.System{
		World: newTimed(cells), Budget: sim.Budget{Faults: 1}, Histories: true, Judge: &resting{},
		Cut: sim.Reply{Code: 7},
		Actors: []sim.ActorSpec{
			{Name: "a", Server: "server-1", MayRestart: true, Script: twoOperations(1)},
			{Name: "b", Server: "server-1", Script: twoOperations(2)},
			{Name: "c", Script: twoOperations(3)},
		},
	}
}

// A restart ends what is in progress on the server, without a return and without any effect, and everyone there goes on
// with its next operation, which is told so; who has not begun begins anew. It is one choice of the server's, of whom
// it is asked, and the world hears of each.
func TestARestartGoesOnWithTheNextOperation(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		s := restartable()
		var made []string
		s.Restart = func(server string) { made = append(made, server) }
		m := make(s)
		defer m.Close()
		m.Take(sim.Choice{Actor: 0})
		require.Contains(t, m.Choices(nil), sim.Choice{Actor: 0, Fault: sim.Restart})
		require.NotContains(t, m.Choices(nil), sim.Choice{Actor: 1, Fault: sim.Restart})
		before := worldOf(m)
		m.Take(sim.Choice{Actor: 0, Fault: sim.Restart})
		require.Equal(t, "restart server-1", m.DescribeTaken().Step)
		require.Equal(t, before, worldOf(m))
		require.Equal(t, []string{"server-1"}, made)
		require.Equal(t, []sim.ActorID{0, 1}, s.World.(*timed).restarted)

		op, first := m.PendingOp(0)
		require.True(t, first)
		require.EqualValues(t, 2, op.Verb)
		require.EqualValues(t, 2+7, m.Pending(0).A, "the operation that was cut")
		op, first = m.PendingOp(1)
		require.True(t, first)
		require.EqualValues(t, 1, op.Verb, "it had not begun")
		for open := m.Choices(nil); len(open) > 0; open = m.Choices(nil) {
			require.Equal(t, sim.NoFault, open[0].Fault)
			m.Take(open[0])
		}
		calls, returns := 0, 0
		for _, e := range m.History() {
			if e.Kind == sim.Call {
				calls++
			} else {
				returns++
			}
		}
		require.Equal(t, 6, calls)
		require.Equal(t, 5, returns)
		m.AtRest()
		require.Empty(t, s.Judge.(*resting).rest.Crashed)
	})
}

// The words of the faults are read again, and what is none is refused with what was expected.
func TestFaultLines(t *testing.T) {
	vocabulary := sim.Vocabulary{Verb: func(word string) bool { return word == "write" }}
	for line, want := range map[string]string{ //tidy:unordered each on its own
		"fault restart server-1":       "",
		"fault crash a":                "",
		"fault pause a":                "",
		"fault redeliver t1 t1":        "",
		"fault a write a error-before": "",
		"fault restart":                `expected "fault restart" and an actor or a server`,
		"fault pause a b":              `expected "fault pause" and an actor`,
		"fault restart a b":            `expected "fault restart" and an actor or a server`,
		"fault redeliver":              `expected "fault redeliver" and what is redelivered`,
		"fault a write a pause":        "expected \"fault\", an actor, its step, and error-before or error-after",
	} {
		_, err := sim.ParseSchedule(strings.NewReader("fermata schedule 1\n"+line+"\n"), "f", vocabulary)
		if want == "" {
			require.NoError(t, err, line)
		} else {
			require.ErrorContains(t, err, want, line)
		}
	}
}
