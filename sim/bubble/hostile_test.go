package bubble_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// honest writes once.
func honest(ctx context.Context, p port) { p.write(ctx, oD, 1) }

func swallow(ctx context.Context, p port) {
	defer func() { _ = recover() }()
	p.write(ctx, oA, 1)
}

func panics(ctx context.Context, p port) {
	p.write(ctx, oA, 1)
	panic("out of luck")
}

// exits does as t.FailNow does.
func exits(ctx context.Context, p port) {
	p.write(ctx, oA, 1)
	runtime.Goexit()
}

func drops(_ context.Context, p port) { p.write(context.Background(), oA, 1) }

func dropsInAGoroutine(ctx context.Context, p port) {
	go drops(ctx, p)
	<-ctx.Done()
}

func leavesOne(ctx context.Context, p port) {
	go func() { <-make(chan int) }()
	p.write(ctx, oA, 1)
}

func ticksForEver(ctx context.Context, p port) {
	go func() {
		for range time.Tick(time.Second) {
		}
	}()
	p.write(ctx, oA, 1)
}

// locks holds a mutex over a port call, in two goroutines.
func locks(ctx context.Context, p port) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			p.write(ctx, oA, 1)
		})
	}
	wg.Wait()
}

// sleepsLocked holds a mutex while it sleeps.
func sleepsLocked(context.Context, port) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			time.Sleep(time.Second)
		})
	}
	wg.Wait()
}

func crowds(ctx context.Context, p port) {
	var wg sync.WaitGroup
	for range 9 {
		wg.Go(func() { p.write(ctx, oA, 1) })
	}
	wg.Wait()
}

// outside is no channel of a bubble.
var outside = make(chan int)

func waitsOutside(context.Context, port) { <-outside }

// Each hostile engine has its clear outcome.
func TestHostile(t *testing.T) {
	var stop atomic.Bool // what spins for ever would slow the other tests down
	defer stop.Store(true)
	spins := func(context.Context, port) {
		for !stop.Load() {
		}
	}
	cases := []struct {
		name    string
		hostile code
		want    string
	}{
		{"a panic", panics, "a panicked: out of luck"},
		{"FailNow", exits, "a called runtime.Goexit (t.FailNow does): an operation must return"},
		{"a dropped context", drops, "a called a port without the context that the operation was given: " +
			"port at support_test.go:N (bubble_test.port.do)"},
		{"the same in a goroutine", dropsInAGoroutine, "a called a port without the context that the operation was " +
			"given: port at support_test.go:N (bubble_test.port.do)"},
		{"a goroutine that is left behind", leavesOne, "a leaves a goroutine behind: created at hostile_test.go:N " +
			"(bubble_test.leavesOne), waiting in chan receive at hostile_test.go:N (bubble_test.leavesOne.func1)"},
		{"a ticker for ever", ticksForEver, "a leaves a goroutine behind: created at hostile_test.go:N " +
			"(bubble_test.ticksForEver), waiting in chan receive at hostile_test.go:N " +
			"(bubble_test.ticksForEver.func1)"},
		{"a mutex over a port call", locks, "a waits for a mutex at hostile_test.go:N (bubble_test.locks.func1), " +
			"which a may hold at write a; a mutex that is held meanwhile cannot be scheduled"},
		{"a mutex over a sleep", sleepsLocked, "a waits for a mutex at hostile_test.go:N " +
			"(bubble_test.sleepsLocked.func1), which a may hold in sleep at hostile_test.go:N " +
			"(bubble_test.sleepsLocked.func1), a may hold in sync.WaitGroup.Wait at hostile_test.go:N " +
			"(bubble_test.sleepsLocked); a mutex that is held meanwhile cannot be scheduled"},
		{"a wait for what is outside", waitsOutside, "a waits for what is outside of the bubble: chan receive at " +
			"hostile_test.go:N (bubble_test.waitsOutside)"},
		{"a spin", spins, "a does not come to rest: runnable at hostile_test.go:N (bubble_test.TestHostile.func1)"},
		{"too many goroutines", crowds,
			"a has more than 8 goroutines in port calls at once: bound them"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := failureOf(t, soon(system(t, c.hostile, honest)))
			require.NotNil(t, f)
			got := strings.Replace(unnumbered(f), ": running at", ": runnable at", 1)
			require.Equal(t, c.want, got)
		})
	}
}

// A context that is kept from one run to the next is told from the run's own.
func TestStateKeptFromRunToRun(t *testing.T) {
	var kept context.Context
	s := system(t, func(ctx context.Context, p port) {
		if kept == nil {
			kept = ctx
		}
		p.write(kept, oA, 1)
	}, honest)
	m := sim.New(s)
	defer m.Close()
	require.Len(t, goOn(m), 2)
	m.Reset()
	require.Equal(t, "a called a port without the context that the operation was given: "+
		"write a at support_test.go:N (bubble_test.port.do), with that of another run", unnumbered(m.Failure()))
	require.Empty(t, m.Choices(nil))
}

var lineNumber = regexp.MustCompile(`\.go:\d+`)

