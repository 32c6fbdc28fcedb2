package spec

// bagListMax is how many branches are looked through one by one.
const bagListMax = 16

// bag is a set of branches in the order in which they came, without those that one before stands for.
type bag[S comparable] struct {
	list  []branch[S]
	index map[branch[S]][]mask // once the list is long: by branch without what never returns, that
}

func (b *bag[S]) reset() {
	b.list = b.list[:0]
	b.index = nil
}

// add puts the branch in unless there is one in the same state for which the same operations have taken
// effect, and of those that never return the same or fewer.
func (b *bag[S]) add(n branch[S], never mask) {
	if b.index == nil && len(b.list) < bagListMax {
		key := n.key(never)
		for i := range b.list {
			if old := &b.list[i]; old.at == n.at && n.done.covers(old.done) && old.key(never) == key {
				return
			}
		}
		b.list = append(b.list, n)
		return
	}
	if b.index == nil {
		b.index = make(map[branch[S]][]mask, 4*bagListMax)
		for _, old := range b.list {
			b.index[old.key(never)] = append(b.index[old.key(never)], old.done.of(never))
		}
	}
	key, last := n.key(never), n.done.of(never)
	for _, m := range b.index[key] {
		if last.covers(m) {
			return
		}
	}
	b.index[key] = append(b.index[key], last)
	b.list = append(b.list, n)
}

// key is the branch without the operations that never return.
func (n *branch[S]) key(never mask) branch[S] {
	key := *n
	for i := range key.done {
		key.done[i] &^= never[i]
	}
	return key
}
