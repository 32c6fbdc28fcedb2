package tiny

import (
	"slices"
	"strconv"
	"time"

	"fermata/sim"
)

// World is a world of cells: one byte an object, and locks whose value is their owner. It serves the
// small programs whose exact counts are known.
type World struct {
	// Start are the cells at the start of a run and Cell what they are now, by object.
	Start, Cell []byte
	// Locks are the cells that nothing but Lock, TryLock and Unlock sets: they name their owner. Unless it is
	// told of every such cell, the World renames nobody.
	Locks   []sim.Object
	elapsed int64
}

// The verbs of tiny worlds.
const (
	Read    sim.Verb = 1 + iota // answers the cells of Object and, if set, of Other
	Write                       // sets Object to A
	TryLock                     // takes the lock if it is free, and tells whether it did
	Lock                        // takes the lock; blocked while another holds it
	Unlock                      // frees the lock
	Add                         // adds 1 to Object, and answers it
	Touch                       // writes Object without changing it
	Return                      // what an operation returns by that has no step to return from
	Wait                        // the clock's: A milliseconds pass
)

// New makes a world with objects 1 to cells, all 0.
func New(cells int) *World {
	return &World{Start: make([]byte, cells+1), Cell: make([]byte, cells+1)}
}

// Reset puts the cells back.
func (w *World) Reset() {
	copy(w.Cell, w.Start)
	w.elapsed = 0
}

// Enabled is false only for a Lock that another holds.
func (w *World) Enabled(_ sim.ActorID, s *sim.Step) bool {
	return s.Verb != Lock || w.Cell[s.Object] == 0
}

// Quick is the World.
func (w *World) Quick() sim.World { return w }

// Plain is false only for a Lock.
func (w *World) Plain(s *sim.Step) bool { return s.Verb != Lock }

// MayAdvance is false: there is no time.
func (w *World) MayAdvance() bool { return false }

// Alternatives is 1: no step leaves its reply open.
func (w *World) Alternatives(sim.ActorID, *sim.Step, int) int { return 1 }

// AltReply is never asked for.
func (w *World) AltReply(sim.ActorID, *sim.Step, int) (r sim.Reply) { return r }

// NextAdvance is false: there is no time.
func (w *World) NextAdvance(*sim.Step) bool { return false }

// NextReturn has no arguments.
func (w *World) NextReturn(s *sim.Step) { s.Verb = Return }

// NextWait has no limit: there are no deadlines.
func (w *World) NextWait(s *sim.Step) int64 {
	s.Verb = Wait
	return 0
}

// Elapsed is the sum of the waits.
func (w *World) Elapsed() int64 { return w.elapsed }

// FaultReply has the code 99.
func (w *World) FaultReply(*sim.Step) sim.Reply { return sim.Reply{Code: 99} }

// MayFail allows errors in writes.
func (w *World) MayFail(s *sim.Step, _ sim.FaultKind) bool { return s.Verb == Write }

// FaultStep is false: a pause ends nothing, and nothing is delivered.
func (w *World) FaultStep(sim.FaultKind, sim.ActorID, int, *sim.Step) bool { return false }

// Restarted does nothing.
func (w *World) Restarted(sim.ActorID) {}

// Crashed does nothing: there are no leases.
func (w *World) Crashed(sim.ActorID) {}

// Save appends the cells.
func (w *World) Save(dst []byte) []byte { return append(dst, w.Cell...) }

// Key appends the cells.
func (w *World) Key(dst []byte) []byte { return append(dst, w.Cell...) }

// Load puts the cells back.
func (w *World) Load(src []byte) []byte { return src[copy(w.Cell, src):] }

// ReplyText is the code, or how long a wait was.
func (w *World) ReplyText(s *sim.Step, r sim.Reply) string {
	switch s.Verb {
	case Return:
		return ""
	case Wait:
		return (time.Duration(r.N) * time.Millisecond).String()
	}
	return strconv.Itoa(int(r.Code))
}

// ObjectName is a letter.
func (w *World) ObjectName(o sim.Object) string { return string('a' + rune(o) - 1) }

// Digest mixes the actor, the step without its accesses, and the reply.
func (w *World) Digest(a sim.ActorID, s *sim.Step, r sim.Reply) uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := uint64(a)<<40 | uint64(s.Verb)<<32 | uint64(s.Object)<<16 | uint64(r.Code)
	h = (h ^ h>>29) * odd
	return (h ^ uint64(s.A)<<32 ^ uint64(r.N)<<16 ^ uint64(s.Other)) * odd
}

// StepText is the verb and the object.
func (w *World) StepText(_ sim.ActorID, s *sim.Step) string {
	if s.Verb >= Return {
		return verbNames[s.Verb]
	}
	return verbNames[s.Verb] + " " + w.ObjectName(s.Object)
}

// Apply takes the step.
func (w *World) Apply(a sim.ActorID, s *sim.Step, _ int) sim.Reply {
	c := &w.Cell[s.Object]
	switch s.Verb {
	case Read:
		return sim.Reply{Code: uint16(*c), N: int64(w.Cell[s.Other])}
	case Write:
		*c = byte(s.A)
	case TryLock:
		if *c != 0 {
			return sim.Reply{}
		}
		*c = byte(a) + 1
		return sim.Reply{Code: 1}
	case Lock:
		*c = byte(a) + 1
	case Unlock:
		*c = 0
	case Wait:
		w.elapsed += s.A
		return sim.Reply{N: s.A}
	case Add:
		*c++
		return sim.Reply{Code: uint16(*c)}
	}
	return sim.Reply{}
}

// Do takes one step of a tiny world, with the accesses that its verb has.
func Do(a *sim.Actor, v sim.Verb, o sim.Object, value int64) sim.Reply {
	s := sim.Step{Verb: v, Object: o, A: value}
	if v == Read {
		s.Touch(o, sim.Read)
	} else {
		s.Touch(o, sim.Write)
	}
	return do(a, &s)
}

func do(a *sim.Actor, s *sim.Step) sim.Reply {
	if a.Guarded() {
		return guarded(a, s)
	}
	return a.Do(s)
}

func guarded(a *sim.Actor, s *sim.Step) sim.Reply {
	a.Enter()
	defer a.Leave()
	return a.Do(s)
}

// ReadBoth reads two cells in one step.
func ReadBoth(a *sim.Actor, o, p sim.Object) (byte, byte) {
	s := sim.Step{Verb: Read, Object: o, Other: p}
	s.Touch(o, sim.Read)
	s.Touch(p, sim.Read)
	r := do(a, &s)
	return byte(r.Code), byte(r.N)
}

var verbNames = [...]string{"", "read", "write", "try", "lock", "unlock", "add", "touch", "return", "wait"}

// KnownVerb tells whether a word is a verb of this world.
func KnownVerb(word string) bool { return slices.Contains(verbNames[1:], word) }
