package cli

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"fermata/scenarios/catalogue"
	"fermata/sim/redis"
	"fermata/sim/redis/server"
	"fermata/sim/world"
)

// redisStore is the store that a Redis is named for.
const redisStore = "redis"

// redisFlags say which Redis to run on.
type redisFlags struct {
	target string
	prefix string
	force  bool
}

func (r *redisFlags) flags(flags *pflag.FlagSet) {
	flags.StringVar(&r.prefix, "redis-prefix", "", "what every key on the Redis begins with (a private one of its own)")
	flags.BoolVar(&r.force, "redis-force", false, "use a database of the Redis that holds keys of others; they stay")
}

func isRedis(store string) bool {
	return store == server.Embedded || strings.Contains(store, "://")
}

// backing is the Redis that is asked for; nil for none.
func (a *app) backing(r *redisFlags) catalogue.Backing {
	if r.target == "" {
		return nil
	}
	return &redisBacking{redis.Backing{
		Target: r.target, Options: server.Options{Prefix: r.prefix, Force: r.force}, Ctx: a.ctx,
	}}
}

// redisBacking makes a redis.Backing one of scenarios.
type redisBacking struct{ redis.Backing }

// Name is what was asked for, without a password.
func (b *redisBacking) Name() string { return redis.Redacted(b.Target) }

// Back opens a connection for a world.
func (b *redisBacking) Back(w *world.World) (catalogue.Backed, error) {
	on, err := b.Open(w)
	if err != nil {
		return nil, err
	}
	return on, nil
}

// redisFailed tells whether an error is of a Redis that does not do its work, and not of how it was asked for.
func redisFailed(err error) bool {
	return errors.Is(err, server.ErrUnavailable) || errors.Is(err, redis.ErrDiffers)
}
