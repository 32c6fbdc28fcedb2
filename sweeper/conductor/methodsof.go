package conductor

// MethodsOf gives the methods of a release by its engine's name; false if it is none of Releases.
func MethodsOf(engine string) (Methods, bool) {
	for _, r := range releases() {
		if r.name == engine {
			return r.methods, true
		}
	}
	return Methods{}, false
}
