package report

import (
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// covered says how far a search came.
func covered(r *catalogue.Report) string {
	said := count(r.Schedules, "schedule") + ", " + count(r.Steps, "step")
	if r.States > 0 {
		said += ", " + count(r.States, "state")
	}
	return said
}

// covering says line by line what a search of every schedule covered and at what cost; nothing of another command.
func (l *lines) covering(r *catalogue.Report, o *Options) {
	if r.Command != "verify" {
		return
	}
	line := func(label, text string) { l.add(indented(pad("  "+label, 13), text)...) }
	line("covered", coveredInFull(r))
	line("exhausted", exhausted(r))
	if o.Seconds > 0 {
		line("time", fmt.Sprintf("%.2f s", o.Seconds)+rate(r, o.Seconds))
	}
	if said := memory(r, o); said != "" {
		line("memory", said)
	}
}

// coveredInFull counts what a search told apart, what it did, and the histories that it judged.
func coveredInFull(r *catalogue.Report) string {
	var said []string
	if r.States > 0 {
		said = append(said, count(r.States, "state"), count(r.Steps, "transition"),
			countOf(r.Schedules, "end of a run", "ends of runs"))
	} else {
		if r.Classes > 0 {
			said = append(said, countOf(r.Classes, "trace class", "trace classes"))
		}
		said = append(said, count(r.Schedules, "schedule"), count(r.Steps, "transition"))
	}
	if r.Redundant > 0 {
		said = append(said, countOf(r.Redundant, "redundant run", "redundant runs"))
	}
	if r.Histories > 0 {
		said = append(said, countOf(r.Histories, "distinct history", "distinct histories"))
	} else {
		said = append(said, "no histories kept")
	}
	return strings.Join(said, ", ")
}

// exhausted tells whether nothing of the scope is left, and what left it if not.
func exhausted(r *catalogue.Report) string {
	switch {
	case r.Exhausted:
		return "yes"
	case r.Limit != "":
		return "no: cut by a limit: " + r.Limit
	case r.BoundCut:
		return "within the bound: " + bound(r) + " a schedule"
	}
	return "no"
}

// bound is what a search bounds, in words.
func bound(r *catalogue.Report) string { return "at most " + count(int64(r.Bound), r.Bounds) }

// rate is the speed of a search, by what it counts; nothing where the time is not that of one search alone, but of
// several, or of shrinking too.
func rate(r *catalogue.Report, seconds float64) string {
	switch {
	case len(r.Findings)+len(r.Stages) > 0:
		return ""
	case r.States > 0:
		return fmt.Sprintf(", %.0f states/s", float64(r.States)/seconds)
	}
	return fmt.Sprintf(", %.0f schedules/s", float64(r.Schedules)/seconds)
}

// memory says what is remembered, and what the process took.
func memory(r *catalogue.Report, o *Options) string {
	var said []string
	if r.Memory > 0 {
		what := "states"
		if r.States == 0 {
			what = "trace classes"
		}
		said = append(said, size(r.Memory)+" of known "+what)
	}
	if o.PeakMiB > 0 {
		said = append(said, fmt.Sprintf("%.0f MiB of the process at most", o.PeakMiB))
	}
	return strings.Join(said, ", ")
}

// size is a number of bytes.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

func countOf(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
