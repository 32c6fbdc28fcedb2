package redis

import "fermata/sim/redis/server"

// Connect makes a Redis what a World sends its commands to.
func Connect(r *server.Redis) Server {
	return &connection{Redis: r, scripts: map[string]*server.Script{}}
}
