package cli

import (
	"fmt"

	"github.com/spf13/pflag"
)

// workersMax bounds --workers: each has a world and an engine of its own.
const workersMax = 1024

func workersOf(flags *pflag.FlagSet, workers *int) {
	flags.IntVar(workers, "workers", 0,
		"how many search at the same time, on what they may; 0: one for each processor. No verdict depends on it")
}

func checkWorkers(workers int) error {
	if workers < 0 || workers > workersMax {
		return fmt.Errorf("invalid --workers %d: expected 0 to %d", workers, workersMax)
	}
	return nil
}
