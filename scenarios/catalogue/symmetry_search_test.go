package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
)

// blinkered is a world that forgets to rename one of the places where it names actors, unless it is asked honestly.
type blinkered struct {
	*world.World
	in      *instance
	forgets string
	honest  bool
}

func (w *blinkered) does(what string) bool { return w.forgets == what && !w.honest }

// Alike, where ids are forgotten, tells the world of names that no id has.
func (w *blinkered) Alike(classes [][]sim.ActorID) {
	own := slices.Clone(w.in.cast.actors)
	if w.forgets == "ids" {
		for i := range w.in.cast.actors {
			w.in.cast.actors[i].Name = "nobody"
		}
	}
	w.World.Alike(classes)
	copy(w.in.cast.actors, own)
}

func (w *blinkered) ReplyAs(r sim.Reply, as []sim.ActorID) sim.Reply {
	if w.does("replies") {
		return r
	}
	return w.World.ReplyAs(r, as)
}

func (w *blinkered) ObjectAs(o sim.Object, as []sim.ActorID) sim.Object {
	if w.does("operations") {
		return o
	}
	return w.World.ObjectAs(o, as)
}

// KeyAs, where the owner of the lock is forgotten, has that of the state as it is. The lock is the last that stands in
// a key where no part is a Redis.
func (w *blinkered) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	dst, ok := w.World.KeyAs(dst, as)
	if a, _, held := w.LockHolder(w1); ok && held && w.does("owner") {
		dst[len(dst)-lockBytes] = byte(a)
	}
	return dst, ok
}

const lockBytes = 14

// blinkeredJudge is a judge that forgets to rename what one oracle keeps.
type blinkeredJudge struct {
	*judge
	w *blinkered
}

func (j *blinkeredJudge) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	dst = j.hits.saveAs(dst, as)
	for i := range j.oracles {
		if o := &j.oracles[i]; j.w.does(o.name) {
			dst = o.save(dst)
		} else {
			dst = o.saveAs(dst, as)
		}
	}
	return dst, true
}

// forgetting is a machine that runs a case whose world, or judge, forgets something; "" nothing.
func forgetting(c *Case, what string) (*sim.Machine, *blinkered) {
	in := c.instance()
	w := &blinkered{World: in.world, in: in, forgets: what}
	in.system.World, in.system.Judge, in.system.Histories = w, &blinkeredJudge{in.judge, w}, true
	return sim.NewMemo(in.system), w
}

// orbit is the least key of the state under any names: that of all states which differ from it in names alone.
func orbit(m *sim.Machine, names [][]sim.ActorID) string {
	var all []string
	for _, as := range names {
		key, ok := m.KeyAs(nil, as)
		if !ok {
			panic("nobody can be renamed")
		}
		all = append(all, string(key))
	}
	return slices.Min(all)
}

// met is what a search of states met: the orbits of the states, and what was violated, up to names.
type met struct {
	orbits, found map[string]bool
	states        int64
}

// meets searches with symmetry, unless the options leave it out.
func meets(t *testing.T, m *sim.Machine, w *blinkered, o explore.Options) met {
	t.Helper()
	out, names := met{map[string]bool{}, map[string]bool{}, 0}, renamings(m.System())
	o.Entered = func(m *sim.Machine, _ int) {
		w.honest = true
		out.orbits[orbit(m, names)] = true
		w.honest = false
	}
	r := explore.Cached(m, o)
	require.True(t, r.Exhausted, r.Limit)
	require.Nil(t, r.Failure)
	require.True(t, m.Renames())
	out.states = r.States
	for _, f := range r.Finds {
		out.found[fmt.Sprint(f.Violation.Oracle, " ", upToNames(w.World, f.Violation.Object, names), f.AtRest)] = true
	}
	return out
}

// upToNames is the least of what an object is called under any names.
func upToNames(w *world.World, object string, names [][]sim.ActorID) string {
	var all []string
	for _, as := range names {
		all = append(all, w.ObjectName(w.ObjectAs(w.Object(object), as)))
	}
	return slices.Min(all)
}

// twoAudits is two audits, of which the lease of one may end.
var twoAudits = func() *Scenario {
	s := *leased()
	s.Deadlines = world.Deadlines{LivingOwnerLease: true}
	s.Scope = Scope{Advances: 1}
	s.Cast = func(c *cast) {
		c.audit("audit-1", w1, 1)
		c.audit("audit-2", w1, 1)
	}
	return &s
}()

