package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"fermata/scenarios/load"
)

// loadGCPercent is the garbage collector's GOGC while rows are run, where the environment does not say it: a fifth less
// processor time than with 100, for twice the memory.
const loadGCPercent = 400

// measure runs every row with every seed, as many at once as there are workers, and merges what came out in the order
// of rows and seeds, so that how many worked changes nothing. The first error ends all.
func (l *loading) measure() ([]*load.Result, error) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(loadGCPercent))
	}
	runs := len(l.rows) * l.seeds
	results, errs := make([]*load.Result, runs), make([]error, runs)
	progress := l.progress(runs)
	var workers sync.WaitGroup
	var next atomic.Int64
	var failed atomic.Bool
	over := func() bool { return failed.Load() || l.a.stopped() }
	many := l.workers
	if many == 0 {
		many = runtime.GOMAXPROCS(0)
	}
	for range min(many, runs) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < runs && !over(); i = int(next.Add(1)) - 1 {
				s := l.rows[i/l.seeds].setup
				s.Seed = l.seed + uint64(i%l.seeds)
				results[i], errs[i] = l.a.lab.run(&s, load.Options{
					Stop:     over,
					Progress: func(p load.Progress) { progress.see(i, p) },
				})
				if errs[i] != nil {
					failed.Store(true)
				}
				progress.end(i)
			}
		})
	}
	workers.Wait()
	progress.close()
	if l.a.stopped() {
		return nil, nil
	}
	for i, err := range errs {
		if err != nil && !errors.Is(err, load.ErrStopped) { // those were stopped by the one that failed
			return nil, l.failure(i, err)
		}
	}
	merged := make([]*load.Result, len(l.rows))
	for i := range merged {
		merged[i] = l.a.lab.merge(results[i*l.seeds : (i+1)*l.seeds])
	}
	return merged, nil
}

// failure is an error of a run; one that is not of how it was asked for is the harness's.
func (l *loading) failure(run int, err error) error {
	if errors.Is(err, load.ErrUsage) {
		return ofFlag(err)
	}
	row := &l.rows[run/l.seeds]
	where := fmt.Sprintf("%s, seed %d", row.engine, l.seed+uint64(run%l.seeds))
	if row.value != "" && row.value != row.engine {
		where += fmt.Sprintf(", %s %s", l.varied, row.value)
	}
	return fmt.Errorf("%w: %s: %s", errHarness, where,
		strings.TrimPrefix(err.Error(), load.ErrHarness.Error()+": "))
}
