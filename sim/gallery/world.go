package gallery

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"fermata/sim"
)

// World is cells, locks and condition variables, all of them numbers. A cell's number is its value. A lock's is its
// owner's number plus one, or 0. A condition variable's is two sets of actors: who sleeps, in the lower half, and who
// is woken and has not got its lock back, in the upper half.
type World struct {
	names      []string
	start, now []int32
}

// The verbs.
const (
	load   sim.Verb = 1 + iota // answers Object
	store                      // sets Object to A
	add                        // adds A to Object, and answers the sum
	swap                       // sets Object to A, and answers what it was
	cas                        // sets Object to B if it is A, and tells whether it was
	await                      // answers Object; blocked until it is within A and B
	lock                       // takes the lock; blocked while anyone has it
	unlock                     // frees the lock
	sleep                      // frees the lock Other and sleeps on Object
	wake                       // takes the lock Other again; blocked until it is free and a signal chose the actor
	signal                     // wakes one of those who sleep on Object, by the schedule's choice, if any does
)

var verbNames = [...]string{
	"", "load", "store", "add", "swap", "cas", "await", "lock", "unlock", "sleep", "wake", "signal",
}

// KnownVerb tells whether a word is a verb of this world.
func KnownVerb(word string) bool { return word != "" && slices.Contains(verbNames[:], word) }

// sleepersMax is how many actors there may be where one sleeps; half is how far up the woken are.
const (
	sleepersMax = 15
	half        = 16
)

// add gives a new object a name and a start.
func (w *World) add(name string, start int32) sim.Object {
	w.names, w.start, w.now = append(w.names, name), append(w.start, start), append(w.now, start)
	return sim.Object(len(w.names))
}

func (w *World) at(o sim.Object) *int32 { return &w.now[o-1] }

// Value is what a cell is now.
func (w *World) Value(c Cell) int32 { return *w.at(sim.Object(c)) }

// Reset puts everything back to its start.
func (w *World) Reset() { copy(w.now, w.start) }

// Enabled is false for a lock that is not free, a sleeper that nobody woke, and a value that is awaited.
func (w *World) Enabled(actor sim.ActorID, s *sim.Step) bool {
	switch v := *w.at(s.Object); s.Verb {
	case lock:
		return v == 0
	case wake:
		return v>>half&(1<<actor) != 0 && *w.at(s.Other) == 0
	case await:
		return s.A <= int64(v) && int64(v) <= s.B
	}
	return true
}

// Alternatives is how many a signal may wake; 1 for anything else.
func (w *World) Alternatives(_ sim.ActorID, s *sim.Step, _ int) int {
	if s.Verb == signal {
		return max(1, bits.OnesCount16(uint16(*w.at(s.Object))))
	}
	return 1
}

// AltReply tells whom a signal wakes.
func (w *World) AltReply(_ sim.ActorID, s *sim.Step, alt int) sim.Reply {
	return sim.Reply{N: int64(w.sleeper(s.Object, alt))}
}

// nobody is whom a signal wakes where no one sleeps.
const nobody = -1

// sleeper is the number of the sleeper that alternative alt wakes.
func (w *World) sleeper(o sim.Object, alt int) int {
	asleep := uint16(*w.at(o))
	if asleep == 0 {
		return nobody
	}
	for range alt {
		asleep &= asleep - 1
	}
	return bits.TrailingZeros16(asleep)
}

// Apply takes the step.
func (w *World) Apply(actor sim.ActorID, s *sim.Step, alt int) sim.Reply {
	v := w.at(s.Object)
	was := *v
	switch s.Verb {
	case load, await:
		return sim.Reply{N: int64(was)}
	case store:
		*v = int32(s.A)
	case add:
		*v += int32(s.A)
		return sim.Reply{N: int64(*v)}
	case swap:
		*v = int32(s.A)
		return sim.Reply{N: int64(was)}
	case cas:
		if was != int32(s.A) {
			return sim.Reply{}
		}
		*v = int32(s.B)
		return sim.Reply{N: 1}
	case lock:
		*v = int32(actor) + 1
	case unlock:
		*v = 0
	default:
		return w.condition(actor, s, alt)
	}
	return sim.Reply{}
}

// condition takes a step on a condition variable.
func (w *World) condition(actor sim.ActorID, s *sim.Step, alt int) sim.Reply {
	v := w.at(s.Object)
	switch s.Verb {
	case sleep:
		*v |= 1 << actor
		*w.at(s.Other) = 0
	case wake:
		*v &^= 1 << actor << half
		*w.at(s.Other) = int32(actor) + 1
	case signal:
		who := w.sleeper(s.Object, alt)
		if who != nobody {
			*v ^= 1<<who | 1<<who<<half
		}
		return sim.Reply{N: int64(who)}
	}
	return sim.Reply{}
}

// NextAdvance is false: there is no time.
func (w *World) NextAdvance(*sim.Step) bool { return false }

// FaultReply says nothing: nothing fails.
func (w *World) FaultReply(*sim.Step) (r sim.Reply) { return r }

// MayFail is false.
func (w *World) MayFail(*sim.Step, sim.FaultKind) bool { return false }

// Crashed does nothing.
func (w *World) Crashed(sim.ActorID) {}

// Restarted does nothing.
func (w *World) Restarted(sim.ActorID) {}

// FaultStep is false.
func (w *World) FaultStep(sim.FaultKind, sim.ActorID, int, *sim.Step) bool { return false }

// Save appends the numbers.
func (w *World) Save(dst []byte) []byte {
	for _, v := range w.now {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
	}
	return dst
}

// Key appends the numbers.
func (w *World) Key(dst []byte) []byte { return w.Save(dst) }

// Load puts the numbers back.
func (w *World) Load(src []byte) []byte {
	for i := range w.now {
		w.now[i] = int32(binary.LittleEndian.Uint32(src))
		src = src[4:]
	}
	return src
}

// Digest mixes the actor, the step without its accesses, and the reply.
func (w *World) Digest(a sim.ActorID, s *sim.Step, r sim.Reply) uint64 {
	h := uint64(a)<<48 | uint64(s.Verb)<<40 | uint64(s.Object)<<20 | uint64(s.Other)
	for _, v := range [...]int64{s.A, s.B, r.N} {
		h = (h ^ h>>29 ^ uint64(v)) * 0x9e3779b97f4a7c15
	}
	return h
}

// ObjectName is the name of a cell, a lock or a condition variable.
func (w *World) ObjectName(o sim.Object) string { return w.names[o-1] }

// StepText is the verb, the object and the arguments.
func (w *World) StepText(_ sim.ActorID, s *sim.Step) string {
	text := verbNames[s.Verb] + " " + w.ObjectName(s.Object)
	switch s.Verb {
	case store, add, swap:
		return fmt.Sprintf("%s %d", text, s.A)
	case cas, await:
		return fmt.Sprintf("%s %d %d", text, s.A, s.B)
	case sleep, wake:
		return text + " " + w.ObjectName(s.Other)
	}
	return text
}

// ReplyText is the value; what says nothing is empty.
func (w *World) ReplyText(s *sim.Step, r sim.Reply) string {
	switch s.Verb {
	case load, await, add, swap:
		return strconv.FormatInt(r.N, 10)
	case cas:
		return strconv.FormatBool(r.N == 1)
	case signal:
		if r.N == nobody {
			return "nobody"
		}
		return fmt.Sprintf("thread %d", r.N+1)
	}
	return ""
}
