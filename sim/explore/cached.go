package explore

import "fermata/sim"

// Cached searches depth first through every state, each once. The machine must be made with
// sim.NewMemo. A state is the world, where each actor is, what is left of the budget, and the past:
// the canonical history and the judge's residual. So the judge sees every transition of every state,
// and every history is met at an end of a run.
func Cached(m *sim.Machine, o Options) *Result {
	return cached(m, o, (*sim.Machine).Key)
}

// state is a state on the path: how to come back to it, and what is still to be taken there.
type state struct {
	save []byte
	open []sim.Choice
	next int
}

// cached is Cached by a given key; the tests break it on purpose.
func cached(m *sim.Machine, o Options, key func(*sim.Machine, []byte) []byte) *Result {
	r := &Result{}
	visited := map[string]struct{}{}
	var path []state
	var buf []byte
	enter := func() {
		buf = key(m, buf[:0])
		if _, seen := visited[string(buf)]; seen {
			return
		}
		visited[string(buf)] = struct{}{}
		r.States++
		path = r.push(m, &o, path)
	}
	m.Reset()
	enter()
	if r.cut(&o) {
		return r
	}
	for len(path) > 0 {
		s := &path[len(path)-1]
		if s.next == len(s.open) {
			path = path[:len(path)-1]
			continue
		}
		m.Load(s.save)
		c := s.open[s.next]
		s.next++
		r.take(m, c, len(s.open), &o)
		if r.cut(&o) {
			return r
		}
		enter()
		if r.cut(&o) {
			return r
		}
	}
	r.Exhausted = true
	return r
}

// push puts the machine's state on the path, or judges it if it is the end of a run.
func (r *Result) push(m *sim.Machine, o *Options, path []state) []state {
	var s state
	if n := len(path); n < cap(path) {
		s = path[:n+1][n] // reuse what an earlier state left there
	}
	s.open, s.next = m.Choices(s.open[:0]), 0
	if len(s.open) == 0 {
		r.endRun(m, o)
		return path
	}
	if m.Steps() >= m.System().Limits.StepsMax {
		r.Limit = "steps"
		return path
	}
	s.save = m.Save(s.save[:0])
	return append(path, s)
}
