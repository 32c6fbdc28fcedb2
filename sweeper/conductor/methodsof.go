package conductor

import "fermata/sweeper"

// MethodsOf gives the methods of a release by its engine's name; false if it is none of Releases.
func MethodsOf(engine string) (Methods, bool) {
	for _, r := range releases() {
		if r.name == engine {
			return r.methods, true
		}
	}
	return Methods{}, false
}

// ReconcilerOf is how the sweepers of a release, one of Releases, come to the decider queue.
func ReconcilerOf(engine string) sweeper.Reconciler {
	for _, e := range Releases() {
		if e.Name == engine {
			return e.Reconciler
		}
	}
	panic("conductor: no release " + engine)
}
