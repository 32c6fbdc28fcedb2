package catalogue

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

func judgedFinds(r *explore.Result) []string {
	var out []string
	for _, f := range r.Finds {
		if f.Violation.Judging {
			out = append(out, f.Violation.Oracle+" "+f.Violation.Object)
		}
	}
	slices.Sort(out)
	return out
}

func TestXP(t *testing.T) {
	missed := map[string]int{}
	found := map[string]int{}
	big := 0
	for _, s := range Scenarios() {
		for _, e := range Engines()[:7] {
			for _, parts := range []Parts{{}, {Lock: "disabled"}, {Lock: "local"}, {Lock: "postgres"}, {Store: "redis"}, {Store: "sql"}, {Queue: "dyno"}, {Queue: "sql"}} {
				small := *cutDown(s)
				small.Judged = nil
				for _, o := range oracles {
					small.Judged = append(small.Judged, o.name)
				}
				c := &Case{Scenario: &small, Engine: e, Scope: small.Scope, Parts: parts}
				in := c.instance()
				m := sim.New(in.system)
				p := explore.Plain(m, explore.Options{SchedulesMax: 20000})
				m.Close()
				if !p.Exhausted {
					big++
					m = sim.NewMemo(in.system)
					p = explore.Cached(m, explore.Options{StatesMax: 500000})
					m.Close()
					if !p.Exhausted {
						fmt.Println("too big", s.Name, e.Name, parts)
						continue
					}
				}
				all := judgedFinds(p)
				for _, o := range oracles {
					if len(c.sightsOf(o.name)) == 0 || c.sightsOf(o.name)[0].name == order.name {
						continue
					}
					one := small
					one.Judged = []string{o.name}
					c := &Case{Scenario: &one, Engine: e, Scope: small.Scope, Parts: parts}
					var want []string
					for _, f := range all {
						if len(f) > len(o.name) && f[:len(o.name)+1] == o.name+" " {
							want = append(want, f)
						}
					}
					for _, with := range []bool{true, false} {
						in := c.instance()
						m := sim.NewMemo(in.system)
						o2 := explore.Options{TransitionsMax: 3000000}
						if with {
							o2.GhostAccesses = in.ghosts()
						}
						r := explore.DPOR(m, o2)
						m.Close()
						if !r.Exhausted {
							fmt.Println("dpor too big", s.Name, e.Name, parts, o.name)
							continue
						}
						got := judgedFinds(r)
						if with {
							require.Equal(t, want, got, "%s %s %v %s", s.Name, e.Name, parts, o.name)
							found[o.name] += len(want)
						} else if len(want) != len(got) {
							missed[o.name]++
							fmt.Println("twin", o.name, s.Name, e.Name, parts, want, got)
						}
					}
				}
			}
		}
	}
	fmt.Println(found, missed, big)
}
