package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"fermata/internal/redistest"
)

// holding fills a database with keys of others: of every type, and with names that are almost ours.
func holding(t *testing.T, url string, names ...string) (dump func() map[string]string) {
	t.Helper()
	o, err := redis.ParseURL(url)
	require.NoError(t, err)
	c := redis.NewClient(o)
	t.Cleanup(func() { c.Close() })
	ctx := context.Background()
	for i, name := range names {
		var err error
		switch i % 5 {
		case 0:
			err = c.Set(ctx, name, "value\x00"+name, time.Hour).Err()
		case 1:
			err = c.ZAdd(ctx, name, redis.Z{Score: 1.5, Member: name}).Err()
		case 2:
			err = c.SAdd(ctx, name, "a", "b", 3).Err()
		case 3:
			err = c.HSet(ctx, name, "field", "value").Err()
		case 4:
			err = c.XAdd(ctx, &redis.XAddArgs{Stream: name, Values: []string{"a", "b"}}).Err()
		}
		require.NoError(t, err)
	}
	return func() map[string]string {
		all := map[string]string{}
		keys, err := c.Keys(ctx, "*").Result()
		require.NoError(t, err)
		for _, k := range keys {
			bytes, err := c.Dump(ctx, k).Result()
			require.NoError(t, err)
			left, err := c.PTTL(ctx, k).Result()
			require.NoError(t, err)
			all[k] = fmt.Sprintf("%q %t", bytes, left > 50*time.Minute)
		}
		return all
	}
}

// used does to a Redis all that can be done to its keys.
func used(t *testing.T, r *Redis) {
	t.Helper()
	for i := range 1200 {
		do(t, r, "SET", fmt.Sprint(r.Prefix(), i), "1", "PX", 3_600_000)
	}
	require.NoError(t, r.PassTime(30*time.Minute))
	require.Len(t, keys(t, r), 1200)
	require.NoError(t, r.PassTime(30*time.Minute))
	require.Empty(t, keys(t, r))
	require.NoError(t, r.Pipeline([][]any{{"SET", r.Prefix() + "a", "1"}, {"SET", r.Prefix() + "b", "1"}}))
	require.NoError(t, r.Clear())
	do(t, r, "SET", r.Prefix()+"c", "1")
	require.NoError(t, r.Close())
}

func TestForeignKeysAreLeftAlone(t *testing.T) {
	url := redistest.Start(t)
	dump := holding(t, url, "a", "fermata", "fermat:a", "xfermata:a*[b]?:x", "Fermata:a", "")
	before := dump()
	require.Len(t, before, 6)

	_, err := Open(context.Background(), url, Options{})
	require.ErrorIs(t, err, ErrForeignKeys)
	require.Regexp(t, `^foreign keys: [0-9.:/]+ holds 6 that are not Fermata's, such as ".*"; none was touched: `+
		`give an empty database, such as that of another number, or force it$`, err.Error())
	require.Equal(t, before, dump())

	// Forced, and with a prefix that would match others if it were taken for a pattern.
	dump = holding(t, url, "fermata:aXXb1:x", "fermata:aXb:", "fermata:other:")
	before = dump()
	require.Len(t, before, 9)
	used(t, open(t, url, Options{Force: true, Prefix: "fermata:a*[b]?:"}))
	require.Equal(t, before, dump())
}

func TestKeysOfOtherRunsAreNoReasonToRefuse(t *testing.T) {
	url := redistest.Start(t)
	dump := holding(t, url, "fermata:other:a", "fermata:other:b", "fermata:mine")
	before := dump()
	r := open(t, url, Options{Prefix: "fermata:mine:"})
	require.Regexp(t, `holds 3 keys of other runs of Fermata, such as "fermata:[a-z:]+": they are left alone; `+
		`if none of those runs goes on, delete what begins with "fermata:"$`, r.Note())
	used(t, r)
	require.Equal(t, before, dump())
	r = open(t, url, Options{Prefix: "fermata:other:"})
	require.Regexp(t, `holds 2 keys of this very prefix already, such as "fermata:other:[ab]": an earlier run `+
		`has left them, or another one uses them now$`, r.Note())
	require.Equal(t, before, dump(), "until it is told to clear")
}

// Both kinds delete by the prefix, not by the pattern that is made of it.
func TestPrefixIsNoPattern(t *testing.T) {
	targets(t, func(t *testing.T, target string) {
		r := open(t, target, Options{Prefix: "fermata:a*[b]?:"})
		_, err := r.send("SET", "fermata:aXXb1:x", "1")
		require.NoError(t, err)
		do(t, r, "SET", "fermata:a*[b]?:k", "1")
		require.Equal(t, []string{"fermata:a*[b]?:k"}, keys(t, r))
		require.NoError(t, r.Clear())
		require.Empty(t, keys(t, r))
		reply, err := r.send("GET", "fermata:aXXb1:x")
		require.NoError(t, err)
		require.Equal(t, "1", reply)
	})
}

// A command on another's key does not leave.
func TestGuard(t *testing.T) {
	r := open(t, Embedded, Options{Prefix: "fermata:x:"})
	before := r.Commands()
	for _, words := range []string{
		"SET a 1", "DEL fermata:x:a b", "UNLINK b", "FLUSHDB", "FLUSHALL", "SELECT 1", "CONFIG SET save x",
		"MOVE fermata:x:a 1", "RENAME fermata:x:a b", "rename b fermata:x:a", "MSET fermata:x:a 1 b 2",
		"EVAL x 1 b", "SCRIPT FLUSH", "SWAPDB 0 1", "SMOVE fermata:x:a b m", "COPY fermata:x:a b",
		"SORT fermata:x:a STORE b", "MIGRATE h 1 fermata:x:a 0 1", "RENAME fermata:x:a", "SHUTDOWN", "KEYS *",
		"SET fermata:y:a 1",
	} {
		var args []any
		for _, w := range strings.Fields(words) {
			args = append(args, w)
		}
		_, err := r.Do(args...)
		require.ErrorIs(t, err, ErrForeignKeys, words)
		require.ErrorIs(t, r.Pipeline([][]any{{"SET", "fermata:x:k", 1}, args}), ErrForeignKeys, words)
	}
	_, err := r.Do()
	require.ErrorIs(t, err, ErrForeignKeys)
	_, err = r.Do("SET", 7, 1)
	require.ErrorIs(t, err, ErrForeignKeys)
	_, err = r.Script("return 1").Run([]string{"fermata:x:a", "b"})
	require.EqualError(t, err,
		`foreign keys: EVALSHA on "b" was not sent: expected a key that begins with "fermata:x:"`)
	require.EqualValues(t, 1, r.Commands()-before, "the script's loading")
	do(t, r, "MSET", "fermata:x:a", 1, "fermata:x:b", 2)
	do(t, r, "RENAME", []byte("fermata:x:a"), "fermata:x:b")
	do(t, r, "TIME")
	require.Equal(t, []string{"fermata:x:b"}, keys(t, r))
}
