package history

// ids is the set of the numbers used so far. Numbers that lie close together share a page, so that
// those of a counter take a bit each.
type ids struct {
	pages map[int]*page
	last  int // the page used last
	page  *page
}

const pageBits = 512

type page [pageBits / 64]uint64

// add tells whether the number is new.
func (s *ids) add(n int) bool {
	at := n >> 9
	if s.page == nil || s.last != at {
		if s.pages == nil {
			s.pages = map[int]*page{}
		}
		if s.last, s.page = at, s.pages[at]; s.page == nil {
			s.page = new(page)
			s.pages[at] = s.page
		}
	}
	word, bit := &s.page[n&(pageBits-1)>>6], uint64(1)<<(n&63)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

// has tells whether the number was used.
func (s *ids) has(n int) bool {
	p := s.pages[n>>9]
	return p != nil && p[n&(pageBits-1)>>6]&(1<<(n&63)) != 0
}
