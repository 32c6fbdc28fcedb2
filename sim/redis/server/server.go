package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Options say how to open a Redis.
type Options struct {
	// Prefix is that of every key, such as "fermata:name:". The default is a private one: "fermata:", eight
	// hex digits by chance, and ":".
	Prefix string
	// Force also uses a database that holds foreign keys. They are left alone all the same.
	Force bool
}

// Redis is an open Redis. It is not safe for concurrent use.
type Redis struct {
	name   string
	where  string // for messages: host, port and database
	prefix string
	note   string

	mini     *miniredis.Miniredis // nil if it is a real server
	now      time.Time            // of miniredis
	client   *redis.Client
	conn     *redis.Conn // the one connection
	commands int64
	greeting error // what the server said to the first command of a connection, if that was an error
	dead     error // why nothing can be sent any more
	closed   bool
	passing  *Script // on a real server
}

// The embedded Redis's clock and chance at the beginning, and again after each Clear.
const (
	startSeconds = 1_000_000_000
	startSeed    = 1
)

// Open opens Embedded, a Redis within this process over a connection in memory (no port, no listener), or a
// server by its URL, redis://[user:password@]host:port/db. The context matters for Open only. A Redis that
// Open refuses is left as it was.
func Open(ctx context.Context, target string, o Options) (*Redis, error) {
	prefix, err := prefix(o.Prefix)
	if err != nil {
		return nil, err
	}
	r := &Redis{prefix: prefix}
	if target == Embedded {
		r.name, r.where = Embedded, Embedded
		r.mini = miniredis.NewMiniRedis()
		r.rewind()
		r.client = redis.NewClient(embedded(r.mini))
	} else {
		o, err := parse(target)
		if err != nil {
			return nil, err
		}
		r.where = fmt.Sprintf("%s/%d", o.Addr, o.DB)
		r.client = redis.NewClient(o)
		r.client.AddHook(greeter{r})
	}
	r.conn = r.client.Conn()
	if err := r.check(ctx, o.Force); err != nil {
		r.drop()
		return nil, err
	}
	return r, nil
}

// Name says what it is, such as "miniredis" or "redis 7.0.15 at 127.0.0.1:6379/15".
func (r *Redis) Name() string { return r.name }

// Prefix is what each of its keys begins with.
func (r *Redis) Prefix() string { return r.prefix }

// Note is what a user should know though nothing is wrong: keys that another run has left behind, or still
// uses. Empty if there is nothing to say.
func (r *Redis) Note() string { return r.note }

// Commands is how many commands have been sent so far. What opens a connection does not count.
func (r *Redis) Commands() int64 { return r.commands }

// Close clears, and closes. If the connection is broken it opens another one to clear: the error tells that
// keys may be left, and which. Closing again does nothing.
func (r *Redis) Close() error {
	if r.closed {
		return nil
	}
	if r.dead == nil {
		_ = r.Clear() // if the connection turns out to be broken, another one is opened
	}
	var err error
	if r.dead != nil {
		r.dead = nil
		_ = r.conn.Close()
		r.conn = r.client.Conn()
		err = r.Clear()
	}
	r.drop()
	if err != nil {
		return fmt.Errorf("%w (keys that begin with %q may be left there)", err, r.prefix)
	}
	return nil
}

// drop closes everything, whatever the state.
func (r *Redis) drop() {
	r.closed = true
	_ = r.conn.Close()
	_ = r.client.Close()
	if r.mini != nil {
		r.mini.Close()
	}
	r.dead = fmt.Errorf("%w: %s: it was closed", ErrUnavailable, r.where)
}

// rewind sets the embedded Redis's clock and chance to their beginning.
func (r *Redis) rewind() {
	r.now = time.Unix(startSeconds, 0)
	r.mini.SetTime(r.now)
	r.mini.Seed(startSeed)
}

// greeter listens to the reply to HELLO, which the client sends first and whose refusal it forgets: a server
// in protected mode, or with too many clients, says why there and hangs up.
type greeter struct{ r *Redis }

func (greeter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (greeter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (g greeter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		var reply redis.Error
		if cmd.Name() == "hello" && errors.As(err, &reply) {
			g.r.greeting = reply
		}
		return err
	}
}
