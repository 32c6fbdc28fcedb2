package spec

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical gives the text of Sorted: equal for two histories exactly if they have the same
// operations of the same actors, the same replies, and the same order between returns and calls,
// which is all that a verdict depends on. It is a key for verdicts already known.
func Canonical(events []Event) string {
	var b strings.Builder
	b.Grow(64 * len(events))
	for _, e := range Sorted(events) {
		b.WriteString(e.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// Sorted returns the history with each maximal block of calls, or of returns, in the order of the
// actors' names, and the operations numbered from 1 in the order of their calls. Within a block no
// order is observable: each operation of it is concurrent with each other.
func Sorted(events []Event) []Event {
	sorted := append([]Event(nil), events...)
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && sorted[end].Kind == sorted[start].Kind {
			end++
		}
		slices.SortStableFunc(sorted[start:end], func(a, b Event) int { return cmp.Compare(a.Actor, b.Actor) })
		start = end
	}
	numbers := make(map[int]int, len(sorted)/2)
	for i, e := range sorted {
		if numbers[e.Op] == 0 {
			numbers[e.Op] = len(numbers) + 1
		}
		sorted[i].Op = numbers[e.Op]
	}
	return sorted
}
