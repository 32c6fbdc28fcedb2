package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// oldest is the first release that a script of ours works on: from 5.0 on a script may write after it has
// read a time to live or a scan. (ZADD XX CH needs 3.0.2, SSCAN 2.8, EVALSHA 2.6.)
var oldest = [2]int{5, 0}

// check finds out whether this Redis can do what is needed, from the cheapest question to the dearest.
func (r *Redis) check(ctx context.Context, force bool) error {
	if err := r.ping(ctx); err != nil || r.mini != nil {
		return err
	}
	for _, step := range []func() error{r.identify, r.probe, func() error { return r.neighbours(force) }} {
		if ctx.Err() != nil {
			return fmt.Errorf("opening Redis at %s: %w", r.where, context.Cause(ctx))
		}
		if err := step(); err != nil {
			return r.unsuited(err)
		}
	}
	return nil
}

// ping opens the connection.
func (r *Redis) ping(ctx context.Context) error {
	r.commands++
	err := r.conn.Ping(ctx).Err()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("opening Redis at %s: %w", r.where, context.Cause(ctx))
	}
	var reply redis.Error
	if r.greeting != nil && !errors.As(err, &reply) {
		err = r.greeting // it said why, and hung up
	}
	return r.unsuited(r.failure(err))
}

// unsuited makes a reply that no one expected while opening into an error of ours.
func (r *Redis) unsuited(err error) error {
	var reply redis.Error
	if errors.As(err, &reply) {
		return fmt.Errorf("%w: %s: it refuses a command that is needed (%s)", ErrUnsuitable, r.where, reply)
	}
	return err
}

// identify asks what it is, and of which version.
func (r *Redis) identify() error {
	info, err := r.info("server")
	if err != nil {
		return err
	}
	product, version := "redis", info["redis_version"]
	if v := info["valkey_version"]; v != "" {
		product, version = "valkey", v
	}
	r.name = fmt.Sprintf("%s %s at %s", product, version, r.where)
	switch mode := info["redis_mode"]; {
	case mode == "cluster":
		return fmt.Errorf("%w: %s: %s", ErrUnsuitable, r.where, clusterMode)
	case mode == "sentinel":
		return fmt.Errorf("%w: %s: it is a sentinel, which holds no keys: give the server it watches",
			ErrUnsuitable, r.where)
	case older(info["redis_version"]):
		return fmt.Errorf("%w: %s: it is version %q: expected %d.%d or later, whose scripts may write after they read",
			ErrUnsuitable, r.where, version, oldest[0], oldest[1])
	}
	if info, err = r.info("replication"); err == nil && info["role"] != "master" {
		err = fmt.Errorf("%w: %s: %s", ErrUnsuitable, r.where, readOnly)
	}
	return err
}

// info asks for one section of INFO.
func (r *Redis) info(section string) (map[string]string, error) {
	reply, err := r.send("INFO", section)
	if err != nil {
		return nil, err
	}
	text, _ := reply.(string)
	info := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info, nil
}

func older(version string) bool {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, err := strconv.Atoi(major)
	b, _ := strconv.Atoi(minor)
	return err != nil || a < oldest[0] || a == oldest[0] && b < oldest[1]
}

// probe writes one key of ours, uses what the parts use, and deletes the key again. If it may not even do
// that, the key expires by itself.
func (r *Redis) probe() error {
	key, none := r.prefix+"probe", r.prefix+"none"
	if _, err := r.Do("SET", key, "1", "PX", 10_000); err != nil {
		return err
	}
	r.passing = r.Script(passing)
	_, err := r.passing.Run([]string{key}, 0)
	for _, args := range [][]any{
		{"ZADD", none, "XX", "CH", 1, "x"}, {"ZRANGEBYSCORE", none, 0, 1}, {"SSCAN", none, 0}, {"HGET", none, "x"},
		{"DEL", key},
	} {
		if _, e := r.Do(args...); err == nil {
			err = e
		}
	}
	return err
}

// neighboursMax is how many keys are looked at, once a foreign one is among them.
const neighboursMax = 100_000

// neighbours looks whose keys are there. What begins with the family's name is another run's, and no reason
// to refuse.
func (r *Redis) neighbours(force bool) error {
	seen := map[string]bool{}
	var own, kin, foreign census
	err := r.scan("*", func(key string) bool {
		switch {
		case seen[key]:
		case strings.HasPrefix(key, r.prefix):
			own.add(key)
		case strings.HasPrefix(key, family):
			kin.add(key)
		default:
			foreign.add(key)
		}
		seen[key] = true
		return foreign.n == 0 || len(seen) < neighboursMax
	})
	switch {
	case err != nil:
		return err
	case foreign.n > 0 && !force:
		least := ""
		if len(seen) >= neighboursMax {
			least = "at least "
		}
		return fmt.Errorf("%w: %s holds %s%d that are not Fermata's, such as %q; none was touched: "+
			"give an empty database, such as that of another number, or force it",
			ErrForeignKeys, r.where, least, foreign.n, foreign.example)
	case own.n > 0:
		r.note = fmt.Sprintf("%s holds %d keys of this very prefix already, such as %q: an earlier run has left "+
			"them, or another one uses them now", r.where, own.n, own.example)
	case kin.n > 0:
		r.note = fmt.Sprintf("%s holds %d keys of other runs of Fermata, such as %q: they are left alone; "+
			"if none of those runs goes on, delete what begins with %q", r.where, kin.n, kin.example, family)
	}
	return nil
}

// census counts keys of one kind.
type census struct {
	n       int
	example string
}

func (c *census) add(key string) {
	if c.n++; c.n == 1 {
		c.example = key
	}
}
