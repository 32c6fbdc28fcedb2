package explore

import "fermata/sim"

// limitBiased ends a search in which states that differ in names alone were taken for one, once the World decided
// something by a name.
const limitBiased = "biased"

// biased tells whether the World turned out to be biased since the search began, and ends the search if it did.
func (s *cachedSearch) biased() bool {
	if s.renames && !s.m.Renames() && s.r.Limit == "" {
		s.r.Limit = limitBiased
	}
	return s.r.Limit == limitBiased
}

// byNames searches again with every actor under its own name. What was found is found: its schedules stay.
func byNames(m *sim.Machine, o Options, before *Result) *Result {
	o.Without |= Symmetry
	return cachedInto(&Result{Finds: before.Finds}, m, o, variant{})
}
