package explore

// limitBiased ends a search in which states that differ in names alone were taken for one, once the World decided
// something by a name.
const limitBiased = "biased"

// biased tells whether the searcher's World turned out to be biased since the search began, and ends the search if it
// did.
func (s *searcher) biased() bool {
	if s.renames && !s.m.Renames() && s.r.Limit == "" {
		s.r.Limit = limitBiased
	}
	return s.r.Limit == limitBiased
}

// byNames searches, and once more with every actor under its own name if somebody's World turned out to be biased.
// The second search finds all by itself; where it is cut, what was found before stays.
func byNames(o Options, search func(o Options) *Result) *Result {
	r := search(o)
	if r.Limit != limitBiased {
		return r
	}
	o.Without |= Symmetry
	again := search(o)
	for _, f := range r.Finds {
		if again.Limit != "" && !again.knows(f.Violation) {
			again.Finds = append(again.Finds, f)
		}
	}
	return again
}
