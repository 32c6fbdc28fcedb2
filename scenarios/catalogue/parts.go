package catalogue

import (
	"fermata/sim"
	"fermata/sim/world"
)

// Schedule is a schedule.
type Schedule = sim.Schedule

// Parts names a lock, a queue and a store.
type Parts = world.Parts

// Locks lists the locks; the first is that of the report of the race.
func Locks() []string { return world.Locks() }

// Queues lists the queues; the first is that of the report of the race.
func Queues() []string { return world.Queues() }

// Stores lists the stores; the first is that of the report of the race.
func Stores() []string { return world.Stores() }

// compared says what the model of a part is held against by the tests, beside its specification; a part that is not
// here is modelled and not compared.
var compared = map[string]string{
	"lock redisson": "miniredis, Redis and the released class", "lock local": "the released class",
	"lock postgres": "PostgreSQL", "lock postgres-reentrant": "PostgreSQL",
	"queue orkes": "miniredis and Redis", "queue dyno": "miniredis and Redis", "queue sql": "PostgreSQL",
	"store record": "miniredis and Redis", "store redis": "miniredis and Redis", "store sql": "PostgreSQL",
}

// Compared says what a part is held against by the tests beside its specification; empty for nothing. kind is lock,
// queue or store.
func Compared(kind, name string) string { return compared[kind+" "+name] }
