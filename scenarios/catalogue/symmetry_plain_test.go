package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// fewAlike are scenarios with actors who are alike, so small that plain search ends on them.
func fewAlike() []*Scenario {
	few := func(s *Scenario, scope Scope, act func(c *cast)) *Scenario {
		small := *s
		small.Scope, small.Sometimes = scope, nil
		if act != nil {
			small.Cast = act
		}
		return &small
	}
	return []*Scenario{
		few(missedCompletion, Scope{Sweepers: 2, Sweeps: 1}, nil),
		few(missedCompletion, Scope{Sweepers: 2, Sweeps: 1, Remedy: StateAudit}, func(c *cast) {
			c.poller("poller-1", "t1", 1)
			c.poller("poller-2", "t1", 1)
		}),
		few(tornRepair, Scope{Sweepers: 1, Sweeps: 1}, func(c *cast) {
			c.poller("poller-1", "t1", 1)
			c.poller("poller-2", "t1", 1)
			c.sweepers(w1)
		}),
		twoAudits,
	}
}

// TestSymmetrySeesWhatPlainSees: on small scenarios and every engine, the search that takes states for one that
// differ in names alone sees the same violations, the same ends and the same histories as plain search, up to names.
func TestSymmetrySeesWhatPlainSees(t *testing.T) {
	if testing.Short() {
		t.Skip("plain search over 40 cases: left out by -short")
	}
	for _, s := range fewAlike() {
		for _, e := range Engines() {
			t.Run(s.Name+"/"+e.Name, func(t *testing.T) {
				in := (&Case{Scenario: s, Engine: e, Scope: s.Scope}).instance()
				in.system.Histories = true
				require.NotEmpty(t, in.system.Alike)
				all := seenUpToNames(t, in, sim.New, explore.Plain)
				require.NotEmpty(t, all)
				require.Equal(t, all, seenUpToNames(t, in, sim.NewMemo, explore.Cached))
			})
		}
	}
}

// seenUpToNames is what a search sees of violations, ends and histories.
func seenUpToNames(
	t *testing.T, in *instance, make func(*sim.System) *sim.Machine,
	search func(*sim.Machine, explore.Options) *explore.Result,
) map[string]bool {
	t.Helper()
	in.world.Alike(in.system.Alike)
	m := make(in.system)
	defer m.Close()
	seen, names := map[string]bool{}, renamings(in.system)
	r := search(m, explore.Options{SchedulesMax: 300_000, Ended: func(m *sim.Machine) {
		var ends, histories []string
		for _, as := range names {
			key, ok := in.world.KeyAs(nil, as)
			require.True(t, ok)
			ends = append(ends, string(key))
			histories = append(histories, historyAs(in, m.History(), as))
		}
		seen["end "+slices.Min(ends)] = true
		seen["history "+slices.Min(histories)] = true
	}})
	require.True(t, r.Exhausted, r.Limit)
	require.Nil(t, r.Failure)
	for _, f := range r.Finds {
		seen[fmt.Sprint(f.Violation.Oracle, " ", upToNames(in.world, f.Violation.Object, names), f.AtRest)] = true
	}
	return seen
}

// historyAs is a history under other names, in canonical order.
func historyAs(in *instance, h sim.History, as []sim.ActorID) string {
	h = slices.Clone(h)
	for i := range h {
		e := &h[i]
		e.Actor, e.Object = as[e.Actor], in.world.ObjectAs(e.Object, as)
		e.Arg, e.Reply = in.world.ReplyAs(e.Arg, as), in.world.ReplyAs(e.Reply, as)
	}
	for from := 0; from < len(h); {
		to := from
		for to < len(h) && h[to].Kind == h[from].Kind {
			to++
		}
		slices.SortFunc(h[from:to], func(a, b sim.Event) int { return cmp.Compare(a.Actor, b.Actor) })
		from = to
	}
	return fmt.Sprint(h)
}

// TestReductionsOfFaults: with one fault of each kind a search that takes no actor for another, or lets no step sleep,
// finds what one does that leaves out.
func TestReductionsOfFaults(t *testing.T) {
	fewer := 0
	for _, s := range []string{"torn-repair", "missed-completion", "lock-taken-away"} {
		for _, e := range []string{"conductor-3.17.0", "proposed"} {
			for _, kind := range kindWords {
				var all [4]*explore.Result
				for without := range all {
					c := scoped(t, s, e, "faults=1 kinds="+kind)
					m := sim.NewMemo(c.instance().system)
					all[without] = explore.Cached(m, explore.Options{Without: explore.Reductions(without)})
					m.Close()
					require.True(t, all[without].Exhausted)
					require.Equal(t, finds(all[0]), finds(all[without]), "%s on %s, %s, %d", s, e, kind, without)
				}
				if all[0].States < all[3].States {
					fewer++
				}
			}
		}
	}
	require.Greater(t, fewer, 20)
}
