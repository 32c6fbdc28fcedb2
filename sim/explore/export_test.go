package explore

import "fermata/sim"

// DPORWithout is DPOR without one of its parts.
func DPORWithout(part string) func(*sim.Machine, Options) *Result {
	parts := everyPart
	switch part {
	case "reversals":
		parts.reversals = false
	case "sleep":
		parts.sleep = false
	case "blocked":
		parts.blocked = false
	default:
		panic(part)
	}
	return func(m *sim.Machine, o Options) *Result { return dpor(m, o, parts) }
}

// CarelessBoundedDPOR is PreemptionBoundedDPOR that reverses a race only where it is.
func CarelessBoundedDPOR(preemptions int) func(*sim.Machine, Options) *Result {
	return func(m *sim.Machine, o Options) *Result {
		return dpor(m, o, dporParts{bounded: true, bound: preemptions})
	}
}

// Constrain gives the first run of a reads-from fuzzer a constraint: the first step of one actor is to read, or not, from
// the last of those steps of another, or from the start if there are none.
func Constrain(f *RFF, to sim.Step, from []sim.Step, not bool) {
	var p sites
	p.before = make([][2]sim.Verb, 2)
	p.at = make([]site, 2)
	c := constraint{pair: readsAt{on: to.Object, to: p.compute(0, &to)}, not: not}
	for i := range from {
		c.pair.from = p.taken(1, &from[i])
	}
	f.schedule = []constraint{c}
}

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
