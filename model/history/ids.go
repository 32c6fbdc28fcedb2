package history

// ids is the set of the numbers used so far. Numbers that lie close together share a word, so that those
// of a counter take a bit each.
type ids map[int]uint64

// add tells whether the number is new.
func (s ids) add(n int) bool {
	word, bit := s[n>>6], uint64(1)<<(n&63)
	s[n>>6] = word | bit
	return word&bit == 0
}

// has tells whether the number was used.
func (s ids) has(n int) bool { return s[n>>6]&(1<<(n&63)) != 0 }
