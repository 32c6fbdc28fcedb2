package explore

import "fermata/sim"

// CachedBy is Cached by another key: for the twins that are broken on purpose.
var CachedBy = cached

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

// Constrain gives the first run of a reads-from fuzzer a constraint.
func Constrain(f *RFF, p ReadsFrom, not bool) { f.constraints = []constraint{{p, not}} }