// unnumbered is the text of a failure without the numbers of lines.
func unnumbered(f *sim.Failure) string { return lineNumber.ReplaceAllString(f.Error(), ".go:N") }

// Code that recovers around a port call in a loop ends with its run: runtime.Goexit cannot be recovered.
func TestRecoverInALoop(t *testing.T) {
	for _, b := range []code{
		func(ctx context.Context, p port) {
			for {
				swallow(ctx, p)
			}
		},
		func(ctx context.Context, p port) {
			defer func() {
				for {
					swallow(ctx, p)
				}
			}()
			swallow(ctx, p)
		},
	} {
		s := system(t, b, honest)
		s.Limits.StepsMax = 20
		m := sim.New(s)
		for range 5 {
			m.Take(sim.Choice{Actor: 0})
			m.Reset()
			require.Nil(t, m.Failure())
		}
		m.Close()
		require.Nil(t, m.Failure())
	}
}

// What cannot be repeated is told: a number drawn at random, and the state of the process.
func TestWhatDoesNotRepeatIsTold(t *testing.T) {
	count := 0
	for name, value := range map[string]func() int64{
		"random":    func() int64 { return rand.Int64N(1 << 40) },
		"a counter": func() int64 { count++; return int64(count) },
	} {
		t.Run(name, func(t *testing.T) {
			m := sim.New(system(t, func(ctx context.Context, p port) { p.write(ctx, oA, value()) }, two))
			defer m.Close()
			r := explore.Plain(m, explore.Options{})
			require.NotNil(t, r.Failure)
			require.EqualError(t, r.Failure,
				"a does not repeat: choice 1 of a schedule had another effect than before")
		})
	}
}

// The wall clock that code reads in a bubble is the run's: the same in every run.
func TestTheWallClockRepeats(t *testing.T) {
	m := sim.New(system(t, func(ctx context.Context, p port) {
		time.Sleep(time.Millisecond)
		p.write(ctx, oA, time.Now().UnixNano()%1000)
	}, honest))
	defer m.Close()
	r := explore.Plain(m, explore.Options{})
	require.Nil(t, r.Failure)
	require.True(t, r.Exhausted)
}

// A run that is ended early leaves goroutines that wait for one that was ended with it: they are let be.
func TestGoroutinesThatWaitForOneThatWasEnded(t *testing.T) {
	m := sim.New(system(t, two, honest))
	for range 100 {
		m.Reset()
		m.Take(sim.Choice{Actor: 1})
		require.Nil(t, m.Failure())
	}
	m.Close()
	require.Nil(t, m.Failure())
}

// What ends the engine may then wait for ever, even for a mutex that one took with it: that is let be as well.
func TestStoppingAnEngineThatWasCutShort(t *testing.T) {
	type state struct {
		mu   sync.Mutex
		left chan int
	}
	var now atomic.Pointer[state]
	for _, hold := range []bool{false, true} {
		s := system(t, func(ctx context.Context, p port) {
			e := now.Load()
			if hold {
				e.mu.Lock()
			}
			p.write(ctx, oA, 1)
			if hold {
				e.mu.Unlock()
			}
			close(e.left)
		}, honest)
		s.Start = func() { now.Store(&state{left: make(chan int)}) }
		s.Stop = func() {
			e := now.Load()
			e.mu.Lock()
			<-e.left
		}
		m := sim.New(s)
		m.Take(sim.Choice{Actor: 1})
		m.Reset()
		require.Nil(t, m.Failure())
		goOn(m)
		m.Close()
		require.Nil(t, m.Failure())
	}
}

// A crash ends an operation with its goroutines, and the others go on.
func TestCrash(t *testing.T) {
	var ends []error
	s := system(t, func(ctx context.Context, p port) {
		go func() {
			<-ctx.Done()
			ends = append(ends, ctx.Err())
			p.write(ctx, oB, 1)
		}()
		two(ctx, p)
	}, honest)
	s.Actors[0].MayCrash, s.Budget.Faults = true, 1
	m := sim.New(s)
	defer m.Close()
	m.Take(sim.Choice{Actor: 2})
	require.Contains(t, m.Choices(nil), sim.Choice{Actor: 0, Fault: sim.Crash})
	m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
	require.Equal(t, []error{context.Canceled}, ends)
	require.Equal(t, []sim.Choice{{Actor: 1}}, m.Choices(nil))
	require.Equal(t, []string{"b write d"}, goOn(m))
	require.Nil(t, m.Failure())
}

// What Start begins, Stop ends; what it forgets is a leak.
func TestStartAndStop(t *testing.T) {
	var quit chan struct{}
	s := system(t, honest)
	s.Start = func() {
		quit = make(chan struct{})
		go func() { <-quit }()
	}
	f := failureOf(t, s)
	require.NotNil(t, f)
	require.Equal(t, sim.LeakedGoroutine, f.Kind)
	require.Equal(t, "the engine", f.Actor)
	s.Stop = func() { close(quit) }
	require.Nil(t, failureOf(t, s))
	s.Start = func() { panic(errors.New("no engine")) }
	s.Stop = nil
	require.EqualError(t, failureOf(t, s), "the start of the run panicked: no engine")
}
