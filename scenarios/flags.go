package scenarios

import (
	"flag"
	"testing"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// The flags of `go test`, in every test binary that has the suite.
var (
	replayFile = flag.String("fermata.replay", "",
		"a schedule `file` to replay in place of the suite, seen from the test's package")
	replayFull   = flag.Bool("fermata.full", false, "fold no step of what is told")
	replayRepair = flag.Bool("fermata.repair", false,
		"with -fermata.replay, skip what does not fit, or fill in before it")
	schedules = flag.Int64("fermata.schedules", 0,
		"schedules to sample, a scenario (default 20000; 2000 with -short)")
	preemptions = flag.Int("fermata.preemptions", -1,
		"search every schedule with at most that many preemptions (default 2; 1 with -short)")
	seed = flag.Uint64("fermata.seed", 1, "what sampling draws from")
)

// The budget of an engine that cannot be remembered, with -short and without: schedules that are sampled, and then
// every one with so many preemptions, up to a count. Of one that starts goroutines a schedule takes so much longer that
// it gets one preemption less, and no more of those than are sampled.
const (
	schedulesShort, preemptionsShort, boundedShort = 2_000, 1, 50_000
	schedulesLong, preemptionsLong, boundedLong    = catalogue.ExaminedDefault, catalogue.PreemptionsDefault, 1_000_000
)

// budget is what the flags leave of the defaults.
func budget(e sweeper.Engine) catalogue.Budget {
	b := catalogue.Budget{
		Schedules: schedulesLong, Preemptions: preemptionsLong, Bounded: boundedLong, Seed: *seed,
	}
	if testing.Short() {
		b.Schedules, b.Preemptions, b.Bounded = schedulesShort, preemptionsShort, boundedShort
	}
	if e.Goroutines {
		b.Preemptions--
		b.Bounded = b.Schedules
	}
	if *schedules > 0 {
		b.Schedules = *schedules
	}
	if *preemptions >= 0 {
		b.Preemptions = *preemptions
	}
	return b
}
