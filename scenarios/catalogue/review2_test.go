package catalogue

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"fermata/sim"
	"fermata/sim/explore"
)

// drawn is a case at random.
func drawnReview2(r *rand.Rand) *Case {
	pick := func(all []string) string { return all[r.IntN(len(all))] }
	for {
		all := append(Scenarios(), leased(), leased("t2"), twoAudits)
		s := *all[r.IntN(len(all))]
		engines := append(Engines(), WrongFixes()...)
		e := engines[r.IntN(len(engines))]
		sc := Scope{Sweepers: 1 + r.IntN(3), Sweeps: 1 + r.IntN(2), Advances: r.IntN(4), Faults: r.IntN(3)}
		if sc.Faults > 1 {
			sc.Faults = 0
		}
		if sc.Faults > 0 {
			sc.Kinds = Kinds(1 + r.IntN(3))
		}
		if r.IntN(2) == 0 {
			sc.Deadlines = Deadlines(1 + r.IntN(15))
		}
		if s.Tasks > 0 {
			switch r.IntN(4) {
			case 0:
				sc.Workflows, sc.Tasks = 2, 1+r.IntN(2)
			case 1:
				sc.Tasks = 1 + r.IntN(2)
			}
		}
		sc.Redelivered = r.IntN(3) == 0
		sc = sc.completed(max(1, sc.Workflows), -1)
		if s.MayFault == false && sc.Faults > 0 && r.IntN(2) == 0 {
			s.MayFault = true
		}
		sc, err := s.fits(sc)
		if err != nil {
			continue
		}
		if r.IntN(2) == 0 {
			s.Judged = append(slices.Clone(s.Judged), "mutual-exclusion", "task-once", "status-and-entry", "workflow-linearizable")
			slices.Sort(s.Judged)
			s.Judged = slices.Compact(s.Judged)
		}
		c := &Case{Scenario: &s, Engine: e, Scope: sc}
		if r.IntN(3) == 0 && s.Cast != nil {
			cast, seed := s.Cast, r.Uint64()
			s.Cast = func(c *cast_) {
				cast(c)
				r := rand.New(rand.NewPCG(seed, 1))
				for i := range c.actors {
					if r.IntN(3) == 0 {
						c.actors[i].MayCrash = c.c.Scope.may(Crashes)
					}
					if r.IntN(3) == 0 {
						c.actors[i].MayFail = c.c.Scope.may(Errors)
					}
				}
				if r.IntN(3) == 0 {
					i, j := r.IntN(len(c.actors)), r.IntN(len(c.actors))
					c.actors[i].Server = c.actors[j].Server
				}
			}
		}
		on, err := c.On(Parts{Lock: pick(Locks()), Queue: pick(Queues()), Store: pick(Stores())})
		if err != nil {
			continue
		}
		if e.NeedsFence && !on.parts().CanFence() {
			continue
		}
		if report, err := on.notApplicable("verify"); report != nil || err != nil {
			continue
		}
		if len(on.instance().system.Alike) == 0 {
			continue
		}
		return on
	}
}

type cast_ = cast

