package catalogue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"

	"fermata/sim/world"
	"fermata/sweeper"
)

// Parts of a case on which symmetry is tested beside the first of each.
var otherParts = []Parts{
	{Lock: "postgres-reentrant", Queue: "dyno", Store: "redis"}, {Lock: "postgres", Queue: "sql", Store: "sql"},
	{Lock: "noop"}, {Lock: "disabled", Store: "redis"},
}

// leased is stale-lookup where a lease may end under its owner, so that one may have a lock of which another believes
// that it has it; with two pollers of t2, and a worker that polls the queues.
func leased(queues ...string) *Scenario {
	s := *staleLookup
	s.Name, s.Sometimes = "leased", nil
	s.Judged = append(slices.Clone(s.Judged), "mutual-exclusion")
	s.Deadlines.LivingOwnerLease, s.Deadlines.DeadOwnerLease = true, true
	s.Scope = Scope{Sweepers: 2, Sweeps: 2, Advances: 2, Faults: 1}
	s.Cast = func(c *cast) {
		c.worker("worker-1", w1, "t1", queues...)
		c.poller("poller-1", "t2", 1)
		c.poller("poller-2", "t2", 1)
		c.sweepers(w1)
		for i := range c.actors[1:] {
			c.actors[i+1].MayCrash, c.actors[i+1].MayFail = true, true
		}
	}
	return &s
}

// renamings are all the ways to name the actors of a system of whom some are alike, that of nobody renamed first.
func renamings(s *sim.System) [][]sim.ActorID { return namesOf(s) }

