package load

// entry is a shard's place in a heap: by a time, and of equal times by its number.
type entry struct {
	at     int64
	number int64
	shard  *shard
	turn   uint32
}

func (e *entry) before(f *entry) bool { return e.at < f.at || e.at == f.at && e.number < f.number }

// void tells whether the shard has moved on since.
func (e *entry) void() bool { return e.shard.turn != e.turn || e.shard.number != e.number }

// heap gives entries in order. The order is total, so that what comes out depends on nothing but what went in.
type heap []entry

func (h *heap) push(e entry) {
	*h = append(*h, e)
	q := *h
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(&q[up]) {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
}

// top is the first entry that is not void; nil if there is none.
func (h *heap) top() *entry {
	for len(*h) > 0 {
		if e := &(*h)[0]; e.shard == nil || !e.void() {
			return e
		}
		h.pop()
	}
	return nil
}

// pop takes the first entry out, void or not.
func (h *heap) pop() entry {
	q := *h
	first, last := q[0], q[len(q)-1]
	q[len(q)-1] = entry{}
	q = q[:len(q)-1]
	*h = q
	i := 0
	for len(q) > 0 {
		down := 4*i + 1
		if down >= len(q) {
			break
		}
		for j := down + 1; j < min(4*i+5, len(q)); j++ {
			if q[j].before(&q[down]) {
				down = j
			}
		}
		if !q[down].before(&last) {
			break
		}
		q[i] = q[down]
		i = down
	}
	if len(q) > 0 {
		q[i] = last
	}
	return first
}
