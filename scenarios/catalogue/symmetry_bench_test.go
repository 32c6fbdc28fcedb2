package catalogue

import (
	"fmt"
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
)

// BenchmarkSymmetry searches each scenario with and without symmetry, for the table of docs/performance.md.
func BenchmarkSymmetry(b *testing.B) {
	for _, s := range Scenarios() {
		for _, e := range []string{"conductor-3.17.0", "proposed"} {
			for _, sweepers := range []int{2, 3} {
				for _, by := range []struct {
					name    string
					without explore.Reductions
				}{{"names", explore.Symmetry}, {"symmetry", 0}} {
					b.Run(fmt.Sprintf("%s/%s/sweepers=%d/%s", s.Name, e, sweepers, by.name), func(b *testing.B) {
						engine, err := engineNamed(e, nil)
						if err != nil {
							b.Fatal(err)
						}
						c := &Case{Scenario: s, Engine: engine, Scope: s.Scope}
						c.Scope.Sweepers = sweepers
						var r *explore.Result
						for range b.N {
							m := sim.NewMemo(c.instance().system)
							r = explore.Cached(m, explore.Options{Without: by.without})
							m.Close()
						}
						b.ReportMetric(float64(r.States), "states")
						b.ReportMetric(float64(r.Transitions), "transitions")
					})
				}
			}
		}
	}
}
