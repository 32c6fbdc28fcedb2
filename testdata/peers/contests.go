package main

import "fmt"

// contest is a job that several do.
type contest struct {
	name     string
	counts   string    // what is counted
	unit     string    // what a time is of
	entrants []entrant // the first is Fermata, and the ratios are to it
}

// entrant is one that does the job.
type entrant struct {
	name  string
	tool  tool
	args  []string // of fermata: benchmark and what of it to skip; of spin: macros and flags; of the crate: its own
	times int      // how often a process does the job
	want  int      // the count that it must come to; 0 for one that is not known from elsewhere
	// samples is that what is counted is the steps of a schedule.
	samples bool
}

// tool is what runs an entrant.
type tool int

const (
	fermata tool = iota
	spin
	crate
)

// The schedules of a sample.
const sample = 200_000

var contests = []contest{
	proof(4, 1, 2516, 23368, 2100, 19136, 19139),
	proof(2, 2, 138516, 261128, 109030, 205836, 205841),
	proof(3, 2, 541196, 0, 395248, 1927292, 1927297),
	proof(4, 2, 1499540, 0, 1047216, 15546776, 15546781),
	{
		name: "every run of 1 F, 1 workflow", counts: "executions", unit: "proof",
		entrants: []entrant{
			ours("Fermata, every schedule", "BenchmarkPlain/F=1$", 50, 2438),
			{"Loom", crate, []string{"loom", "F", "1", "1"}, 1, 0, false},
		},
	},
	walk("random walk", "BenchmarkWalk$", "random"),
	walk("PCT", "BenchmarkStrategies/^pct$", "pct"),
	walk("uniform walk (URW)", "BenchmarkStrategies/^urw$", "urw"),
}

// proof is that of f sweepers on w workflows. The counts are of Fermata with its reductions and with neither (0: not
// run), of Stateright with symmetry and without, and of Spin.
func proof(f, w int, both, neither, symmetry, plain, promela int) contest {
	times, table := 1, "-w24" // Spin's own: a table of 128 MiB
	if w == 1 {
		times, table = 100, "-w16"
	}
	bench := fmt.Sprintf("BenchmarkVerify/W=%d/F=%d", w, f)
	model := func(how string) []string {
		return []string{how, "F", fmt.Sprint(f), fmt.Sprint(w), fmt.Sprint(times)}
	}
	c := contest{
		name:   fmt.Sprintf("proof of %d F, %s", f, []string{"1 workflow", "2 workflows"}[w-1]),
		counts: "states", unit: "proof",
	}
	whole := ours("Fermata", bench, times, both)
	whole.args = append(whole.args, "BenchmarkVerify/.*/.*/") // the same with less
	c.entrants = append(c.entrants, whole)
	if neither != 0 {
		c.entrants = append(c.entrants, ours("Fermata, no reduction", bench+"/neither", times, neither))
	}
	c.entrants = append(c.entrants,
		entrant{"Stateright, symmetry", crate, model("symmetry"), times, symmetry, false},
		entrant{"Stateright", crate, model("stateright"), times, plain, false},
		entrant{"Spin", spin, []string{fmt.Sprintf("-DF=%d", f), fmt.Sprintf("-DW=%d", w), table}, 1, promela, false})
	return c
}

// walk is a sample of the schedules of 4 F on one workflow.
func walk(name, bench, scheduler string) contest {
	args := []string{scheduler, "F", "4", "1", fmt.Sprint(sample)}
	return contest{
		name: name + ", 4 F, 1 workflow", counts: "steps a schedule", unit: "schedule",
		entrants: []entrant{
			{"Fermata", fermata, []string{bench}, sample, 0, true},
			{"Shuttle", crate, args, sample, 0, true},
		},
	}
}

func ours(name, bench string, times, want int) entrant {
	return entrant{name, fermata, []string{bench}, times, want, false}
}
