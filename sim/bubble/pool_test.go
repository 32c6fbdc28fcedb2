package bubble_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// pool is an engine as they are written: workers that start with it and live as long, jobs that pass through
// channels, groups of goroutines, timers and deadlines. Its workers keep nothing from job to job.
type pool struct {
	p    port
	jobs chan job
	wg   sync.WaitGroup
}

type job struct {
	ctx    context.Context
	object sim.Object
	done   chan<- error
}

func newPool(p port, workers int) *pool {
	e := &pool{p: p, jobs: make(chan job)}
	for range workers {
		e.wg.Go(func() {
			for j := range e.jobs {
				j.done <- e.bump(j.ctx, j.object)
			}
		})
	}
	return e
}

func (e *pool) close() {
	close(e.jobs)
	e.wg.Wait()
}

// bump adds one in two steps, which is the race.
func (e *pool) bump(ctx context.Context, o sim.Object) error {
	n := e.p.read(ctx, o)
	e.p.write(ctx, o, int64(n)+1)
	return ctx.Err()
}

// sweep bumps two objects by the workers, and reads them in a group, after a rest.
func (e *pool) sweep(ctx context.Context, _ port) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	done := make(chan error, 2)
	for _, o := range []sim.Object{oA, oB} {
		select {
		case e.jobs <- job{ctx, o, done}:
		case <-ctx.Done():
			return
		}
	}
	for range 2 {
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
	}
	rest := time.NewTimer(10 * time.Millisecond)
	defer rest.Stop()
	<-rest.C
	g, ctx := errgroup.WithContext(ctx)
	for _, o := range []sim.Object{oA, oB} {
		g.Go(func() error {
			e.p.read(ctx, o)
			return ctx.Err()
		})
	}
	_ = g.Wait()
}

// lostUpdate judges that both bumps of the first object count, once every operation is over.
type lostUpdate struct{ w *tiny.World }

func (lostUpdate) Reset()                                  {}
func (lostUpdate) Observe(*sim.Transition) []sim.Violation { return nil }
func (lostUpdate) Save(dst []byte) []byte                  { return dst }
func (lostUpdate) Load(src []byte) []byte                  { return src }
func (l lostUpdate) AtRest(r *sim.Rest) (vs []sim.Violation) {
	if len(r.Waiting) == 0 && l.w.Cell[oA] != 2 {
		vs = append(vs, sim.Violation{Oracle: "lost-update", Object: "a", Judging: true})
	}
	return vs
}

// pooled is two actors that sweep on one engine.
func pooled(t *testing.T) *sim.System {
	var e *pool
	sweep := func(ctx context.Context, p port) { e.sweep(ctx, p) }
	s := system(t, sweep, sweep)
	p := port{}
	s.Start = func() { e = newPool(p, 4) }
	s.Stop = func() { e.close() }
	s.Judge = lostUpdate{s.World.(*tiny.World)}
	return s
}

// One find, shrunk, comes out the same 1,000 times of 1,000.
func TestTheSameFindAThousandTimes(t *testing.T) {
	m := sim.New(pooled(t))
	r := explore.Walk(m, explore.NewPCT(1, 0), explore.Options{FirstOnly: true, SchedulesMax: 1000})
	m.Close()
	require.Nil(t, r.Failure)
	require.NotNil(t, r.Judging())
	s, err := explore.Shrink(*r.Judging(), []func() *sim.System{func() *sim.System { return pooled(t) }})
	require.NoError(t, err)
	require.Equal(t, 2, s.Cost.Actors)
	require.LessOrEqual(t, s.Cost.Switches, 2)

	m = sim.New(pooled(t))
	defer m.Close()
	var lines []sim.Line
	var print uint64
	for i := range 1000 {
		vs, err := explore.Repeat(m, s.Choices)
		require.NoError(t, err)
		require.Len(t, vs, 1)
		if i == 0 {
			print = m.Fingerprint()
		}
		require.Equal(t, print, m.Fingerprint())
	}
	m.Reset()
	for _, c := range s.Choices {
		m.Take(c)
		lines = append(lines, m.DescribeTaken())
	}
	_, err = explore.Follow(m, lines, false, nil)
	require.NoError(t, err)
	require.Equal(t, print, m.Fingerprint())
}

// Every schedule of two operations that share an engine repeats, prefix for prefix.
func TestAPoolExhausted(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	m := sim.New(pooled(t))
	defer m.Close()
	r := explore.PreemptionBounded(m, 1, explore.Options{})
	require.Nil(t, r.Failure)
	require.Empty(t, r.Limit)
	require.NotNil(t, r.Judging())
	t.Log(r.Schedules, "schedules", r.Transitions, "steps")
}
