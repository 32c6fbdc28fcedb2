package scenarios

import ("testing";"fmt";"time")

func TestScratch(t *testing.T) {
	for _, s := range Scenarios() {
		for _, e := range append(Engines(), MeasureEngines()...) {
			c := &Case{s, e, s.Scope}
			t0 := time.Now()
			r, err := Verify(c, VerifyOptions{})
			if err != nil { fmt.Println(c.Name(), err); continue }
			fmt.Println(c.Name(), r.Verdict, r.Proved, r.Reason, "states", r.States, "steps", r.Steps, "hist", r.Histories, time.Since(t0).Round(time.Millisecond))
			for _, f := range r.Findings { fmt.Println("   ", f.Oracle, f.Object, f.Severity, f.HealsAfter, "switches", f.Switches, "steps", f.Steps, f.Case.Scope) }
			for _, f := range r.AlsoSeen { fmt.Println("    also", f.Oracle, f.Object, f.Severity, f.HealsAfter,f.Switches, f.Steps, f.Message) }
		}
	}
}
