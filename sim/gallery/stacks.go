package gallery

// owner is the number of the thread that a queue belongs to.
const owner = 0

// callStacks are the stacks on which threads note what they do, in one table that grows when a thread comes whose
// number is beyond it: a vector of vectors, with no lock. Only lengths are modelled.
type callStacks struct {
	on    bool
	table Cell // how many stacks there are
	depth Array
}

// newStacks lays out the owner's stack, with its first call, and the rest if the table does not grow.
func newStacks(s *setup, c steal) callStacks {
	if !c.notes {
		return callStacks{}
	}
	n := int32(1 + stealThieves)
	if c.grows {
		n = 1
	}
	k := callStacks{true, s.cell("stacks", n), s.array("depth", 1+stealThieves)}
	s.world.start[k.depth.At(owner)-1] = 1
	return k
}

// enter notes a call: it grows the table if need be.
func (k *callStacks) enter(t Thread, who int32) {
	if !k.on {
		return
	}
	if t.Load(k.table) <= who {
		k.resize(t, who+1)
	}
	k.look(t, who)
	t.Increment(k.depth.At(who), 1)
}

// resize makes the stacks that are new empty and cuts off those that are too many.
func (k *callStacks) resize(t Thread, n int32) {
	for i := t.Load(k.table); i < n; i++ {
		t.Store(k.depth.At(i), 0)
	}
	t.Store(k.table, n)
}

// note notes an access, in the call on top of the stack.
func (k *callStacks) note(t Thread, who int32) {
	if k.on {
		k.look(t, who)
		t.Assert(t.Load(k.depth.At(who)) > 0)
	}
}

// leave notes a return.
func (k *callStacks) leave(t Thread, who int32) {
	if !k.on {
		return
	}
	k.look(t, who)
	calls := t.Load(k.depth.At(who))
	t.Assert(calls > 0)
	t.Store(k.depth.At(who), calls-1)
}

// look finds a thread's stack, which must be there.
func (k *callStacks) look(t Thread, who int32) { t.Assert(who < t.Load(k.table)) }
