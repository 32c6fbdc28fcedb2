package explore

import "fermata/sim"

// CachedBy is Cached by another key: for the twins that are broken on purpose.
func CachedBy(m *sim.Machine, o Options, key func(*sim.Machine, []byte) []byte) *Result {
	return cached(m, o, variant{whole: true, key: unnamed(key)})
}

// CachedCareless is CachedBy without the sleep sets that are stored with the states.
func CachedCareless(m *sim.Machine, o Options, key func(*sim.Machine, []byte) []byte) *Result {
	return cached(m, o, variant{whole: true, careless: true, key: unnamed(key)})
}

func unnamed(key func(*sim.Machine, []byte) []byte) func(*sim.Machine, []byte) ([]byte, []sim.ActorID) {
	return func(m *sim.Machine, dst []byte) ([]byte, []sim.ActorID) { return key(m, dst), nil }
}