func foundBy(in *instance, r *explore.Result) []string {
	names := renamings(in.system)
	var found []string
	for _, f := range r.Finds {
		found = append(found, fmt.Sprint(f.Violation.Oracle, " ", upToNames(in.world, f.Violation.Object, names)))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestReview2(t *testing.T) {
	if os.Getenv("REVIEW2") == "" {
		t.Skip()
	}
	secs, _ := strconv.Atoi(os.Getenv("REVIEW2"))
	seed0, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	maxStates, _ := strconv.ParseInt(os.Getenv("STATES"), 10, 64)
	if maxStates == 0 {
		maxStates = 15000
	}
	until := time.Now().Add(time.Duration(secs) * time.Second)
	compared, cut, biased, orbits, walks, ghosts := 0, 0, 0, 0, 0, 0
	reduced := 0
	for seed := seed0; time.Now().Before(until); seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		c := drawnReview2(r)
		what := fmt.Sprintf("seed %d %s %s judged %v", seed, c.Name(), c.Scope, c.Scenario.Judged)
		hist := r.IntN(3) == 0
		run := func(without explore.Reductions, orbit map[string]bool, histories map[string]bool) (*instance, *explore.Result, bool) {
			in := c.instance()
			in.system.Histories = in.system.Histories || hist
			m := sim.NewMemo(in.system)
			defer m.Close()
			names := renamings(in.system)
			o := explore.Options{StatesMax: maxStates, Without: without}
			if orbit != nil && len(names) <= 24 {
				o.Entered = func(m *sim.Machine, _ int) {
					if !m.Renames() {
						return
					}
					var all []string
					for _, as := range names {
						key, ok := m.KeyAs(nil, as)
						if !ok {
							return
						}
						all = append(all, string(key))
					}
					orbit[slices.Min(all)] = true
				}
			}
			res := explore.Cached(m, o)
			renames := m.Renames()
			if res.Failure != nil {
				t.Errorf("%s: failure %v", what, res.Failure)
			}
			if res.Limit == "" && renames {
				if err := m.Recheck(); err != nil {
					t.Errorf("%s: recheck %v", what, err)
				}
			}
			return in, res, renames
		}
		inA, all, _ := run(explore.Symmetry, nil, nil)
		if all.Limit != "" {
			cut++
		} else {
			inB, some, renames := run(0, nil, nil)
			if !renames {
				biased++
			}
			compared++
			if some.States < all.States {
				reduced++
			}
			a, b := foundBy(inA, all), foundBy(inB, some)
			if !slices.Equal(a, b) || some.Exhausted != all.Exhausted || some.States > all.States {
				t.Errorf("%s: biased %t, states %d %d, exhausted %t %t\nwithout %q\nwith %q", what, !renames, all.States, some.States, all.Exhausted, some.Exhausted, a, b)
			}
			rs1, _ := inA.judge.sometimes()
			rs2, _ := inB.judge.sometimes()
			if !slices.Equal(rs1, rs2) {
				t.Errorf("%s: sometimes %q %q", what, rs1, rs2)
			}
			h1, u1 := inA.judge.histories()
			h2, u2 := inB.judge.histories()
			if h1 != h2 || u1 != u2 {
				t.Errorf("%s: histories %d %d undecided %d %d (biased %t)", what, h1, h2, u1, u2, !renames)
			}
			inC, neither, _ := run(explore.Symmetry|explore.Sleep, nil, nil)
			if g := foundBy(inC, neither); !slices.Equal(a, g) || neither.States != all.States {
				t.Errorf("%s: sleep: %q %q states %d %d", what, a, g, all.States, neither.States)
			}
			// a team of two, and the least
			in := c.member(explore.NewNumbers())
			in.system.Histories = in.system.Histories || hist
			m := sim.NewMemo(in.system)
			team := in.team(1 + r.IntN(2))
			team.Member = func() *sim.System { s := in.c.member(in.system.Numbers).system; s.Histories = in.system.Histories; return s }
			res := explore.States(m, team, explore.Options{StatesMax: 2 * maxStates})
			m.Close()
			if g := foundBy(in, res); !slices.Equal(a, g) || !res.Exhausted || res.NotLeast != "" || res.Failure != nil {
				t.Errorf("%s: team: %q %q exhausted %t %s %v", what, a, g, res.Exhausted, res.NotLeast, res.Failure)
			}
			// each least one is as short as without symmetry
			in2 := c.member(explore.NewNumbers())
			in2.system.Histories = in2.system.Histories || hist
			m2 := sim.NewMemo(in2.system)
			res2 := explore.States(m2, in2.team(1), explore.Options{StatesMax: 2 * maxStates, Without: explore.Symmetry})
			m2.Close()
			least := func(in *instance, r *explore.Result) map[string][]sim.Choice {
				names := renamings(in.system)
				out := map[string][]sim.Choice{}
				for _, f := range r.Finds {
					k := f.Violation.Oracle + " " + upToNames(in.world, f.Violation.Object, names)
					if old, ok := out[k]; !ok || len(f.Choices) < len(old) || len(f.Choices) == len(old) && slices.CompareFunc(f.Choices, old, cmpChoice) < 0 {
						out[k] = f.Choices
					}
				}
				return out
			}
			l1, l2 := least(in, res), least(in2, res2)
			if !maps.EqualFunc(l1, l2, slices.Equal[[]sim.Choice]) {
				ghosts++
				t.Errorf("%s: least differ\n%v\n%v", what, l1, l2)
			}
			if all.States < 4000 && r.IntN(2) == 0 && renames {
				o1, o2 := map[string]bool{}, map[string]bool{}
				run(explore.Symmetry, o1, nil)
				run(0, o2, nil)
				if len(o1) != len(o2) {
					t.Errorf("%s: orbits %d %d", what, len(o1), len(o2))
				}
				orbits++
			}
		}
		in := c.instance()
		in.system.Histories = true
		m := sim.NewMemo(in.system)
		names := renamings(in.system)
		for i := range uint64(20) {
			said, n := difference(m, in.world, seed*1000+i, names[r.IntN(len(names))])
			if n > 0 {
				walks++
			}
			if said != "" {
				t.Errorf("%s: %.3000s", what, said)
				break
			}
		}
		m.Close()
	}
	t.Logf("compared %d (reduced %d), cut %d, biased %d, orbits %d, walks %d, least differ %d", compared, reduced, cut, biased, orbits, walks, ghosts)
}

func cmpChoice(c, d sim.Choice) int {
	kind := func(c sim.Choice) int {
		switch {
		case c.Fault != sim.NoFault:
			return 2
		case c.Actor == sim.Clock:
			return 1
		}
		return 0
	}
	for _, p := range [][2]int{{kind(c), kind(d)}, {int(c.Actor), int(d.Actor)}, {int(c.Fault), int(d.Fault)}, {int(c.Alt), int(d.Alt)}} {
		if p[0] != p[1] {
			return p[0] - p[1]
		}
	}
	return 0
}
