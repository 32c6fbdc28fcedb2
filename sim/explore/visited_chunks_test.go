package explore

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChunksStayLarge: a set of many chunks still puts many keys into each. Where the size of a chunk overflowed, from
// 52 chunks on, each key had one of its own, their numbers ran out of the bits of a place, and a known key was not
// found again.
func TestChunksStayLarge(t *testing.T) {
	v := newVisited(0, &room{})
	key := make([]byte, 1<<15)
	for n := range uint32(2_500) {
		binary.LittleEndian.PutUint32(key, n)
		_, fresh, _ := v.find(hashOf(key), key)
		require.True(t, fresh)
	}
	require.Less(t, len(v.arena), 120)
	for n := range uint32(2_500) {
		binary.LittleEndian.PutUint32(key, n)
		_, fresh, _ := v.find(hashOf(key), key)
		require.False(t, fresh)
	}
}
