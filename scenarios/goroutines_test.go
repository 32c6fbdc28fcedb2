package scenarios_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"fermata/model"
	"fermata/scenarios/catalogue"
	"fermata/sim/bubble"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// pool is an engine as they are written in Go: its sweeps are done by workers that live as long as the server, within a
// deadline, with a rest before a second try for the lock.
type pool struct {
	*conductor.Server
	jobs  chan sweepJob
	wg    sync.WaitGroup
	sweep sweepOn
}

type sweepJob struct {
	ctx  context.Context
	id   model.WorkflowID
	done chan<- error
}

type sweepOn func(ctx context.Context, p *pool, id model.WorkflowID) error

// workers is how many there are.
const workers = 3

// pooled is the proposed fix's executor under a pool.
func pooled(name string, sweep sweepOn) sweeper.Engine {
	base := conductor.New(name, "", proposed.Methods())
	e := base
	e.NeedsAtomicRepair, e.Goroutines = true, true
	e.New = func(ports sweeper.Ports, st sweeper.Settings) sweeper.Server {
		p := &pool{Server: base.New(ports, st).(*conductor.Server), jobs: make(chan sweepJob), sweep: sweep}
		for range workers {
			p.wg.Go(p.work)
		}
		return p
	}
	return e
}

func (p *pool) work() {
	for j := range p.jobs {
		j.done <- p.sweep(j.ctx, p, j.id)
	}
}

// Close ends the workers.
func (p *pool) Close() {
	close(p.jobs)
	p.wg.Wait()
}

// PollAndSweep hands what it pops to the workers, each in a goroutine that waits for it.
func (p *pool) PollAndSweep(ctx context.Context) error {
	ids, err := p.Ports.Queue.Pop(ctx, model.DeciderQueue, 1, p.Settings.SweeperWorkflowPollTimeout)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		group.Go(func() error { return p.hand(ctx, model.WorkflowID(id)) })
	}
	return group.Wait()
}

