package catalogue

import (
	"fmt"
	"strconv"
	"strings"
)

// Scope is how far a search goes: everything that is bounded, said with every verdict.
type Scope struct {
	Sweepers int // sweepers, each on a server of its own
	Sweeps   int // runs of the reconciler, for each sweeper
	Advances int // advances of the clock
	Faults   int
}

// scopeMax bounds each figure of a scope.
const scopeMax = 30

// String gives the scope as schedules and reports write it.
func (s Scope) String() string {
	return fmt.Sprintf("sweepers=%d sweeps=%d advance=%d faults=%d", s.Sweepers, s.Sweeps, s.Advances, s.Faults)
}

// ParseScope changes the figures that the text names, as in "sweepers=1 advance=0".
func ParseScope(text string, s Scope) (Scope, error) {
	fields := map[string]*int{
		"sweepers": &s.Sweepers, "sweeps": &s.Sweeps, "advance": &s.Advances, "faults": &s.Faults,
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		key, value, _ := strings.Cut(word, "=")
		field := fields[key]
		n, err := strconv.Atoi(value)
		if field == nil || err != nil || n < 0 || n > scopeMax {
			return s, fmt.Errorf("scope %q: expected sweepers=N, sweeps=N, advance=N or faults=N, N from 0 to %d",
				word, scopeMax)
		}
		*field = n
	}
	return s, nil
}
