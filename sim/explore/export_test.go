package explore

// CachedBy is Cached by another key: for the twins that are broken on purpose.
var CachedBy = cached

// Constrain gives the first run of a reads-from fuzzer a constraint.
func Constrain(f *RFF, p ReadsFrom, not bool) { f.constraints = []constraint{{p, not}} }
