package spec

// linearizeMax is the most operations of a history that Linearize orders: a run's, not a recording's.
const linearizeMax = 64

// Linearize gives an order of the operations of one object that explains a history, by their numbers; none if there is
// none, or if the history is longer than 64 operations or the limit of steps was hit. An operation with the reply
// Unknown may be left out: then it had no effect. The error is as for Check, or a history of several objects.
func Linearize[S comparable](limits Limits, spec Spec[S], initial S, events []Event) ([]int, error) {
	divided, err := parts(spec, events)
	if err != nil {
		return nil, err
	}
	if len(divided) != 1 {
		return nil, malformed(0, "%d objects: expected one", len(divided))
	}
	l := &linearizer[S]{spec: spec, list: divided[0].records, steps: limits.StepsMax, dead: map[deadEnd[S]]bool{}}
	if len(l.list) > linearizeMax || !l.from(initial, 0) {
		return nil, nil
	}
	return l.order, nil
}

// linearizer searches as Wing and Gong do, and remembers where there was no way on.
type linearizer[S comparable] struct {
	spec  Spec[S]
	list  []record
	steps int
	order []int
	dead  map[deadEnd[S]]bool
}

// deadEnd is a state with the operations that were in effect.
type deadEnd[S comparable] struct {
	state S
	done  uint64
}

// from tells whether the operations that are not done can follow in the state; the order grows by them.
func (l *linearizer[S]) from(state S, done uint64) bool {
	if l.over(done) {
		return true
	}
	if l.dead[deadEnd[S]{state, done}] {
		return false
	}
	earliest := l.earliest(done)
	for i := range l.list {
		r := &l.list[i]
		if done&(1<<i) != 0 || r.called > earliest {
			continue
		}
		for _, next := range l.spec.Step(state, r.operation, r.reply) {
			if l.steps--; l.steps < 0 {
				return false
			}
			l.order = append(l.order, r.number)
			if l.from(next, done|1<<i) {
				return true
			}
			l.order = l.order[:len(l.order)-1]
		}
	}
	l.dead[deadEnd[S]{state, done}] = true
	return false
}

// over tells whether every operation that returned is done.
func (l *linearizer[S]) over(done uint64) bool {
	for i := range l.list {
		if done&(1<<i) == 0 && !l.list[i].reply.Unknown {
			return false
		}
	}
	return true
}

// earliest is the first return among the operations that are not done: what was called after it cannot come next.
func (l *linearizer[S]) earliest(done uint64) int {
	first := -1
	for i := range l.list {
		if r := &l.list[i]; done&(1<<i) == 0 && (first < 0 || r.returned < first) {
			first = r.returned
		}
	}
	return first
}
