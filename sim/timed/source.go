package timed

import "math/rand/v2"

// Source is a generator of (seed, lane, number): each three have bits of their own, alike on every platform. It
// is not to be copied, since the copy would draw from the original.
type Source struct {
	*rand.Rand
	pcg rand.PCG
}

// NewSource makes a generator that stands at its beginning.
func NewSource(seed, lane, number uint64) *Source {
	s := &Source{}
	s.Rand = rand.New(&s.pcg)
	s.Reseed(seed, lane, number)
	return s
}

// Reseed makes of the generator what NewSource gives for the same three, in place.
func (s *Source) Reseed(seed, lane, number uint64) {
	of := within(laneOf(seed, lane), number)
	s.pcg.Seed(within(of, 0), within(of, 1))
}

// golden is the step of SplitMix64: 2^64 over the golden ratio, made odd.
const golden = 0x9e3779b97f4a7c15

// mix is the output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; David Stafford's variant 13).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// within is the output of that number of the SplitMix64 that starts at the state.
func within(state, number uint64) uint64 { return mix(state + golden*(number+1)) }

// laneOf is the state from which the lane's bits come.
func laneOf(seed, lane uint64) uint64 { return within(within(seed, 0), lane) }
