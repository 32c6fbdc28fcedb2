package history

import "fermata/model/spec"

// sets keeps each set of states once, and gives it a number.
type sets[S comparable] struct {
	spec  spec.Spec[S]
	list  [][]spec.Possible[S]
	index map[uint64][]uint32 // by hash
}

func (s *sets[S]) put(set []spec.Possible[S]) uint32 {
	var hash uint64
	for _, p := range set { // in any order
		hash ^= (s.spec.Hash(p.State) + uint64(p.From)) * 0x9e3779b97f4a7c15
	}
	for _, n := range s.index[hash] {
		if same(s.list[n], set) {
			return n
		}
	}
	if s.index == nil {
		s.index = map[uint64][]uint32{}
	}
	n := uint32(len(s.list))
	s.list = append(s.list, append([]spec.Possible[S](nil), set...))
	s.index[hash] = append(s.index[hash], n)
	return n
}

// same compares sets without duplicates.
func same[S comparable](a, b []spec.Possible[S]) bool {
	if len(a) != len(b) {
		return false
	}
next:
	for _, p := range a {
		for _, q := range b {
			if p == q {
				continue next
			}
		}
		return false
	}
	return true
}
