package timed_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim/timed"
)

// TestReseedIsNew: a generator that was used and seeded again is as a new one, and nothing was allocated.
func TestReseedIsNew(t *testing.T) {
	used := timed.NewSource(0, 0, 0)
	rapid.Check(t, func(t *rapid.T) {
		seed, lane := rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "lane")
		number := rapid.Uint64().Draw(t, "number")
		used.Reseed(seed, lane, number)
		fresh := timed.NewSource(seed, lane, number)
		for range rapid.IntRange(1, 9).Draw(t, "drawn") {
			require.Equal(t, fresh.Uint64(), used.Uint64())
		}
	})
	require.Zero(t, testing.AllocsPerRun(100, func() { used.Reseed(1, 2, 3) }))
}

// TestSourcesAreApart: those of small seeds, lanes and numbers, also of one another's, are all different; over all
// of them each of 64 bits is as often set as not, within five standard deviations, as first bits and as differences
// of neighbours.
func TestSourcesAreApart(t *testing.T) {
	const each = 24
	s := timed.NewSource(0, 0, 0)
	seen := map[uint64]bool{}
	var set, differs [64]int
	for seed := range uint64(each) {
		for lane := range uint64(each) {
			last := uint64(0)
			for number := range uint64(each) {
				s.Reseed(seed, lane, number)
				first := s.Uint64()
				require.False(t, seen[first], "%d, %d, %d", seed, lane, number)
				seen[first] = true
				for bit := range 64 {
					set[bit] += int(first >> bit & 1)
					differs[bit] += int((first ^ last) >> bit & 1)
				}
				last = first
			}
		}
	}
	const n = each * each * each
	for bit := range 64 {
		require.InDelta(t, n/2, set[bit], 5*59, "bit %d", bit) // the deviation is half the root of n: 58.8
		require.InDelta(t, n/2, differs[bit], 5*59, "bit %d", bit)
	}
}

// TestSourcesOfEveryPlatform: these are the bits of every platform.
func TestSourcesOfEveryPlatform(t *testing.T) {
	s := timed.NewSource(1, 2, 3)
	require.Equal(t, []uint64{0x53f5c57715c44312, 0x6aec485b1b00de1c, 0x39b3e44fc26c9e21},
		[]uint64{s.Uint64(), s.Uint64(), s.Uint64()})
}

// BenchmarkReseed is one seeding in place.
func BenchmarkReseed(b *testing.B) {
	s := timed.NewSource(0, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		s.Reseed(1, 2, 3)
	}
}
