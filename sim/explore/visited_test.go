package explore

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestVisitedIsAMap: a set of keys with notes is what a map of strings is, whatever the keys.
func TestVisitedIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, model := newVisited(2, &room{}), map[string]uint16{}
		for range rapid.IntRange(1, 2000).Draw(t, "keys") {
			key := rapid.SliceOfN(rapid.ByteRange(0, 3), 0, 9).Draw(t, "key")
			note, fresh, full := v.find(hashOf(key), key)
			was, known := model[string(key)]
			require.False(t, full)
			require.Equal(t, !known, fresh)
			require.Equal(t, was, binary.LittleEndian.Uint16(note))
			model[string(key)] = was + 1
			binary.LittleEndian.PutUint16(note, was+1)
		}
		require.Len(t, model, v.keys)
	})
}

// TestEqualHashesHideNothing: keys whose hash is one stay apart, byte by byte.
func TestEqualHashesHideNothing(t *testing.T) {
	v := newVisited(0, &room{})
	v.find(hashOf([]byte("one")), []byte("one"))
	slot := v.slots[v.look(hashOf([]byte("one")), []byte("one"))]
	hash := hashOf([]byte("other"))
	for i := range v.slots {
		v.slots[i] = 0
	}
	v.slots[int(hash)&(len(v.slots)-1)] = slot&^tagMask | hash&tagMask
	_, fresh, _ := v.find(hash, []byte("other"))
	require.True(t, fresh)
}

// TestVisitedKeepsWithinItsRoom: what does not fit is refused and changes nothing; keys longer than a chunk fit too.
func TestVisitedKeepsWithinItsRoom(t *testing.T) {
	v := newVisited(1, &room{max: 1 << 16})
	var n uint64
	for ; ; n++ {
		key := binary.LittleEndian.AppendUint64(nil, n)
		_, _, full := v.find(hashOf(key), key)
		require.LessOrEqual(t, v.room.taken, 1<<16)
		if full {
			break
		}
	}
	require.EqualValues(t, n, v.keys)
	for i := range n {
		key := binary.LittleEndian.AppendUint64(nil, i)
		require.NotZero(t, v.slots[v.look(hashOf(key), key)])
	}
	long := newVisited(1, &room{})
	for i := range byte(3) {
		key := bytes.Repeat([]byte{i}, 3<<chunkBits)
		_, fresh, _ := long.find(hashOf(key), key)
		require.True(t, fresh)
	}
	key := bytes.Repeat([]byte{1}, 3<<chunkBits)
	_, fresh, _ := long.find(hashOf(key), key)
	require.False(t, fresh)
}

// TestNumbers are given in the order in which keys come.
func TestNumbers(t *testing.T) {
	e := newEntered(0, true, 0)
	for i := range uint32(1000) {
		for _, k := range []uint32{i, i / 2} {
			n, full := e.world(binary.LittleEndian.AppendUint32(nil, k))
			require.False(t, full)
			require.Equal(t, k, n)
		}
	}
}
