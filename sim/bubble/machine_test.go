package bubble_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/bubble"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

func TestThreadsHaveNamesAndNumbers(t *testing.T) {
	s := system(t, honest, honest)
	s.Threads = 3
	m := sim.New(s)
	defer m.Close()
	var names []string
	for i := range m.Actors() {
		id := sim.ActorID(i)
		names = append(names, m.ActorName(id))
		require.Equal(t, m.ActorName(id), s.NameOf(id))
		require.Equal(t, id, s.Named(s.NameOf(id)))
		require.Equal(t, names[i][:1], s.NameOf(s.OwnerOf(id)))
	}
	require.Equal(t, []string{"a", "b", "a.2", "a.3", "b.2", "b.3"}, names)
	require.Equal(t, sim.Nobody, s.Named("a.4"))
	require.Equal(t, sim.Clock, s.Named(s.NameOf(sim.Clock)))
	require.Equal(t, sim.Clock, s.OwnerOf(sim.Clock))
	require.Equal(t, sim.Nobody, s.OwnerOf(sim.Nobody))
}

func TestMisuse(t *testing.T) {
	require.PanicsWithValue(t, "sim: code that a Host runs cannot be driven along a reply tree: "+
		"what it does next is no function of its replies", func() { sim.NewMemo(system(t, honest)) })
	s := system(t, honest)
	s.World = struct{ sim.World }{tiny.New(1)}
	require.PanicsWithValue(t, "sim: a system with a Host needs a HostWorld", func() { sim.New(s) })
	s = system(t, honest)
	s.Threads = 300
	require.PanicsWithValue(t, "sim: a system has more actors than can be numbered", func() { sim.New(s) })
}

// A thread's step is one of its actor's operation, which its first step by any goroutine opens.
func TestTransitionsOfThreads(t *testing.T) {
	m := sim.New(system(t, two, honest))
	defer m.Close()
	m.RecordSites()
	m.Reset()
	id := m.System().Named("a.2")
	op, first := m.PendingOp(id)
	require.True(t, first)
	require.EqualValues(t, 1, op.Verb)
	m.Take(sim.Choice{Actor: id})
	tr := m.Transition()
	require.EqualValues(t, 0, tr.Actor)
	require.True(t, tr.First)
	require.False(t, tr.Last)
	f, _ := runtime.CallersFrames(tr.Site).Next()
	require.True(t, strings.HasSuffix(f.Function, "tiny.guarded"), f.Function)
	m.Take(sim.Choice{Actor: id + 1})
	require.False(t, m.Transition().First)
	m.Take(sim.Choice{Actor: 0})
	require.True(t, m.Transition().Last)
	require.Len(t, m.History(), 2)
}

// A goroutine that outlives its operation still takes that one's steps.
func TestAStraggler(t *testing.T) {
	s := system(t, honest)
	s.Actors[0].Script = script(port{}, func(ctx context.Context, p port) {
		go func() {
			p.write(ctx, oA, 1)
			time.Sleep(time.Second)
			p.write(ctx, oA, 2)
		}()
		p.write(ctx, oB, 1)
	}, honest, func(ctx context.Context, p port) { time.Sleep(time.Minute) })
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{
		"a write b", "a write d", "a.2 write a", "clock wait => 1s", "a.2 write a", "clock wait => 59s", "a return",
	}, goOn(m))
	require.Len(t, m.History(), 6)
	require.Nil(t, m.Failure())
}

// Machines of one Host run side by side.
func TestMachinesSideBySide(t *testing.T) {
	h := bubble.New(t)
	prints := make(chan map[uint64]bool, 4)
	for range cap(prints) {
		s := system(t, two, honest)
		s.Host = h
		go func() {
			m := sim.New(s)
			defer m.Close()
			all := map[uint64]bool{}
			explore.Plain(m, explore.Options{Ended: func(m *sim.Machine) { all[m.Fingerprint()] = true }})
			prints <- all
		}()
	}
	want := <-prints
	require.Len(t, want, 2*4)
	for range cap(prints) - 1 {
		require.Equal(t, want, <-prints)
	}
}

// A crash is one of a server: its other actors go with it, and what they would have signalled does not come.
func TestCrashOfAServer(t *testing.T) {
	var signal chan struct{}
	wait := func(ctx context.Context, p port) {
		select {
		case <-signal:
		case <-ctx.Done():
		}
	}
	s := system(t, func(ctx context.Context, p port) {
		p.write(ctx, oA, 1)
		close(signal)
	}, wait, wait)
	s.Start = func() { signal = make(chan struct{}) }
	for i := range 2 {
		s.Actors[i].Server, s.Actors[i].MayCrash = "server-1", true
	}
	s.Budget.Faults = 1
	m := sim.New(s)
	defer m.Close()
	m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
	require.Equal(t, "crash server-1", m.DescribeTaken().Step)
	require.Equal(t, []string{"clock wait => 1h0m0s"}, goOn(m), "the one that is left waits for ever")
	require.Nil(t, m.Failure())
	m.Reset()
	require.Equal(t, []string{"a write a", "b return", "c return"}, goOn(m))
}
