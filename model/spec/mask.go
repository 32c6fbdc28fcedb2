package spec

import "math/bits"

// maskBits bounds the operations of one object that may be open at once.
const maskBits = 256

// mask is a set of open operations, by their bits. It is comparable.
type mask [maskBits / 64]uint64

func (m mask) has(bit int) bool { return m[bit>>6]&(1<<(bit&63)) != 0 }

func (m mask) with(bit int) mask {
	m[bit>>6] |= 1 << (bit & 63)
	return m
}

func (m mask) without(bit int) mask {
	m[bit>>6] &^= 1 << (bit & 63)
	return m
}

// covers tells whether every bit of other is set.
func (m mask) covers(other mask) bool {
	for i := range m {
		if other[i]&^m[i] != 0 {
			return false
		}
	}
	return true
}

// of gives the bits that are in both.
func (m mask) of(other mask) mask {
	for i := range m {
		m[i] &= other[i]
	}
	return m
}

// free gives the lowest bit that is not set; maskBits if there is none.
func (m mask) free() int {
	for i, word := range m {
		if word != ^uint64(0) {
			return i<<6 + bits.TrailingZeros64(^word)
		}
	}
	return maskBits
}