func (p *pool) hand(ctx context.Context, id model.WorkflowID) error {
	done := make(chan error, 1)
	select {
	case p.jobs <- sweepJob{ctx, id, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lockTwice tries for the lock, rests, and tries once more.
func lockTwice(ctx context.Context, p *pool, id model.WorkflowID) (bool, error) {
	held, err := p.AcquireLock(ctx, id)
	if err != nil || held {
		return held, err
	}
	rest := time.NewTimer(20 * time.Millisecond)
	defer rest.Stop()
	select {
	case <-rest.C:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return p.AcquireLock(ctx, id)
}

// lockThenLook is right.
func lockThenLook(ctx context.Context, p *pool, id model.WorkflowID) (err error) {
	if held, err := lockTwice(ctx, p, id); err != nil || !held {
		return p.UnackByID(ctx, id, p.WorkflowOffsetWithJitter(ctx))
	}
	defer p.ReleaseFinally(ctx, id, &err)
	wf, err := p.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	return decide(ctx, p.Server, wf)
}

// lookMeanwhile saves time: it looks while it waits for the lock.
func lookMeanwhile(ctx context.Context, p *pool, id model.WorkflowID) (err error) {
	var wf *model.Workflow
	var held bool
	group, both := errgroup.WithContext(ctx)
	group.Go(func() (err error) { wf, err = p.GetWorkflowModel(both, id, true); return err })
	group.Go(func() (err error) { held, err = lockTwice(both, p, id); return err })
	if err := group.Wait(); err != nil || !held {
		return p.UnackByID(ctx, id, p.WorkflowOffsetWithJitter(ctx))
	}
	defer p.ReleaseFinally(ctx, id, &err)
	return decide(ctx, p.Server, wf)
}

// TestGoroutines: an engine of worker pools, timers, deadlines and groups runs unmodified; the right one passes, and
// the one that looks while it waits for the lock is found out, with a schedule that replays like any other.
func TestGoroutines(t *testing.T) {
	printed, passed := play(t, t.TempDir(), "pool-right")
	require.True(t, passed, printed)
	require.Contains(t, printed, "pool-right: 15 cells, 15 ok")

	dir := t.TempDir()
	printed, passed = play(t, dir, "pool-wrong")
	require.False(t, passed, printed)
	require.Contains(t, printed, "stale-lookup on pool-wrong: violation of terminal-stays, permanent")
	flags := replayFlags.FindStringSubmatch(printed)
	require.NotNil(t, flags, printed)
	printed, passed = play(t, dir, "pool-wrong", "-test.run="+flags[1], flags[2])
	require.False(t, passed)
	require.Contains(t, printed, "VIOLATION  terminal-stays of w1, permanent")
}

// The engines that misuse their goroutines, by the name of their suite.
var (
	leaks = sweepOn(func(ctx context.Context, p *pool, id model.WorkflowID) error {
		go func() { select {} }()
		return lockThenLook(ctx, p, id)
	})
	holdsMutex = func() sweepOn {
		var mu sync.Mutex
		return func(ctx context.Context, p *pool, id model.WorkflowID) error {
			mu.Lock()
			defer mu.Unlock()
			return lockThenLook(ctx, p, id)
		}
	}
	dropsContextInAGoroutine = sweepOn(func(ctx context.Context, p *pool, id model.WorkflowID) error {
		var group errgroup.Group
		group.Go(func() error { look(context.Background(), p.Server, id); return nil })
		_ = group.Wait()
		return lockThenLook(ctx, p, id)
	})
	failsNowInAnActor = sweepOn(func(context.Context, *pool, model.WorkflowID) error { panic("not reached") })
)

// hiding is an engine that starts goroutines and does not say so.
func hiding() sweeper.Engine {
	return foreign(sweeping("hides", func(ctx context.Context, s *conductor.Server, id model.WorkflowID) error {
		var group errgroup.Group
		group.Go(func() error { look(ctx, s, id); return nil })
		_ = group.Wait()
		return lockedSweep(func(context.Context, *conductor.Server, model.WorkflowID) {})(ctx, s, id)
	}))
}

// failing is a pool whose operation calls t.FailNow itself.
type failing struct{ *pool }

func (f failing) PollAndSweep(ctx context.Context) error {
	look(ctx, f.Server, "w1")
	new(testing.T).FailNow()
	return nil
}

func failingPool() sweeper.Engine {
	e := pooled("fails-in-bubble", failsNowInAnActor)
	full := e.New
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server { return failing{full(p, st).(*pool)} }
	return e
}

// unclosed is a pool whose workers nobody ends.
func unclosed() sweeper.Engine {
	e := pooled("unclosed", lockThenLook)
	full := e.New
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		return struct{ sweeper.FullServer }{full(p, st).(sweeper.FullServer)}
	}
	return e
}

// TestHostileGoroutines: each has its own clear outcome, and none of them passes.
func TestHostileGoroutines(t *testing.T) {
	cases := []struct{ name, says string }{
		{"leaks", `leaves a goroutine behind`},
		{"holds-mutex", `waits for a mutex`},
		{"drops-context-in-bubble", `called a port without the context`},
		{"fails-in-bubble", `called runtime.Goexit \(t.FailNow does\)`},
		{"hides", `from a goroutine of its own`},
		{"unclosed", `leaves a goroutine behind`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			printed, passed := play(t, t.TempDir(), c.name)
			require.False(t, passed, printed)
			require.Regexp(t, c.says, printed)
		})
	}
}

// TestAThousandReplays: the find of a goroutine-heavy engine in a real scenario, shrunk, is the same run a thousand
// times of a thousand.
func TestAThousandReplays(t *testing.T) {
	e := pooled("pool-wrong", lookMeanwhile)
	c, err := catalogue.NewCase("stale-lookup", e.Name, "", e)
	require.NoError(t, err)
	c.Host = bubble.New(t)
	r, err := catalogue.Find(c, catalogue.FindOptions{Seed: 1})
	require.NoError(t, err)
	require.Equal(t, catalogue.Violated, r.Verdict, r.Reason)
	f := r.Findings[0]
	require.Equal(t, "terminal-stays", f.Oracle)
	again, _, err := catalogue.Replay(f.Schedule, catalogue.ReplayOptions{
		Extra: []sweeper.Engine{e}, Times: 1000, Host: c.Host,
	})
	require.NoError(t, err)
	require.Equal(t, f.Fingerprint, again.Findings[0].Fingerprint)
}
