package explore

import (
	"encoding/binary"
	"math/bits"

	"fermata/sim"
)

// sleepers are steps that need not be taken in a state: what they lead to is covered from an earlier state, in
// another order (Godefroid 1996). A step is its actor; only a step with one reply and no fault ever sleeps.
type sleepers struct {
	steps uint64
	// lasts are those of the steps that close their operation.
	lasts uint64
}

func (s sleepers) and(t sleepers) sleepers { return sleepers{s.steps & t.steps, s.lasts & t.lasts} }

// renamed gives the steps under the actors' new names.
func (s sleepers) renamed(as []sim.ActorID) sleepers {
	if as == nil {
		return s
	}
	var t sleepers
	for left := s.steps; left != 0; left &= left - 1 {
		id := bits.TrailingZeros64(left)
		t.steps |= 1 << as[id]
		t.lasts |= s.lasts >> id & 1 << as[id]
	}
	return t
}

// original undoes renamed.
func (s sleepers) original(as []sim.ActorID) sleepers {
	if as == nil {
		return s
	}
	var t sleepers
	for id, name := range as {
		t.steps |= s.steps >> name & 1 << id
		t.lasts |= s.lasts >> name & 1 << id
	}
	return t
}

// sleep keeps the sleep sets of a search. They are stored with the states: where a state is met again, what was
// asleep then and is awake now is taken. So every state is met, and only transitions are spared.
type sleep struct {
	width int          // bytes of a set in a note
	judge sim.Commuter // nil if there is no Judge
	calls bool         // calls and returns are judged in their order
	other sim.Transition
}

const sleepersMax = 64

// note is how many bytes of note a state needs.
func (s *sleep) note() int {
	if s == nil {
		return 0
	}
	return 2 * s.width
}

// newSleep gives nil if the Judge may need every order of two steps.
func newSleep(s *sim.System) *sleep {
	if len(s.Actors) > sleepersMax {
		return nil
	}
	out := &sleep{width: (len(s.Actors) + 7) / 8, calls: s.Histories}
	if s.Judge != nil {
		var ok bool
		if out.judge, ok = s.Judge.(sim.Commuter); !ok {
			return nil
		}
	}
	return out
}

// after gives the steps that sleep on after the machine's last transition, which was taken in a state of the path:
// those that come to the same before it. Nothing sleeps through an advance of the clock or a fault.
func (s *sleep) after(m *sim.Machine, from *state) (on sleepers) {
	t := m.Transition()
	if t.Choice.Actor == sim.Clock || t.Choice.Fault != sim.NoFault {
		return on
	}
	for left := from.asleep.steps; left != 0; left &= left - 1 {
		bit := left & -left
		id := sim.ActorID(bits.TrailingZeros64(left))
		if id != t.Choice.Actor && s.commute(m, t, id, from.asleep.lasts&bit != 0) {
			on.steps |= bit
			on.lasts |= from.asleep.lasts & bit
		}
	}
	return on
}

// commute tells whether a transition and the step that another actor is held at come to the same in either order.
func (s *sleep) commute(m *sim.Machine, t *sim.Transition, id sim.ActorID, last bool) bool {
	step := m.Pending(id)
	if step == nil || sim.Dependent(t.Step, step) {
		return false
	}
	op, first := m.PendingOp(id)
	if s.calls && (t.First || t.Last) && (first || last) {
		return false
	}
	if s.judge == nil {
		return true
	}
	s.other = sim.Transition{
		Choice: sim.Choice{Actor: id}, Actor: id, Step: step, Op: op, First: first, Last: last,
	}
	return s.judge.Commutes(t, &s.other)
}

// done puts the machine's last transition to sleep in the state in which it was taken.
func (s *sleep) done(m *sim.Machine, from *state) {
	t := m.Transition()
	if t.Choice.Actor == sim.Clock || t.Choice.Fault != sim.NoFault || from.several>>t.Choice.Actor&1 != 0 {
		return
	}
	from.asleep.steps |= 1 << t.Choice.Actor
	if t.Last {
		from.asleep.lasts |= 1 << t.Choice.Actor
	}
}

// filter leaves of the choices of the last state those that are to be taken: of all the actors that are meant, what
// does not sleep. A choice that never sleeps was taken when the state was new.
func (s *sleep) filter(choices []sim.Choice, top *state, meant uint64) []sim.Choice {
	all := choices[top.open:]
	kept := choices[:top.open]
	for i, c := range all {
		plain := c.Actor != sim.Clock && c.Fault == sim.NoFault
		if plain && (c.Alt > 0 || i+1 < len(all) && all[i+1] == (sim.Choice{Actor: c.Actor, Alt: 1})) {
			top.several |= 1 << c.Actor
		}
		switch {
		case !plain && meant != everyone, plain && (meant&^top.asleep.steps)>>c.Actor&1 == 0:
		default:
			kept = append(kept, c)
		}
	}
	return kept
}

// everyone means every choice.
const everyone = ^uint64(0)

func (s *sleep) store(note []byte, set sleepers) {
	putMask(note[:s.width], set.steps)
	putMask(note[s.width:], set.lasts)
}

func (s *sleep) load(note []byte) sleepers {
	return sleepers{mask(note[:s.width]), mask(note[s.width:])}
}

func putMask(dst []byte, set uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], set)
	copy(dst, b[:])
}

func mask(src []byte) uint64 {
	var b [8]byte
	copy(b[:], src)
	return binary.LittleEndian.Uint64(b[:])
}
