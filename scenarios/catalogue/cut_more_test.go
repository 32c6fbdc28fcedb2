package catalogue

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// TestLivesOfEveryKindAreCutOut: on other parts, with an audit beside, with leases and timeouts that end in the middle,
// and with tasks that follow each other, whatever judges in runs at random is cut out of the life of its
// run, in so many cases at least.
func TestLivesOfEveryKindAreCutOut(t *testing.T) {
	t.Parallel()
	const timed = "response=60 retries=1"
	for _, x := range []struct {
		engine, scope, own string
		parts              Parts
		least              int
	}{
		{"conductor-3.17.0", "", "", Parts{Queue: "sql"}, 1},
		{"conductor-3.17.0", "", "", Parts{Queue: "dyno"}, 1},
		{"conductor-3.17.0", "", "", Parts{Lock: "local"}, 1},
		{"conductor-3.17.0", "", "", Parts{Store: "redis"}, 1},
		{"conductor-3.17.0", "", "", Parts{Store: "sql"}, 1},
		{"conductor-3.17.0", "advance=2", "remedy=audit", Parts{}, 1},
		{"conductor-3.17.0", "", "repair=1", Parts{}, 1},
		{"conductor-3.17.0", "advance=2 deadlines=visibility+timeouts", timed, Parts{}, 2},
		{"proposed", "advance=2 deadlines=visibility+timeouts", timed, Parts{}, 1},
		{"proposed", "sweepers=2 advance=3 deadlines=visibility+living-lease", "", Parts{}, 2},
		{"conductor-3.31.2", "advance=2 polls=3", "tasks=2", Parts{}, 1},
		{"conductor-3.17.0", "", "branches=2", Parts{}, 1},
		{"conductor-3.17.0", "advance=2", "branches=1 tasks=2", Parts{Store: "sql"}, 1},
	} {
		c, err := whole(t, x.engine, "sweeps=2 polls=2 "+x.scope+" "+x.own).On(x.parts)
		require.NoError(t, err)
		own, err := whole(t, x.engine, x.own).On(x.parts)
		require.NoError(t, err)
		m := sim.New(c.instance().walked())
		cut := 0
		r := explore.Walk(m, explore.NewSURW(1), explore.Options{SchedulesMax: 20_000})
		for _, f := range r.Finds {
			if !f.Violation.Judging {
				continue
			}
			_, err := explore.Repeat(m, f.Choices)
			require.NoError(t, err)
			explore.Finish(m, nil)
			got, err := Cut(own, lifeOf(t, c, m.Taken()), f.Violation.Oracle)
			require.NoError(t, err, "%s of %s %s", f.Violation.Oracle, c.Name(), c.Scope)
			require.Equal(t, f.Violation.Oracle, got.Oracle)
			require.LessOrEqual(t, got.Steps, m.Steps())
			require.LessOrEqual(t, got.Case.Scope.Advances, c.Scope.Advances)
			cut++
		}
		m.Close()
		require.GreaterOrEqual(t, cut, x.least, "%s %s", c.Name(), c.Scope)
	}
}

// keeper is a server whose sweeps take the lock, decide nothing and keep it.
type keeper struct {
	*conductor.Server
	ports sweeper.Ports
}

func (k keeper) PollAndSweep(ctx context.Context) error {
	ids, err := k.ports.Queue.Pop(ctx, model.DeciderQueue, 1, 0)
	if err != nil || len(ids) == 0 {
		return err
	}
	if _, err := k.ports.Lock.AcquireLock(ctx, model.WorkflowID(ids[0]), 500, 60_000); err != nil {
		return err
	}
	return k.ports.Queue.Push(ctx, model.DeciderQueue, ids[0], 0, 0)
}

// TestWhoKeepsALockIsOneActor: three sweeps one after the other, the first and the last by one thread, which
// keeps the lock, are not taken by one sweeper: the second misses the lock.
func TestWhoKeepsALockIsOneActor(t *testing.T) {
	c := whole(t, "conductor-3.17.0", "sweepers=2 sweeps=2")
	made := c.Engine.New
	c.Engine.Name, c.Engine.New = "keeper", func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		return keeper{made(p, st).(*conductor.Server), p}
	}
	m := sim.New(c.instance().system)
	defer m.Close()
	m.Reset()
	sweep := func(name string) {
		for id, pos := m.System().Named(name), 0; ; pos++ {
			if _, first := m.PendingOp(id); m.Pending(id) == nil || first && pos > 0 {
				return
			}
			m.Take(sim.Choice{Actor: id})
		}
	}
	for _, name := range []string{"client", "clock", "sweeper-1", "sweeper-2", "sweeper-1"} {
		if name == "clock" {
			m.Take(sim.Choice{Actor: sim.Clock})
			continue
		}
		sweep(name)
	}
	life := lifeOf(t, c, m.Taken())
	missed := slices.ContainsFunc(life, func(s LifeStep) bool { return s.Reply == "timeout" })
	require.True(t, missed)
	f, err := Cut(c, life, "progress")
	require.NoError(t, err)
	require.Equal(t, "progress", f.Oracle)
}
