package scenarios

import "fermata/sim/world"

// Parts names a lock, a queue and a store.
type Parts = world.Parts

// Locks lists the locks; the first is that of the report of the race.
func Locks() []string { return world.Locks() }

// Queues lists the queues; the first is that of the report of the race.
func Queues() []string { return world.Queues() }

// Stores lists the stores; the first is that of the report of the race.
func Stores() []string { return world.Stores() }
