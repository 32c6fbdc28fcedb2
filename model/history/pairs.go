package history

import (
	"fermata/model/spec"
)

// pairs matches returns to calls, and refuses what is no history: a number used twice, a return without
// a call, an actor that does two things at once.
type pairs struct {
	used   ids
	open   map[int]*Operation
	actors map[spec.Actor]*Operation // what each has open
}

func newPairs() pairs {
	return pairs{used: ids{}, open: map[int]*Operation{}, actors: map[spec.Actor]*Operation{}}
}

// fresh refuses a number that was used before.
func (p *pairs) fresh(number int) *wrong {
	if !p.used.add(number) {
		return refuse("a number of its own", "operation %d is called a second time", number)
	}
	return nil
}

func (p *pairs) call(o *Operation) *wrong {
	if err := p.fresh(o.Number); err != nil {
		return err
	}
	if other := p.actors[o.Actor]; other != nil {
		return refuse("the return of that first, or another actor",
			"%s calls operation %d while its operation %d of line %d is open", o.Actor, o.Number,
			other.Number, other.CallLine)
	}
	p.open[o.Number], p.actors[o.Actor] = o, o
	return nil
}

// close gives the operation that returns; actor is who it returns to, "" if the line does not say.
func (p *pairs) close(number int, actor spec.Actor) (*Operation, *wrong) {
	o := p.open[number]
	switch {
	case o == nil && p.used.has(number):
		return nil, refuse("one return of a call", "operation %d returns a second time", number)
	case o == nil:
		return nil, refuse("its call before", "operation %d returns without a call", number)
	case actor != "" && actor != o.Actor:
		return nil, refuse("the actor that called it", "operation %d of %s, called on line %d, returns to %s",
			number, o.Actor, o.CallLine, actor)
	}
	delete(p.open, number)
	delete(p.actors, o.Actor)
	return o, nil
}
