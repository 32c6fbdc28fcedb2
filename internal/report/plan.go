package report

import (
	"fmt"
	"io"
	"math"
	"slices"

	"fermata/scenarios/catalogue"
)

// Plan writes how a budget of so many seconds is to be spent, and what that guarantees as far as is known before.
func Plan(w io.Writer, p *catalogue.Plan, seconds float64, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	said := fmt.Sprintf("plan for %s: %s schedules/s", inSeconds(seconds), speed(p.Rate, seconds))
	if p.States > 0 {
		said += fmt.Sprintf(", %s states/s", speed(p.StatesRate, seconds))
	}
	if p.Actors > 0 {
		said += fmt.Sprintf("; %d actors, %s a run", p.Actors, count(int64(p.Steps), "step"))
	}
	l.add(indented("  ", said)...)
	if p.Reach {
		l.stage("states", "within reach: they ended while the speed was measured")
		return l.writeTo(w)
	}
	until := func(part float64) string { return "until " + inSeconds(part*seconds) + ": " }
	if p.UntilStates > 0 {
		said := "a proof if they end by then, which is not known before"
		if p.States > 0 {
			said += fmt.Sprintf("; about %s fit in", speed(p.StatesRate*p.UntilStates, 1))
		}
		l.stage("states", until(p.UntilStates)+said)
	}
	l.stage("preemptions", until(p.UntilBounded)+"every schedule with at most 0, 1, 2, ... of them, as far as "+
		"that gets")
	l.stage("sampled", until(1)+"about "+speed(float64(p.Sampled), 1)+" schedules"+chances(p.Chances))
	return l.writeTo(w)
}

// stage is a line of a plan, or of what came of it.
func (l *lines) stage(label, text string) { l.add(indented(pad("    "+label, 17), text)...) }

// spent says what a budget was spent on, and what that guarantees.
func (l *lines) spent(r *catalogue.Report) {
	if len(r.Stages) == 0 {
		return
	}
	l.add("  the budget was spent on:")
	reached, cut := bounds(r.Stages)
	for i, s := range r.Stages {
		switch {
		case s.States > 0:
			l.stage("states", ended(s)+count(s.States, "state"))
		case s.Search != "preemptions":
			said := ended(s) + count(s.Schedules, "schedule")
			for _, a := range r.Accounts {
				if g := a.Guarantee; len(g) == 3 && r.Verdict != catalogue.Violated {
					said += chances(catalogue.Chances(g, a.Schedules))
				}
			}
			l.stage("sampled", said)
		case i == reached:
			said := fmt.Sprintf("every schedule with at most %d, %d of them", s.Bound, s.Schedules)
			if cut >= 0 {
				said += fmt.Sprintf("; with %d cut after %d", r.Stages[cut].Bound, r.Stages[cut].Schedules)
			}
			l.stage("preemptions", said)
		case i == cut && reached < 0:
			l.stage("preemptions", fmt.Sprintf("with at most %d cut after %s", s.Bound, count(s.Schedules, "schedule")))
		}
	}
}

// bounds finds the last bound on preemptions that was completed, and the one that was cut; -1 for none.
func bounds(stages []catalogue.Stage) (reached, cut int) {
	of := func(complete bool) func(catalogue.Stage) bool {
		return func(s catalogue.Stage) bool { return s.Search == "preemptions" && s.Complete == complete }
	}
	cut = slices.IndexFunc(stages, of(false))
	reached = -1
	for i := range stages {
		if of(true)(stages[i]) {
			reached = i
		}
	}
	return reached, cut
}

func ended(s catalogue.Stage) string {
	if s.Complete {
		return ""
	}
	return "cut (" + s.Limit + ") after "
}

// chances say how likely a violation is met, if there is one; nothing if that is not known.
func chances(c [3]float64) string {
	if c == [3]float64{} {
		return ""
	}
	return fmt.Sprintf("; pct meets a violation of depth 1, 2, 3, if there is one, with a chance of at least "+
		"%s, %s, %s", atLeast(c[0]), atLeast(c[1]), atLeast(c[2]))
}

// atLeast is a chance, rounded down, and never certainty.
func atLeast(x float64) string {
	if x < 0.001 {
		return "0%"
	}
	return fmt.Sprintf("%.1f%%", min(math.Floor(1000*x), 999)/10)
}

// speed is so many in so many seconds, to two digits: it is measured.
func speed(n, seconds float64) string {
	x := n / seconds
	if x >= 100 {
		unit := math.Pow(10, math.Floor(math.Log10(x))-1)
		x = math.Round(x/unit) * unit
	}
	return fmt.Sprintf("%.0f", x)
}

func inSeconds(s float64) string {
	switch {
	case s >= 10:
		return fmt.Sprintf("%.0f s", s)
	case s >= 0.9995:
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.0f ms", 1000*s)
}

// The JSON of a plan and of what came of it. Its figures are of the clock but for what a stage counts.
type plan struct {
	SchedulesPerSecond float64    `json:"schedules_per_second"`
	StatesPerSecond    float64    `json:"states_per_second,omitempty"`
	Reach              bool       `json:"reach"`
	Sampled            int64      `json:"sampled"`
	Chances            [3]float64 `json:"chances"`
}

type stage struct {
	Search    string `json:"search"`
	Bound     *int   `json:"bound,omitempty"`
	Schedules int64  `json:"schedules"`
	States    int64  `json:"states,omitempty"`
	Steps     int64  `json:"steps"`
	Complete  bool   `json:"complete"`
	Limit     string `json:"limit,omitempty"`
}

func stages(r *catalogue.Report) (out []stage) {
	for _, s := range r.Stages {
		one := stage{
			Search: s.Search, Schedules: s.Schedules, States: s.States, Steps: s.Steps,
			Complete: s.Complete, Limit: s.Limit,
		}
		if s.Search == "preemptions" {
			one.Bound = &s.Bound
		}
		out = append(out, one)
	}
	return out
}

func planOf(p *catalogue.Plan, seconds float64) *plan {
	if p == nil || seconds == 0 {
		return nil
	}
	return &plan{
		SchedulesPerSecond: math.Round(p.Rate / seconds), StatesPerSecond: math.Round(p.StatesRate / seconds),
		Reach: p.Reach, Sampled: p.Sampled, Chances: p.Chances,
	}
}
