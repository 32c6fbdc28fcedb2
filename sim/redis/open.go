package redis

import (
	"context"

	"fermata/sim/redis/server"
	"fermata/sim/world"
)

// Backing puts worlds on one Redis, each on a connection of its own.
type Backing struct {
	// Target is "miniredis", or the URL of a server.
	Target  string
	Options server.Options
	// Ctx ends the wait for a server that does not answer.
	Ctx context.Context
	// Opened is told of each connection that was made, so that it can be closed if the program is interrupted.
	Opened func(*World)
}

// Open opens a connection for a world.
func (b *Backing) Open(w *world.World) (*World, error) {
	r, err := server.Open(b.Ctx, b.Target, b.Options)
	if err != nil {
		return nil, err
	}
	on, err := New(w, &connection{Redis: r, scripts: map[string]*server.Script{}})
	if err != nil {
		r.Close()
		return nil, err
	}
	if b.Opened != nil {
		b.Opened(on)
	}
	return on, nil
}

// connection keeps the scripts of a Redis.
type connection struct {
	*server.Redis
	scripts map[string]*server.Script
}

// Eval runs a script by its digest.
func (c *connection) Eval(source string, keys []string, args ...any) (any, error) {
	s := c.scripts[source]
	if s == nil {
		s = c.Script(source)
		c.scripts[source] = s
	}
	return s.Run(keys, args...)
}

// Exact is true of the embedded Redis.
func (c *connection) Exact() bool { return c.Name() == server.Embedded }

// Redacted is a target without what may be a secret in it.
func Redacted(target string) string { return server.Redacted(target) }
