package bubble_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// two starts two goroutines that write, and waits for both.
func two(ctx context.Context, p port) {
	done := make(chan struct{})
	for _, o := range []sim.Object{oA, oB} {
		go func() {
			p.write(ctx, o, 1)
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	p.read(ctx, oC)
}

func TestGoroutinesOfAnOperationAreThreads(t *testing.T) {
	require.Equal(t, []string{
		"a.2 a.3 a",
		"a.3 a.2 a",
	}, everyRun(t, system(t, two)))
	m := sim.New(system(t, two))
	defer m.Close()
	require.Equal(t, []string{"a.2 write a", "a.3 write b", "a read c"}, goOn(m))
}

// With an honest actor that writes twice beside it: the interleavings of 2 and 3 steps, of which two may change places.
func TestThreadsInterleaveWithOtherActors(t *testing.T) {
	twice := func(ctx context.Context, p port) {
		p.write(ctx, oD, 1)
		p.write(ctx, oD, 2)
	}
	require.Len(t, everyRun(t, system(t, two, twice)), 2*10)
}

// The same programs, of one goroutine each, have the same runs under either driver.
func TestTheSameRunsAsCoroutines(t *testing.T) {
	hosted := system(t, sequential(oA, oB), sequential(oB, oA), sequential(oA, oA))
	plain := *hosted
	plain.Host = nil
	var prints [2][]uint64
	for i, s := range []*sim.System{hosted, &plain} {
		m := sim.New(s)
		r := explore.Plain(m, explore.Options{Ended: func(m *sim.Machine) {
			prints[i] = append(prints[i], m.Fingerprint())
		}})
		m.Close()
		require.True(t, r.Exhausted)
		require.EqualValues(t, 1680, r.Schedules) // 9! / 3!^3
	}
	require.Equal(t, prints[1], prints[0])
}

// sequential reads, adds and writes.
func sequential(o, other sim.Object) code {
	return func(ctx context.Context, p port) {
		p.read(ctx, o)
		p.do(ctx, tiny.Add, other, 0)
		p.write(ctx, o, 3)
	}
}

// An operation that only waits for another returns by a step of its own.
func TestAReturnWithoutAStepIsAStep(t *testing.T) {
	var signal chan struct{}
	s := system(t,
		func(ctx context.Context, p port) {
			p.write(ctx, oA, 1)
			close(signal)
			p.write(ctx, oA, 2)
		},
		func(context.Context, port) { <-signal })
	s.Start = func() { signal = make(chan struct{}) }
	require.Equal(t, []string{
		"a a b",
		"a b a",
		"clock a a b", // b waits, so that time may pass; nobody wakes
		"clock a b a",
	}, everyRun(t, s))
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{"a write a", "a write a", "b return"}, goOn(m))
	require.Equal(t, sim.History{
		{Kind: sim.Call, Actor: 0, Verb: 1},
		{Kind: sim.Return, Actor: 0, Verb: 1},
		{Kind: sim.Call, Actor: 1, Verb: 1},
		{Kind: sim.Return, Actor: 1, Verb: 1},
	}, m.History())
}

func TestTimePassesWhenEverybodySleeps(t *testing.T) {
	s := system(t, func(ctx context.Context, p port) {
		p.write(ctx, oA, 1)
		time.Sleep(10 * time.Millisecond)
		p.write(ctx, oA, 2)
		c, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		<-c.Done()
	})
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{
		"a write a",
		"clock wait => 10ms",
		"a write a",
		"clock wait => 3s",
		"a return",
	}, goOn(m))
}

// A wait that wakes nobody is not offered again, and the operation stays open.
func TestAsleepForEver(t *testing.T) {
	s := system(t, func(ctx context.Context, p port) {
		p.write(ctx, oA, 1)
		<-ctx.Done()
	})
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{"a write a", "clock wait => 1h0m0s"}, goOn(m))
	require.Nil(t, m.Failure())
	m.Reset()
	require.Nil(t, m.Failure())
}
