package explore

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// visited is a set of keys, each with a few bytes of note beside it. Keys stand in an arena and are
// compared byte by byte: a hash only says where to look, so that no collision hides a key.
type visited struct {
	note  int // how many bytes of note stand beside each key
	room  *room
	slots []uint64 // tagBits of a key's hash, then where it stands plus 1; 0 is empty
	keys  int
	arena [][]byte // chunks; a key stands in one of them
}

const (
	// A place is a chunk's number and the offset in it.
	chunkBits = 20
	placeBits = 40
	tagMask   = ^uint64(1<<placeBits - 1)
	slotsMin  = 1 << 8
	chunkMin  = 1 << 12
)

// newVisited makes an empty set.
func newVisited(note int, r *room) *visited {
	r.give(-8 * slotsMin)
	return &visited{note: note, room: r, slots: make([]uint64, slotsMin)}
}

// find gives the note of a key, which is given with its hash. The caller may change the note in place; it is valid for
// ever. fresh tells that the key is new: it is then added with a note of zeros. full tells that a new key is over the
// limit and was left out.
func (v *visited) find(hash uint64, key []byte) (note []byte, fresh, full bool) {
	at := v.look(hash, key)
	if slot := v.slots[at]; slot != 0 {
		note, _ = v.entry(slot)
		return note, false, false
	}
	if 4*(v.keys+1) > 3*len(v.slots) {
		if !v.grow() {
			return nil, true, true
		}
		at = v.look(hash, key)
	}
	place, ok := v.place(v.note + binary.MaxVarintLen32 + len(key))
	if !ok {
		return nil, true, true
	}
	chunk := &v.arena[place>>chunkBits]
	*chunk = append(*chunk, make([]byte, v.note)...)
	*chunk = binary.AppendUvarint(*chunk, uint64(len(key)))
	*chunk = append(*chunk, key...)
	v.slots[at] = hash&tagMask | uint64(place+1)
	v.keys++
	begin := place & (1<<chunkBits - 1)
	return (*chunk)[begin : begin+v.note : begin+v.note], true, false
}

// look gives the slot of a key, or the empty slot where it belongs.
func (v *visited) look(hash uint64, key []byte) int {
	mask := len(v.slots) - 1
	for at := int(hash) & mask; ; at = (at + 1) & mask {
		slot := v.slots[at]
		if slot == 0 {
			return at
		}
		if slot&tagMask != hash&tagMask {
			continue
		}
		if _, there := v.entry(slot); bytes.Equal(there, key) {
			return at
		}
	}
}

// entry gives what stands at the place of a slot.
func (v *visited) entry(slot uint64) (note, key []byte) {
	place := int(slot&^tagMask) - 1
	b := v.arena[place>>chunkBits][place&(1<<chunkBits-1):]
	n, width := binary.Uvarint(b[v.note:])
	key = b[v.note+width:]
	return b[:v.note:v.note], key[:n]
}

// all gives every key with its note.
func (v *visited) all(yield func(note, key []byte) bool) {
	for _, slot := range v.slots {
		if slot != 0 && !yield(v.entry(slot)) {
			return
		}
	}
}

// size is how many bytes the set takes.
func (v *visited) size() int {
	n := 8 * len(v.slots)
	for _, chunk := range v.arena {
		n += cap(chunk)
	}
	return n
}

// place finds a place for so many bytes, in a new chunk if the last one has no room. False if that is over the
// limit.
func (v *visited) place(size int) (place int, ok bool) {
	last := len(v.arena) - 1
	if last < 0 || cap(v.arena[last])-len(v.arena[last]) < size {
		last++
		n := max(min(chunkMin<<min(last, chunkBits), 1<<chunkBits), size)
		if !v.room.take(n) {
			return 0, false
		}
		v.arena = append(v.arena, make([]byte, 0, n))
	}
	return last<<chunkBits | len(v.arena[last]), true
}

// grow doubles the slots. False if the limit leaves no room for the old and the new ones together.
func (v *visited) grow() bool {
	if !v.room.take(16 * len(v.slots)) {
		return false
	}
	old := v.slots
	v.slots = make([]uint64, 2*len(old))
	mask := len(v.slots) - 1
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		_, key := v.entry(slot)
		at := int(hashOf(key)) & mask
		for v.slots[at] != 0 {
			at = (at + 1) & mask
		}
		v.slots[at] = slot
	}
	v.room.give(8 * len(old))
	return true
}

// hashOf is the same in every process.
func hashOf(key []byte) uint64 {
	h := uint64(len(key)) ^ 0x9e3779b97f4a7c15
	for len(key) >= 8 {
		h = fold(h ^ binary.LittleEndian.Uint64(key))
		key = key[8:]
	}
	var rest [8]byte
	copy(rest[:], key)
	return fold(fold(h ^ binary.LittleEndian.Uint64(rest[:])))
}

func fold(x uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, 0xe7037ed1a0b428db)
	return hi ^ lo
}
