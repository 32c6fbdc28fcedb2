package server

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/internal/redistest"
)

func open(t testing.TB, target string, o Options) *Redis {
	t.Helper()
	r, err := Open(context.Background(), target, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func do(t testing.TB, r *Redis, args ...any) any {
	t.Helper()
	reply, err := r.Do(args...)
	require.NoError(t, err)
	return reply
}

func keys(t testing.TB, r *Redis) []string {
	t.Helper()
	all, err := r.Keys()
	require.NoError(t, err)
	return all
}

// targets are the kinds of Redis that a test is for.
func targets(t *testing.T, test func(t *testing.T, target string)) {
	t.Run("miniredis", func(t *testing.T) { test(t, Embedded) })
	t.Run("server", func(t *testing.T) { test(t, redistest.Start(t)) })
}

func TestReplies(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		r := open(t, target, Options{})
		p := r.Prefix()
		require.Regexp(t, "^fermata:[0-9a-f]{8}:$", p)
		require.Equal(t, "OK", do(t, r, "SET", p+"a", "1"))
		require.Equal(t, "1", do(t, r, "GET", p+"a"))
		require.Nil(t, do(t, r, "GET", p+"none"))
		require.EqualValues(t, 0, do(t, r, "ZADD", p+"z", "XX", "CH", 1, "m"))
		require.EqualValues(t, 1, do(t, r, "ZADD", p+"z", 2, "m"))
		require.Equal(t, []any{"m", "2"}, do(t, r, "ZRANGE", p+"z", 0, -1, "WITHSCORES"))
		require.Equal(t, []any{"1", nil}, do(t, r, "MGET", p+"a", p+"none"))
		_, err := r.Do("INCR", p+"z")
		require.ErrorContains(t, err, "WRONGTYPE")
		require.Equal(t, []string{p + "a", p + "z"}, keys(t, r))
	})
}

func TestScripts(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		r := open(t, target, Options{})
		k := r.Prefix() + "k"
		s := r.Script(`return redis.call('INCRBY', KEYS[1], ARGV[1])`)
		before := r.Commands()
		reply, err := s.Run([]string{k}, 3)
		require.NoError(t, err)
		require.EqualValues(t, 3, reply)
		require.EqualValues(t, 1, r.Commands()-before, "loaded before")

		_, err = r.send("SCRIPT", "FLUSH")
		require.NoError(t, err)
		reply, err = s.Run([]string{k}, 3)
		require.NoError(t, err)
		require.EqualValues(t, 6, reply)
		reply, err = r.Script(`return redis.call('GET', KEYS[1])`).Run([]string{r.Prefix() + "none"})
		require.NoError(t, err)
		require.Nil(t, reply)
		_, err = r.Script("this is no Lua").Run(nil)
		require.Error(t, err)
		require.NotErrorIs(t, err, ErrUnavailable)
	})
}

func TestPassTime(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		r := open(t, target, Options{})
		p := r.Prefix()
		do(t, r, "SET", p+"short", "1", "PX", 60_000)
		do(t, r, "SET", p+"long", "1", "PX", 90_000)
		do(t, r, "SET", p+"ever", "1")
		require.NoError(t, r.PassTime(30*time.Second))
		require.Len(t, keys(t, r), 3)
		require.InDelta(t, 60_000, do(t, r, "PTTL", p+"long"), 1000)
		require.NoError(t, r.PassTime(30*time.Second))
		require.Equal(t, []string{p + "ever", p + "long"}, keys(t, r))
		require.NoError(t, r.PassTime(30*time.Second))
		require.NoError(t, r.PassTime(0))
		require.Equal(t, []string{p + "ever"}, keys(t, r))
	})
}

func TestPipeline(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		r := open(t, target, Options{})
		p := r.Prefix()
		var load [][]any
		for i := range 3000 {
			load = append(load, []any{"ZADD", p + "z", i, "a rather long member, so that the whole is no small text"})
		}
		load = append(load, []any{"GET", p + "none"}, []any{"SET", p + "k", "v"})
		before := r.Commands()
		require.NoError(t, r.Pipeline(load))
		require.EqualValues(t, len(load), r.Commands()-before)
		require.Equal(t, "v", do(t, r, "GET", p+"k"))
		err := r.Pipeline([][]any{{"SET", p + "k", "w"}, {"INCR", p + "z"}, {"SET", p + "l", "x"}})
		require.ErrorContains(t, err, "command 2 of 3, INCR: WRONGTYPE")
		require.Equal(t, []any{"w", "x"}, do(t, r, "MGET", p+"k", p+"l"))
		require.NoError(t, r.Pipeline(nil))
	})
}
