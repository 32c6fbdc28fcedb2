package redis_test

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/redistest"
	"fermata/scenarios/catalogue"
	"fermata/sim"
	"fermata/sim/redis"
	"fermata/sim/redis/server"
	"fermata/sim/world"
	"fermata/testdata"
)

// backing is a Redis for the worlds of a case; it counts the steps that were taken on it.
type backing struct {
	redis.Backing
	worlds []*redis.World
}

func (b *backing) Name() string { return b.Target }

func (b *backing) Back(w *world.World) (catalogue.Backed, error) {
	on, err := b.Open(w)
	if err != nil {
		return nil, err
	}
	b.worlds = append(b.worlds, on)
	return on, nil
}

// replayAll replays every committed schedule on a Redis. The reply of each step stands in the schedule, so that the
// trace of operations is the one of the memory; and each step's answer and the keys at the end are compared.
func replayAll(t *testing.T, target string) {
	files, err := fs.Glob(testdata.Schedules, "schedules/*.sched")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	replayed := 0
	for _, f := range files {
		text, err := fs.ReadFile(testdata.Schedules, f)
		require.NoError(t, err)
		s, err := catalogue.ReadSchedule(bytes.NewReader(text), f)
		require.NoError(t, err)
		if !onCommands(s) {
			continue
		}
		replayed++
		t.Run(path.Base(f), func(t *testing.T) {
			b := &backing{Backing: redis.Backing{Target: target, Options: server.Options{}, Ctx: context.Background()}}
			memory, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
			require.NoError(t, err)
			r, changes, err := catalogue.Replay(s, catalogue.ReplayOptions{Backing: b})
			require.NoError(t, err)
			require.Empty(t, changes)
			require.Equal(t, catalogue.Violated, r.Verdict)
			require.Equal(t, memory.Findings[0].Fingerprint, r.Findings[0].Fingerprint)
			require.Len(t, b.worlds, 1)
			taken := slices.DeleteFunc(slices.Clone(s.Lines), func(l sim.Line) bool { return l.Actor == "fault" })
			require.GreaterOrEqual(t, b.worlds[0].Steps(), len(taken), "a fault may come before any effect")
		})
	}
	require.Greater(t, replayed, 20)
}

// onCommands tells whether a schedule's parts are made of Redis commands.
func onCommands(s *catalogue.Schedule) bool {
	c, err := catalogue.CaseOf(s, "")
	if err != nil {
		return false
	}
	if c.Engine.NeedsFence {
		return false
	}
	switch c.Lock() {
	case "local", "postgres", "postgres-reentrant":
		return false
	}
	return c.Queue() != "sql" && c.Store() != "sql"
}

// TestCommittedSchedulesOnMiniredis: on the embedded Redis.
func TestCommittedSchedulesOnMiniredis(t *testing.T) { replayAll(t, server.Embedded) }

// TestCommittedSchedulesOnRedis: on a real server.
func TestCommittedSchedulesOnRedis(t *testing.T) { replayAll(t, redistest.Start(t)) }

// TestEverythingIsFoundOnMiniredis: the race that the reports are about is found, shrunk and replayed on the embedded
// Redis, with either queue and the Redis store; and nothing is left behind.
func TestEverythingIsFoundOnMiniredis(t *testing.T) {
	for _, queue := range []string{"orkes", "dyno"} {
		c, err := catalogue.NewCase("stale-lookup", "conductor-3.17.0", "")
		require.NoError(t, err)
		c, err = c.On(catalogue.Parts{Queue: queue, Store: "redis"})
		require.NoError(t, err)
		b := &backing{Backing: redis.Backing{Target: server.Embedded, Ctx: context.Background()}}
		c.Backing = b
		r, err := catalogue.Find(c, catalogue.FindOptions{Seed: 1})
		require.NoError(t, err)
		require.Equal(t, catalogue.Violated, r.Verdict, queue)
		require.GreaterOrEqual(t, len(b.worlds), 2, "the search, and the finding once more")
		require.Greater(t, b.worlds[0].Steps(), 1000)
	}
}

// TestVerifiedOnMiniredis: a search that saves and loads states puts them back on the Redis too.
func TestVerifiedOnMiniredis(t *testing.T) {
	for engine, want := range map[string]catalogue.Verdict{ //tidy:unordered each on its own
		"conductor-3.21.3": catalogue.Violated, "proposed": catalogue.OK,
	} {
		c, err := catalogue.NewCase("torn-repair", engine, "sweepers=1")
		require.NoError(t, err)
		c, err = c.On(catalogue.Parts{Store: "redis"})
		require.NoError(t, err)
		c.Backing = &backing{Backing: redis.Backing{Target: server.Embedded, Ctx: context.Background()}}
		r, err := catalogue.Verify(c, catalogue.VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, want, r.Verdict, engine)
	}
}