// sized are cases in which every state can be looked at under all names.
func sized(t *testing.T) (cases []*Case) {
	add := func(s *Scenario, scope Scope, engines ...string) {
		for _, e := range engines {
			cases = append(cases, &Case{Scenario: s, Engine: engine(t, e), Scope: scope})
		}
	}
	all := []string{"conductor-3.17.0", "conductor-3.21.3", "conductor-3.22.3", "proposed"}
	add(tornRepair, tornRepair.Scope, all...)
	add(missedCompletion, Scope{Sweepers: 3, Sweeps: 2}, all...)
	add(twoAudits, twoAudits.Scope, "proposed")
	add(missedCompletion, Scope{Sweepers: 2, Sweeps: 2, Remedy: StateAudit | SweepInterval}, all[0], all[3])
	add(lockTakenAway, Scope{Sweepers: 3, Sweeps: 1}, all...)
	add(leased(), Scope{Sweepers: 2, Sweeps: 1, Faults: 1}, "proposed")
	add(leased(), Scope{Sweepers: 2, Sweeps: 1}, "conductor-3.17.0")
	return cases
}

// TestSymmetryMeetsEveryOrbit: with symmetry the search meets a state of each orbit that it meets without, histories
// and residuals with it, violates the same up to names, and meets hardly more states than there are orbits.
func TestSymmetryMeetsEveryOrbit(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at each of 600,000 states under all names: left out by -short")
	}
	for _, c := range sized(t) {
		t.Run(c.Name()+" "+c.Scope.String(), func(t *testing.T) {
			m, w := forgetting(c, "")
			defer m.Close()
			all := meets(t, m, w, explore.Options{Without: explore.Symmetry})
			some := meets(t, m, w, explore.Options{})
			require.Equal(t, all.found, some.found)
			require.True(t, maps.Equal(all.orbits, some.orbits), "%d and %d orbits", len(all.orbits), len(some.orbits))
			t.Logf("%d states, %d orbits, %d states with symmetry", all.states, len(all.orbits)+1, some.states)
			require.LessOrEqual(t, some.states, int64(len(all.orbits)+1)*11/10)
			require.Less(t, some.states, all.states)
		})
	}
}

// TestForgettingANameMisses: a search whose world forgets to rename the owner of a lock, or the minted ids, or whose
// judge forgets who polls a task out of its turn, takes two states for one that are not, and misses orbits.
func TestForgettingANameMisses(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at each of 200,000 states under all names: left out by -short")
	}
	for what, c := range map[string]*Case{ //tidy:unordered each on its own
		"owner": {Scenario: twoAudits, Engine: engine(t, "proposed"), Scope: twoAudits.Scope},
		"ids":   {Scenario: leased(), Engine: engine(t, "conductor-3.21.3"), Scope: Scope{Sweepers: 2, Sweeps: 2}},
		"task-once": {
			Scenario: repairInScheduleGap, Engine: engine(t, "conductor-3.17.0"), Scope: Scope{Sweepers: 1, Sweeps: 1},
		},
	} {
		t.Run(what, func(t *testing.T) {
			m, w := forgetting(c, "")
			defer m.Close()
			all := meets(t, m, w, explore.Options{})
			m, w = forgetting(c, what)
			defer m.Close()
			some := meets(t, m, w, explore.Options{})
			t.Logf("%d of %d orbits", len(some.orbits), len(all.orbits))
			require.Less(t, len(some.orbits), len(all.orbits))
		})
	}
}

// TestForgettingANameIsSeen: the comparison of runs under other names tells a world or a judge that forgets any of the
// places in which it names actors.
func TestForgettingANameIsSeen(t *testing.T) {
	s := leased("t2")
	c := &Case{Scenario: s, Engine: engine(t, "conductor-3.21.3"), Scope: s.Scope}
	for _, what := range []string{"", "owner", "ids", "replies", "operations", "task-once", "mutual-exclusion"} {
		m, w := forgetting(c, what)
		names := renamings(m.System())
		differ := 0
		for seed := range uint64(300) {
			if said, _ := difference(m, w.World, seed, names[len(names)-1]); said != "" {
				differ++
			}
		}
		m.Close()
		require.Equal(t, what != "", differ > 0, "%q: %d runs differ", what, differ)
	}
}

// TestSymmetryHidesNothing: on every scenario's own scope, every engine and every lock, the search with symmetry finds
// what the search without it finds, up to names, in no more states.
func TestSymmetryHidesNothing(t *testing.T) {
	t.Parallel()
	fewer := 0
	onEveryLock(t, func(t *testing.T, c *Case) {
		want, all := statesOf(t, c, named)
		got, some := statesOf(t, c, explore.Cached)
		if all.Limit != "" {
			return // too large to be compared here
		}
		require.Empty(t, some.Limit)
		require.Equal(t, want, got)
		require.LessOrEqual(t, some.States, all.States)
		if some.States < all.States {
			fewer++
		}
	})
	require.Greater(t, fewer, 20)
}

// named is the search of states in which every actor keeps its name.
func named(m *sim.Machine, o explore.Options) *explore.Result {
	o.Without = explore.Symmetry
	return explore.Cached(m, o)
}
