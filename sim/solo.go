package sim

// Driver drives actors that no Machine drives: it says when their steps take effect.
type Driver interface {
	// Take answers the actor's step at once, or leaves it: then the actor is held at the step until Solo.Answer.
	Take(s *Solo, step *Step) (r Reply, taken bool)
}

// Solo is an actor that a Driver drives, one operation after the other, on a coroutine that is made once. It has no
// script: who drives it says what it does, and under which number, between two operations.
type Solo struct {
	// Tag is the driver's own.
	Tag    any
	actor  Actor
	driver Driver
}

// NewSolo makes an actor with nothing to do.
func NewSolo() *Solo {
	s := &Solo{}
	s.actor = Actor{spec: &ActorSpec{Name: "solo"}, solo: s, state: finished}
	s.actor.co = newCoroutine(&s.actor)
	return s
}

// Actor is who acts.
func (s *Solo) Actor() *Actor { return &s.actor }

// Solo is who drives the actor; nil if a Machine does.
func (a *Actor) Solo() *Solo { return a.solo }

// Play begins operation number pos, as the actor of that number, and runs its code to the first step that the driver
// leaves; it tells whether the operation returned before any. It must not have one in progress.
func (s *Solo) Play(d Driver, id ActorID, pos int, op Operation) (returned bool) {
	s.driver, s.actor.id, s.actor.owner, s.actor.state = d, id, id, parked
	s.actor.undertake(pos, op)
	return s.resume()
}

// Answer hands the actor the reply to the step that it is held at, and lets it go on as Play does.
func (s *Solo) Answer(r Reply) (returned bool) {
	s.actor.co.reply = r
	return s.resume()
}

func (s *Solo) resume() bool {
	if !s.actor.co.resume() {
		return false
	}
	s.actor.state = finished
	return true
}

// Result is what the last operation returned.
func (s *Solo) Result() Reply { return s.actor.co.result }

// Failure tells how the code broke out; nil if it did not.
func (s *Solo) Failure() *Failure { return s.actor.co.failure }

// Close ends the operation in progress without any further effect, if there is one, and gives the coroutine back.
func (s *Solo) Close() {
	if s.actor.state == parked && s.actor.co.failure == nil {
		s.actor.co.abandon()
	}
	s.actor.co.close()
}
