package explore

import "fermata/sim"

// LeastOf puts the least in place of what a search found, as States does.
func LeastOf(m *sim.Machine, o Options, r *Result) *Result {
	r.least(m, &o)
	return r
}

// TwoAtOnce has one searcher stand in the start while another, who was given half, goes on; then the first ends.
func TwoAtOnce(s func() *sim.System, o Options) *Result {
	return byNames(o, func(o Options) *Result {
		t := &turns{draw: func(int) int { return 1 }}
		var all []*searcher
		for i := range 2 {
			m := sim.NewMemo(s())
			defer m.Close()
			var first *searcher
			if i > 0 {
				first = all[0]
			}
			all = append(all, newSearcher(m, &o, variant{key: (*sim.Machine).OrbitKey}, first))
			all[i].crew = t
		}
		all[0].begin()
		all[0].share()                       // half of the start is given away
		all[0].run(all[0].r.Transitions + 1) // enters the state in which the first has moved
		all[1].start(t.jobs[0])
		all[1].run(endless) // meets that state under another name: known
		all[0].run(endless)
		sum := &Result{Exhausted: true}
		for _, s := range all {
			sum.add(s.r)
		}
		sum.Exhausted = sum.Limit == ""
		return sum
	})
}
