package explore

import (
	"fmt"

	"fermata/sim"
)

// Lockstep searches two systems side by side, every state of the pair once, and tells where they
// first part: an actor that is held at another step, a choice that only one of them has open, or another
// reply. Both machines must be made with sim.NewMemo. No difference and an exhausted Result mean that
// the two do the same under every schedule. Code that breaks out in one of them or in both ends the search
// as a Failure.
func Lockstep(a, b *sim.Machine, o Options) (*Result, error) {
	l := &lockstep{a: a, b: b, visited: map[string]struct{}{}}
	r := &Result{}
	a.Reset()
	b.Reset()
	if err := l.enter(r); err != nil || r.cut(&o) {
		return r, err
	}
	for len(l.path) > 0 {
		s := &l.path[len(l.path)-1]
		if s.next == len(s.open) {
			l.path = l.path[:len(l.path)-1]
			continue
		}
		a.Load(s.saveA)
		b.Load(s.saveB)
		c := s.open[s.next]
		s.next++
		a.Take(c)
		b.Take(c)
		r.Transitions++
		if x, y := words(a.DescribeTaken()), words(b.DescribeTaken()); x != y {
			return r, fmt.Errorf("explore: after %d steps one did %s and the other %s", a.Steps(), x, y)
		}
		if err := l.enter(r); err != nil || r.cut(&o) {
			return r, err
		}
	}
	r.Exhausted = true
	return r, nil
}

type lockstep struct {
	a, b    *sim.Machine
	visited map[string]struct{}
	path    []pair
	key     []byte
}

// pair is a state of both on the path.
type pair struct {
	saveA, saveB []byte
	open         []sim.Choice
	next         int
}

// enter compares what the two offer in a state that is new, and puts it on the path.
func (l *lockstep) enter(r *Result) error {
	l.key = l.b.Key(l.a.Key(l.key[:0]))
	if _, seen := l.visited[string(l.key)]; seen {
		return nil
	}
	l.visited[string(l.key)] = struct{}{}
	r.States++
	if r.Failure = l.a.Failure(); r.Failure == nil {
		r.Failure = l.b.Failure()
	}
	if r.Failure != nil {
		return nil
	}
	open, others := l.a.Choices(nil), l.b.Choices(nil)
	for i, c := range open {
		if i >= len(others) || others[i] != c || words(l.a.Describe(c)) != words(l.b.Describe(c)) {
			return l.parted(open, others)
		}
	}
	if len(others) > len(open) {
		return l.parted(open, others)
	}
	if err := l.held(); err != nil {
		return err
	}
	if len(open) == 0 {
		r.Schedules++
		return nil
	}
	if max(l.a.Steps(), l.b.Steps()) >= l.a.System().Limits.StepsMax {
		r.Limit = "steps"
		return nil
	}
	l.path = append(l.path, pair{l.a.Save(nil), l.b.Save(nil), open, 0})
	return nil
}

// held compares the steps that the actors are held at, also those that cannot be taken now.
func (l *lockstep) held() error {
	text := func(m *sim.Machine, id sim.ActorID) string {
		if s := m.Pending(id); s != nil {
			return m.System().World.StepText(id, s)
		}
		return "nothing"
	}
	for i := range min(l.a.Actors(), l.b.Actors()) {
		id := sim.ActorID(i)
		if l.a.PendingDigest(id) != l.b.PendingDigest(id) {
			return fmt.Errorf("explore: after %d steps %s is held at %s in one and at %s in the other",
				l.a.Steps(), l.a.ActorName(id), text(l.a, id), text(l.b, id))
		}
	}
	return nil
}

func (l *lockstep) parted(open, others []sim.Choice) error {
	text := func(m *sim.Machine, cs []sim.Choice) (all []string) {
		for _, c := range cs {
			all = append(all, words(m.Describe(c)))
		}
		return all
	}
	return fmt.Errorf("explore: after %d steps one offers %q and the other %q",
		l.a.Steps(), text(l.a, open), text(l.b, others))
}
