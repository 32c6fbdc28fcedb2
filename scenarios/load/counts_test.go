package load_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/scenarios/load"
	"fermata/sweeper"
)

// TestEveryCountCounts: for each thing that is counted, and each duration that is measured, there is a setup in which
// it happens.
func TestEveryCountCounts(t *testing.T) {
	chain := append(slow, "for", "40s", "drain", "1h", "tasks", "3", "branches", "0",
		"task-time", "uniform:14s..16s", "last-task-time", "20ms", "slow-servers", "30", "slow-factor", "30")
	setups := []*load.Setup{
		with(t, "conductor-3.17.0", append(slow, "for", "40s")...),
		with(t, "conductor-3.17.0", append(slow, "for", "40s", "audit", "60s")...),
		with(t, "conductor-3.21.12", append(slow, "for", "40s")...),
		with(t, "conductor-3.17.0", chain...),
		with(t, "conductor-3.17.0", append(chain, "lock-lease", "50ms")...),
		with(t, "conductor-3.17.0", "for", "5s", "drain", "1s", "failures", "1", "retries", "0", "task-time", "1s"),
		lossy(t),
	}
	seen := map[string]bool{}
	measured := map[load.Measure]bool{}
	for _, s := range setups {
		r := run(t, s)
		counts := reflect.ValueOf(r.Counts)
		for i := range counts.NumField() {
			if counts.Field(i).Int() > 0 {
				seen[counts.Type().Field(i).Name] = true
			}
		}
		for _, m := range load.Measures() {
			if r.Durations[m].TotalCount() > 0 {
				measured[m] = true
			}
		}
	}
	counts := reflect.TypeFor[load.Counts]()
	for i := range counts.NumField() {
		require.True(t, seen[counts.Field(i).Name], counts.Field(i).Name)
	}
	for _, m := range load.Measures() {
		require.True(t, measured[m], m.String())
	}
}

// lossy is an engine without repair whose queue loses the first push of every second task.
func lossy(t *testing.T) *load.Setup {
	s := with(t, "conductor-3.17.0", "for", "5s", "drain", "2m", "tasks", "2", "branches", "0", "task-time", "1s",
		"repair", "off")
	made := s.Engine.New
	s.Engine.New = func(ports sweeper.Ports, settings sweeper.Settings) sweeper.Server {
		ports.Queue = losing{ports.Queue}
		return made(ports, settings)
	}
	return s
}

type losing struct{ sweeper.QueueDAO }

func (q losing) Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error {
	if strings.HasPrefix(id, "t2") {
		return nil
	}
	return q.QueueDAO.Push(ctx, queue, id, priority, offset)
}

// TestUnmodelledIsNoMeasurement: an engine that does what is not modelled ends the run as the harness's failure; an
// error of its own does not.
func TestUnmodelledIsNoMeasurement(t *testing.T) {
	for _, c := range []struct{ err, want error }{
		{fmt.Errorf("%w: a batch", sweeper.ErrUnmodelled), load.ErrHarness}, {sweeper.ErrTransient, nil},
	} {
		s := with(t, "conductor-3.17.0", "for", "5s", "offset-timeout", "1s", "drain", "1m")
		made := s.Engine.New
		s.Engine.New = func(ports sweeper.Ports, settings sweeper.Settings) sweeper.Server {
			return sweepless{made(ports, settings).(sweeper.FullServer), c.err}
		}
		_, err := load.Run(s, load.Options{})
		require.ErrorIs(t, err, c.want)
	}
}

// sweepless is a server of which every sweep is an error.
type sweepless struct {
	sweeper.FullServer
	err error
}

func (s sweepless) Sweep(context.Context, model.WorkflowID) error { return s.err }