// difference walks at random, and then walks the same with every actor called otherwise. It tells where the second
// walk is not the first under the other names: by its choices, its state's key, or what it violates; empty if
// nowhere. done is how many steps were compared: no more once the world is biased.
func difference(m *sim.Machine, w *world.World, seed uint64, as []sim.ActorID) (what string, done int) {
	type moment struct{ key, open, found string }
	look := func(as []sim.ActorID, key []byte, vs []sim.Violation) moment {
		open := m.Choices(nil)
		for i := range open {
			open[i] = choiceAs(open[i], as)
		}
		slices.SortFunc(open, func(a, b sim.Choice) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		found := []string{}
		for _, v := range vs {
			found = append(found, v.Oracle+" "+w.ObjectName(w.ObjectAs(w.Object(v.Object), as)))
		}
		return moment{string(key), fmt.Sprint(open), fmt.Sprint(found)}
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var first []moment
	m.Reset()
	for open := m.Choices(nil); len(open) > 0; open = m.Choices(nil) {
		vs := slices.Clone(m.Take(open[random.IntN(len(open))]))
		key, ok := m.KeyAs(nil, as)
		if !ok {
			break
		}
		first = append(first, look(as, key, vs))
	}
	taken := slices.Clone(m.Taken())[:len(first)]
	own := renamings(m.System())[0]
	m.Reset()
	for i, c := range taken {
		vs := m.Take(choiceAs(c, as))
		if w.Biased() {
			return "", i
		}
		if second := look(own, m.Key(nil), vs); second != first[i] {
			return fmt.Sprintf("after %v of %v as %v:\n%q\n%q", taken[:i+1], taken, as, first[i], second), i
		}
	}
	return "", len(taken)
}

func choiceAs(c sim.Choice, as []sim.ActorID) sim.Choice {
	if int(c.Actor) < len(as) {
		c.Actor = as[c.Actor]
	}
	return c
}

// symmetric are the cases of every scenario and engine, on the first parts and on others.
func symmetric(engines ...string) (cases []*Case) {
	for _, s := range append(Scenarios(), leased("t2")) {
		for _, e := range append(Engines(), WrongFixes()...) {
			if len(engines) > 0 && !slices.Contains(engines, e.Name) {
				continue
			}
			for _, parts := range append([]Parts{{}}, otherParts...) {
				c := &Case{Scenario: s, Engine: e, Scope: s.Scope, Parts: parts}
				c.Scope.Sweepers = 3
				if c.Implementable() || parts == (Parts{}) {
					cases = append(cases, c)
				}
				if parts == (Parts{}) && (e.Name == "proposed" || e.Name == "conductor-3.17.0") {
					audited := *c
					audited.Scope.Sweeps, audited.Scope.Remedy = 2, StateAudit|AuditTasks|SweepInterval
					cases = append(cases, &audited)
				}
			}
		}
	}
	return cases
}

// TestRunsUnderOtherNamesAreRuns: of runs at random, that in which actors who are alike have changed their names from
// the start is at every step the same but for the names: what may be done next, the key of the state, histories and
// residuals with it, and what is violated. It is what taking states for one rests on.
func TestRunsUnderOtherNamesAreRuns(t *testing.T) {
	walks := uint64(12)
	if testing.Short() {
		walks = 2
	}
	steps := map[Parts]int{}
	for _, c := range symmetric() {
		in := c.instance()
		in.system.Histories = true
		m := sim.NewMemo(in.system)
		names := renamings(in.system)
		for seed := range walks {
			what, done := difference(m, in.world, seed, names[int(seed+1)%len(names)])
			require.Empty(t, what, c.Name())
			steps[c.Parts] += done
			if in.world.Biased() {
				in = c.instance()
				in.system.Histories = true
				m.Close()
				m = sim.NewMemo(in.system)
			}
		}
		m.Close()
	}
	for _, parts := range append([]Parts{{}}, otherParts...) {
		require.Greater(t, steps[parts], 1000, "%v", parts)
	}
}

// TestCodeDoesNotLookIntoNames: on all that the reply trees remember of an actor, an actor that is like it does the
// same under the other name, on every scenario, engine and kind of part; and whoever is handed its names too.
func TestCodeDoesNotLookIntoNames(t *testing.T) {
	t.Parallel()
	nodes := int64(0)
	for _, c := range symmetric() {
		in := c.instance()
		m := sim.NewMemo(in.system)
		r := explore.Cached(m, explore.Options{StatesMax: 2_000})
		nodes += r.States
		for _, as := range renamings(in.system) {
			require.NoError(t, m.RecheckAs(as), c.Name())
		}
		m.Close()
	}
	require.Greater(t, nodes, int64(100_000))
}

// onlySecond is an engine whose sweeps depend on who sweeps: sweeper-1 does nothing.
func onlySecond() sweeper.Engine {
	e := engineOfRelease()
	right := e.New
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		return idleFirst{right(p, st).(sweeper.FullServer)}
	}
	return e
}

type idleFirst struct{ sweeper.FullServer }

func (s idleFirst) PollAndSweep(ctx context.Context) error {
	if world.Actor(ctx).Name() == "sweeper-1" {
		return nil
	}
	return s.FullServer.PollAndSweep(ctx)
}

// TestWhoLooksIntoNamesIsTold: an engine that does another thing on sweeper-1 than on sweeper-2.
func TestWhoLooksIntoNamesIsTold(t *testing.T) {
	in := (&Case{Scenario: staleLookup, Engine: onlySecond(), Scope: staleLookup.Scope}).instance()
	m := sim.NewMemo(in.system)
	defer m.Close()
	names := renamings(in.system)
	require.NoError(t, m.RecheckAs(names[0]))
	require.ErrorContains(t, m.RecheckAs(names[1]), "does it look into names?")

	c := &Case{Scenario: missedCompletion, Engine: onlySecond(), Scope: missedCompletion.Scope}
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	require.Contains(t, r.Reason, "does it look into names?")
	require.Equal(t, Unknown, r.Verdict)
}

// TestWhoIsAlike: the sweepers, the pollers of one queue and the audits of one workflow, each on its own server; on
// one server nobody is, nor whom other faults may hit.
func TestWhoIsAlike(t *testing.T) {
	alike := func(s *Scenario, lock string) [][]sim.ActorID {
		scope := Scope{Sweepers: 3, Sweeps: 1}
		c := &Case{Scenario: s, Engine: engineOfRelease(), Scope: scope, Parts: Parts{Lock: lock}}
		return c.instance().system.Alike
	}
	require.Equal(t, [][]sim.ActorID{{1, 2, 3}, {4, 5, 6}}, alike(repairInScheduleGap, "redisson"))
	require.Equal(t, [][]sim.ActorID{{1, 2, 3}}, alike(staleLookup, "redisson"))
	require.Empty(t, alike(repairInScheduleGap, "local"))
	frail := *staleLookup
	frail.Cast = func(c *cast) {
		staleLookup.Cast(c)
		c.actors[2].MayCrash = true
	}
	require.Equal(t, [][]sim.ActorID{{1, 3}}, alike(&frail, "redisson"))
}
