package sim_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// helped takes its second step on a goroutine of its own, and waits for it.
func helped(a *sim.Actor) {
	tiny.Do(a, tiny.Write, 1, 1)
	var wg sync.WaitGroup
	wg.Go(func() { tiny.Do(a, tiny.Write, 1, 2) })
	wg.Wait()
	tiny.Do(a, tiny.Write, 1, 3)
}

// A goroutine that code under a coroutine started does no step: it ends, and the run with it.
func TestIntruder(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		s := system(helped)
		s.Suspicious = true
		m := make(s)
		defer m.Close()
		for range 3 {
			m.Reset()
			r := goOn(m, nil)
			require.LessOrEqual(t, len(r.Effects), 1)
			require.EqualError(t, m.Failure(), "hostile calls a port from a goroutine of its own: "+
				"such an engine must say so and run under go test")
		}
	})
}

// One that comes late, when nobody waits for it, is told by a later run or by Close.
func TestLateIntruder(t *testing.T) {
	s := system(func(a *sim.Actor) { tiny.Do(a, tiny.Write, 1, 1) })
	s.Suspicious = true
	var last *sim.Actor
	s.Actors[0].Script = single(func(a *sim.Actor) { last = a; tiny.Do(a, tiny.Write, 1, 1) })
	m := sim.New(s)
	goOn(m, nil)
	require.Nil(t, m.Failure())
	done := make(chan struct{})
	go func() {
		defer close(done)
		tiny.Do(last, tiny.Write, 1, 2)
	}()
	<-done
	m.Reset()
	require.NotNil(t, m.Failure())
	require.Equal(t, sim.Trespassed, m.Failure().Kind)
	m.Reset()
	require.Nil(t, m.Failure(), "it is told once")
	m.Close()
	require.Nil(t, m.Failure())
}

// Code that calls its ports from where it runs, however deep, is no intruder.
func TestNoIntruder(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		var deep func(a *sim.Actor, n int)
		deep = func(a *sim.Actor, n int) {
			if n > 0 {
				deep(a, n-1)
				runtime.KeepAlive(n)
				return
			}
			tiny.Do(a, tiny.Write, 1, 1)
		}
		s := system(func(a *sim.Actor) {
			for _, n := range []int{0, 50, 60, 70, 300, 2000} {
				deep(a, n)
			}
		})
		s.Suspicious = true
		m := make(s)
		defer m.Close()
		r := goOn(m, nil)
		require.Nil(t, m.Failure())
		require.Len(t, r.Effects, 8)
	})
}
