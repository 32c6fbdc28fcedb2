package proposed

import (
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Whole is all of the repairs together that need no token: Proposed with operators, workers' results and polls, and
// parents under their locks, with Delivery, and with an end that is told once. Each is an engine of its own too, which
// says what it is for.
func Whole() sweeper.Engine {
	e := conductor.New("proposed-whole", "proposed with every repair that needs no fence", WholeMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// WholeMethods are the methods of Whole: an engine of them must be marked NeedsAtomicRepair.
func WholeMethods() conductor.Methods {
	m := DeliveryMethods()
	finalizeOnce(&m)
	lockOperators(&m)
	lockUpdates(&m, (*Server).PollTask3300) // Delivery's poll, under the lock
	lockParents(&m)
	return m
}
