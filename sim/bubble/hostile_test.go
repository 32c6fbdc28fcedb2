package bubble_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"
	"runtime"
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

// Each hostile engine has its clear outcome.
func TestHostile(t *testing.T) {
	var kept context.Context
	var stop atomic.Bool // what spins for ever would slow the other tests down
	defer stop.Store(true)
	keep := func(ctx context.Context, p port) {
		if kept == nil {
			kept = ctx
		}
		p.write(kept, oA, 1)
	}
	cases := []struct {
		name    string
		hostile code
		want    string
	}{
		{"a panic", func(ctx context.Context, p port) {
			p.write(ctx, oA, 1)
			panic("out of luck")
		}, "a panicked: out of luck"},
		{"FailNow", func(ctx context.Context, p port) {
			p.write(ctx, oA, 1)
			runtime.Goexit() // as FailNow does
		}, "a called runtime.Goexit (t.FailNow does): an operation must return"},
		{"a dropped context", func(ctx context.Context, p port) {
			p.write(context.Background(), oA, 1)
		}, "a called a port without the context that the operation was given: " +
			"port at support_test.go:N (bubble_test.port.do)"},
		{"a dropped context in a goroutine", func(ctx context.Context, p port) {
			go p.write(context.Background(), oA, 1)
			<-ctx.Done()
		}, "a called a port without the context that the operation was given: " +
			"port at support_test.go:N (bubble_test.port.do)"},
		{"a goroutine that is left behind", func(ctx context.Context, p port) {
			go func() { <-make(chan int) }()
			p.write(ctx, oA, 1)
		}, "a leaves a goroutine behind: created at hostile_test.go:N (bubble_test.TestHostile.func6), " +
			"waiting in chan receive at hostile_test.go:N (bubble_test.TestHostile.func6.1)"},
		{"a ticker for ever", func(ctx context.Context, p port) {
			go func() {
				for range time.Tick(time.Second) {
				}
			}()
			p.write(ctx, oA, 1)
		}, "a leaves a goroutine behind: created at hostile_test.go:N (bubble_test.TestHostile.func7), " +
			"waiting in chan receive at hostile_test.go:N (bubble_test.TestHostile.func7.1)"},
		{"a mutex over a port call", func(ctx context.Context, p port) {
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
		}, "a waits for a mutex at hostile_test.go:N (bubble_test.TestHostile.func8.1), " +
			"which a may hold at write a; a mutex that is held meanwhile cannot be scheduled"},
		{"a spin", func(ctx context.Context, p port) {
			for !stop.Load() {
			}
		}, ""},
		{"too many goroutines", func(ctx context.Context, p port) {
			var wg sync.WaitGroup
			for range 9 {
				wg.Go(func() { p.write(ctx, oA, 1) })
			}
			wg.Wait()
		}, "a has more than 8 goroutines in port calls at once: give the system more threads"},
		{"state kept from run to run", keep, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			kept = nil
			s := soon(system(t, c.hostile, honest))
			f := failureOf(t, s)
			if c.name == "state kept from run to run" {
				require.Nil(t, f)
				f = failureOf(t, s)
				c.want = f.Error()
				require.Contains(t, c.want, "with that of another run")
			}
			require.NotNil(t, f)
			if c.want == "" {
				require.Contains(t, f.Error(), "a does not come to rest: ")
				return
			}
			require.Equal(t, c.want, unnumbered(f))
		})
	}
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
