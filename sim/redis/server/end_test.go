package server

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/internal/redistest"
)

func TestCloseLeavesNothing(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		ctx, interrupt := context.WithCancel(context.Background())
		r, err := Open(ctx, target, Options{})
		require.NoError(t, err)
		interrupt() // which is no reason to leave anything behind
		do(t, r, "SET", r.Prefix()+"k", "1")
		require.NoError(t, r.Close())
		require.NoError(t, r.Close(), "twice")
		_, err = r.Do("GET", r.Prefix()+"k")
		require.ErrorIs(t, err, ErrUnavailable)
		require.ErrorIs(t, r.Pipeline([][]any{{"GET", r.Prefix() + "k"}}), ErrUnavailable)
		require.ErrorIs(t, r.PassTime(time.Second), ErrUnavailable)
		require.ErrorIs(t, r.Clear(), ErrUnavailable)
		again := open(t, target, Options{Prefix: r.Prefix()})
		require.Empty(t, keys(t, again))
		require.Empty(t, again.Note())
	})
}

func TestNoGoroutineIsLeft(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		before := runtime.NumGoroutine()
		for range 20 {
			r, err := Open(context.Background(), target, Options{})
			require.NoError(t, err)
			require.NoError(t, r.Close())
		}
		for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		require.LessOrEqual(t, runtime.NumGoroutine(), before)
	})
}

func TestServerDies(t *testing.T) {
	s := redistest.Run(t)
	r, err := Open(context.Background(), s.URL("", 0), Options{})
	require.NoError(t, err)
	do(t, r, "SET", r.Prefix()+"k", "1")
	s.Kill()
	_, err = r.Do("GET", r.Prefix()+"k")
	require.ErrorIs(t, err, ErrUnavailable)
	require.Regexp(t, `^Redis is not available: [0-9.:/]+: the connection broke \(.+\): `+
		`has it been stopped\? See its log$`, err.Error())
	_, again := r.Do("GET", r.Prefix()+"k")
	require.Equal(t, err, again)
	require.Equal(t, err, r.Pipeline([][]any{{"GET", r.Prefix() + "k"}}))
	before := time.Now()
	err = r.Close()
	require.ErrorIs(t, err, ErrUnavailable)
	require.Regexp(t, `nothing listens there: .* \(keys that begin with "fermata:[0-9a-f]{8}:" may be left there\)$`,
		err.Error())
	require.NoError(t, r.Close())
	require.Less(t, time.Since(before), bound)
}

// A connection that breaks stays broken, though the server is there: what it did last is not known. Close
// still clears.
func TestConnectionBreaks(t *testing.T) {
	s := redistest.Run(t)
	for _, noticed := range []bool{true, false} {
		r := open(t, s.URL("", 0), Options{})
		do(t, r, "SET", r.Prefix()+"k", "1")
		s.Say("CLIENT", "KILL", "TYPE", "normal")
		if noticed {
			_, err := r.Do("GET", r.Prefix()+"k")
			require.ErrorIs(t, err, ErrUnavailable)
			_, err = r.Do("GET", r.Prefix()+"k")
			require.ErrorIs(t, err, ErrUnavailable)
			require.Equal(t, ":1", s.Say("DBSIZE"))
		}
		require.NoError(t, r.Close())
		require.Equal(t, ":0", s.Say("DBSIZE"))
	}
}

func TestServerHangs(t *testing.T) {
	s := redistest.Run(t)
	r := open(t, s.URL("", 0), Options{})
	do(t, r, "SET", r.Prefix()+"k", "1")
	s.Say("CLIENT", "PAUSE", "3000")
	before := time.Now()
	_, err := r.Do("SET", r.Prefix()+"late", "1")
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, "no answer within 2s: is it stopped, too busy, or behind a firewall?")
	require.Less(t, time.Since(before), 2*bound)
	require.NoError(t, r.Close())
	require.Equal(t, ":0", s.Say("DBSIZE"))
}

func TestServerBecomesAReplica(t *testing.T) {
	s := redistest.Run(t)
	r := open(t, s.URL("", 0), Options{})
	s.Say("REPLICAOF", "127.0.0.1", "1")
	_, err := r.Do("SET", r.Prefix()+"k", "1")
	require.ErrorIs(t, err, ErrUnsuitable)
	require.ErrorContains(t, err, "it is a replica, which cannot be written to: give its primary")
	s.Say("REPLICAOF", "NO", "ONE")
}

// What a run sees of the embedded Redis is the same after each Clear.
func TestEmbeddedRepeats(t *testing.T) {
	r := open(t, Embedded, Options{})
	var seen [3][]any
	for i := range seen {
		for _, m := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			do(t, r, "SADD", r.Prefix()+"s", m)
		}
		for range 20 {
			seen[i] = append(seen[i], do(t, r, "SRANDMEMBER", r.Prefix()+"s"))
		}
		require.NoError(t, r.PassTime(1500*time.Millisecond))
		seen[i] = append(seen[i], do(t, r, "TIME"))
		require.NoError(t, r.Clear())
	}
	require.Equal(t, seen[0], seen[1])
	require.Equal(t, seen[0], seen[2])
	require.Equal(t, []any{"1000000001", "500000"}, seen[0][20])
}

func BenchmarkDo(b *testing.B) {
	for name, target := range map[string]func() string{
		"miniredis": func() string { return Embedded }, "server": func() string { return redistest.Start(b) },
	} {
		b.Run(name, func(b *testing.B) {
			r := open(b, target(), Options{})
			key := r.Prefix() + "k"
			script := r.Script(`redis.call('ZADD', KEYS[1], 'XX', 'CH', ARGV[1], 'm'); return 1`)
			b.Run("command", func(b *testing.B) {
				for b.Loop() {
					do(b, r, "ZADD", key, 1, "m")
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
			})
			b.Run("script", func(b *testing.B) {
				for b.Loop() {
					_, err := script.Run([]string{key}, 1)
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "scripts/s")
			})
			b.Run("load of 50 and clear", func(b *testing.B) {
				var load [][]any
				for i := range 50 {
					load = append(load, []any{"SET", key + string(rune('A'+i)), "value"})
				}
				for b.Loop() {
					require.NoError(b, r.Pipeline(load))
					require.NoError(b, r.Clear())
				}
			})
		})
	}
}
