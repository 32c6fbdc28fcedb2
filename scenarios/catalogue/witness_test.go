package catalogue

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model/spec"
	"fermata/sim"
	"fermata/sim/explore"
)

// alone is what porcupine says of the history that was judged last, without cache and witness.
func alone[S comparable](o *linear[S], h sim.History) (said, byPorcupine string) {
	byPorcupine, _ = o.search(spec.Select(o.spec, spec.Close(o.in.events(h))))
	return o.verdicts[o.in.ledger.at].message, byPorcupine
}

// against holds every verdict of an instance's runs against porcupine's, each history once, and counts the histories
// that are linearizable and those that are not.
func against(t *testing.T, in *instance) (ended func(m *sim.Machine), counts map[bool]int) {
	counts = map[bool]int{}
	seen := 0
	return func(m *sim.Machine) {
		if in.ledger.at < seen {
			return
		}
		seen = in.ledger.at + 1
		for i := range in.judge.oracles {
			var said, byPorcupine string
			switch o := in.judge.oracles[i].monitor.(type) {
			case *linear[spec.WorkflowState]:
				said, byPorcupine = alone(o, m.History())
			case *linear[spec.EntryState]:
				said, byPorcupine = alone(o, m.History())
			default:
				continue
			}
			require.Equal(t, byPorcupine, said)
			counts[said == ""]++
		}
	}, counts
}

// TestVerdictsAreThoseOfPorcupine: on every scenario, cut down until plain search ends, on every engine, and with a
// fault at random on the scenario's own scope, cache and witness say of every history what porcupine says alone. Of
// ours the witness explains every one that is linearizable: porcupine is asked only of those that are not.
func TestVerdictsAreThoseOfPorcupine(t *testing.T) {
	total := map[bool]int{}
	var checks Checks
	judge := func(t *testing.T, c *Case, search func(*sim.Machine, explore.Options) *explore.Result) {
		in := c.instance()
		m := in.memo()
		defer m.Close()
		ended, counts := against(t, in)
		r := search(m, explore.Options{Ended: ended})
		require.Nil(t, r.Failure)
		total[true] += counts[true]
		total[false] += counts[false]
		checks.Add(in.judge.checks())
		require.Equal(t, int64(counts[true]+counts[false]), in.judge.checks().Witness+in.judge.checks().Porcupine)
	}
	for k, s := range Scenarios() {
		for i, e := range Engines() {
			small := cutDown(s)
			c := &Case{Scenario: small, Engine: e, Scope: small.Scope}
			if !inFull(s) && ((i+k)%4 != 0 || !c.fewSchedules()) {
				continue
			}
			t.Run(s.Name+"/"+e.Name, func(t *testing.T) {
				judge(t, c, explore.Plain)
				judge(t, c, explore.Cached)
				faulty := s.Scope
				faulty.Faults = 1
				judge(t, &Case{Scenario: s, Engine: e, Scope: faulty}, thousand)
			})
		}
	}
	require.Greater(t, total[true], 10_000)
	require.Positive(t, total[false])
	require.Equal(t, int64(total[false]), checks.Porcupine, "the order of the commits explains what can be explained")
}

// thousand walks a thousand schedules at random.
func thousand(m *sim.Machine, o explore.Options) *explore.Result {
	o.SchedulesMax = 1000
	return explore.Walk(m, explore.NewRandom(1), o)
}

// endless is a specification that is never done with its states, and has no witness.
type endless struct{ spec.Workflow }

func (endless) Step(s spec.WorkflowState, op spec.Operation, _ spec.Reply) (next []spec.WorkflowState) {
	for i := range 100 {
		if op.Name != spec.Poll {
			next = append(next, spec.WorkflowState{Status: s.Status, Owed: 100*s.Owed + i})
		}
	}
	return next
}

// TestAnUndecidedHistoryIsUnknown: where the check of a history hits its limit the verdict is unknown, however often
// the history is met.
func TestAnUndecidedHistoryIsUnknown(t *testing.T) {
	c := &Case{Scenario: staleLookup, Engine: engine(t, "proposed"), Scope: Scope{Sweepers: 2, Sweeps: 1}}
	for _, hard := range []bool{false, true} {
		in := c.instance()
		for i := range in.judge.oracles {
			o := &in.judge.oracles[i]
			if _, ok := o.monitor.(*linear[spec.WorkflowState]); ok && hard {
				o.monitor = newLinear(in, endless{}, spec.Always(in.begins(w1)))
			}
			o.judging = o.judging || o.name == "workflow-linearizable"
		}
		m := in.memo()
		r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: 3})
		m.Close()
		report := &Report{Case: c}
		require.NoError(t, report.fill(in, r, true))
		require.Equal(t, hard, strings.HasPrefix(report.Reason, "the check of "), report.Reason)
		require.Equal(t, hard, report.Checks.Porcupine > 0)
		if hard {
			require.Equal(t, Unknown, report.Verdict)
		}
	}
}
