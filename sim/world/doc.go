// Package world is the shared world of the engine's actors, in memory: the record store, the Orkes
// queue, the Redisson lock and the clock, each port call one step; and the ports that turn an engine's
// calls into steps.
//
// The store is the reporter's Postgres at call granularity, the queue orkes-conductor-queues 1.0.7,
// the lock Redisson 3.13.3 as RedisLock uses it.
package world
