package sim

// ActorID numbers the actors of a System from 0, in the order in which they are offered.
type ActorID uint8

// Clock and Nobody are the actors that no system lists: the one that lets time pass, and none.
const (
	Clock  ActorID = 0xfe
	Nobody ActorID = 0xff
)

// Verb numbers what a step does; the World gives the words. 0 is no verb.
type Verb uint8

// Object is an interned name of a thing in the World. 0 is no object.
type Object uint16

// Ref is an interned value of the World: a record, or a list of them. 0 is no value. Equal numbers
// of one World are equal values.
type Ref uint32

// AccessKind tells a read from a write.
type AccessKind uint8

// Read and Write are the kinds of access. Two accesses to one object conflict unless both read.
const (
	Read AccessKind = 1 + iota
	Write
)

// Access is one object that a step touches, and how.
type Access struct {
	Object Object
	Kind   AccessKind
}

// AccessMax bounds the accesses of one step.
const AccessMax = 8

// Step is one atomic effect on the World, as plain comparable data: what, on which object, with
// which arguments, and every object that it may read or write.
type Step struct {
	Verb     Verb
	Accesses uint8 // how many entries of Access are used
	Object   Object
	Other    Object // a second object: the message of a queue step, say
	Call     Verb   // the call that the step is a part of, where one call takes several
	Ref      Ref    // a record, where the verb takes one
	A, B     int64  // further arguments
	Access   [AccessMax]Access
}

// Touch declares one more access. It panics beyond AccessMax: a verb that needs more must say so
// in the machine.
func (s *Step) Touch(o Object, k AccessKind) {
	if int(s.Accesses) == AccessMax {
		panic("sim: a step declares more accesses than AccessMax")
	}
	s.Access[s.Accesses] = Access{o, k}
	s.Accesses++
}

// Dependent tells whether two steps of different actors conflict: they share an object that at
// least one of them writes.
func Dependent(s, t *Step) bool {
	for _, a := range s.Access[:s.Accesses] {
		for _, b := range t.Access[:t.Accesses] {
			if a.Object == b.Object && (a.Kind == Write || b.Kind == Write) {
				return true
			}
		}
	}
	return false
}

// Reply is what a step answers, and also what an operation returns: a comparable value.
type Reply struct {
	Code   uint16
	Object Object
	Ref    Ref
	N      int64
}
