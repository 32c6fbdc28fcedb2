package sim_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// system is a hostile actor and an honest one that writes twice to b.
func system(hostile func(a *sim.Actor)) *sim.System {
	return &sim.System{
		World:  newTimed(4),
		Budget: sim.Budget{Faults: 1},
		Actors: []sim.ActorSpec{
			{Name: "hostile", Script: single(hostile), MayCrash: true},
			{Name: "honest", Script: single(write(2, 2))},
		},
	}
}

func explode() { panic("the engine broke") }

// swallow makes a port call and recovers whatever comes of it.
func swallow(a *sim.Actor) {
	defer func() { _ = recover() }()
	tiny.Do(a, tiny.Write, 1, 7)
}

func TestPanicIsAnOutcome(t *testing.T) {
	cases := []struct {
		name    string
		hostile func(a *sim.Actor)
		steps   int
	}{
		{"before the first step", func(*sim.Actor) { explode() }, 0},
		{"after a step", func(a *sim.Actor) {
			tiny.Do(a, tiny.Write, 1, 1)
			explode()
		}, 1},
		{"with a deferred port call, which is a step as any other", func(a *sim.Actor) {
			defer tiny.Do(a, tiny.Write, 3, 1)
			explode()
		}, 1},
		{"because a step declares too much", func(a *sim.Actor) {
			defer explode()
			var s sim.Step
			for range sim.AccessMax + 1 {
				s.Touch(1, sim.Read)
			}
		}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
				m := make(system(c.hostile))
				defer m.Close()
				for range 2 { // the pool repeats it
					m.Reset()
					r := goOn(m, nil)
					f := m.Failure()
					require.NotNil(t, f)
					require.Equal(t, sim.Panicked, f.Kind)
					require.Equal(t, "the engine broke", f.Value)
					require.Contains(t, f.Stack, "sim_test.explode", "the stack is taken where it broke")
					require.EqualError(t, f, "hostile panicked: the engine broke")
					require.Len(t, r.Effects, c.steps)
					require.Empty(t, m.Choices(nil))
				}
			})
		})
	}
}

// As t.FailNow does, in code under test. This test goes on, which is the point.
func TestGoexitIsAnOutcome(t *testing.T) {
	cases := []struct {
		name    string
		hostile func(a *sim.Actor)
	}{
		{"before the first step", func(*sim.Actor) { runtime.Goexit() }},
		{"after a step", func(a *sim.Actor) {
			tiny.Do(a, tiny.Write, 1, 1)
			runtime.Goexit()
		}},
		{"with a deferred port call", func(a *sim.Actor) {
			defer tiny.Do(a, tiny.Write, 3, 1)
			runtime.Goexit()
		}},
		{"while a panic is on its way", func(a *sim.Actor) {
			defer runtime.Goexit()
			explode()
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
				m := make(system(c.hostile))
				for range 2 {
					m.Reset()
					goOn(m, nil)
					require.NotNil(t, m.Failure())
					require.Equal(t, sim.ExitedGoroutine, m.Failure().Kind)
					require.EqualError(t, m.Failure(),
						"hostile called runtime.Goexit (t.FailNow does): an operation must return")
				}
				m.Close()
			})
		})
	}
}

// breakers break out, in their own way, when a run is ended while they are at their first step.
var breakers = []struct {
	name    string
	hostile func(a *sim.Actor)
	kind    sim.FailureKind
}{
	{"recovers and calls again for ever", func(a *sim.Actor) {
		for {
			swallow(a)
		}
	}, sim.DoesNotUnwind},
	{"recovers and calls again for ever, and then again in deferred calls", func(a *sim.Actor) {
		defer func() {
			for {
				swallow(a)
			}
		}()
		for {
			swallow(a)
		}
	}, sim.DoesNotUnwind},
	{"panics in a deferred call", func(a *sim.Actor) {
		defer explode()
		tiny.Do(a, tiny.Write, 1, 7)
	}, sim.Panicked},
	{"exits in a deferred call", func(a *sim.Actor) {
		defer runtime.Goexit()
		tiny.Do(a, tiny.Write, 1, 7)
	}, sim.ExitedGoroutine},
	{"is at a deferred step of an exit", func(a *sim.Actor) {
		defer tiny.Do(a, tiny.Write, 1, 7)
		runtime.Goexit()
	}, sim.ExitedGoroutine},
}

func TestBreakingOutOfACrash(t *testing.T) {
	for _, b := range breakers {
		t.Run(b.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
				m := make(system(b.hostile))
				for range 2 {
					m.Reset()
					m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
					require.NotNil(t, m.Failure())
					require.Equal(t, b.kind, m.Failure().Kind)
					require.Empty(t, m.Choices(nil), "the run ends")
					require.Zero(t, m.System().World.(*timed).applied)
				}
				m.Close()
			})
		})
	}
}

func TestBreakingOutOfAnAbort(t *testing.T) {
	for _, b := range breakers {
		t.Run(b.name+", coroutines", func(t *testing.T) {
			m := sim.New(system(b.hostile))
			m.Take(sim.Choice{Actor: 1})
			m.Reset()
			require.NotNil(t, m.Failure(), "the next run has it")
			require.Equal(t, b.kind, m.Failure().Kind)
			require.Empty(t, m.Choices(nil))
			require.Equal(t, 1, m.System().World.(*timed).applied)
			m.Close()
			require.Equal(t, b.kind, m.Failure().Kind)
		})
		inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
			m := make(system(b.hostile))
			m.Close()
			require.NotNil(t, m.Failure(), "Close tells it")
			require.Equal(t, b.kind, m.Failure().Kind)
		})
	}
}

// Code that recovers once and goes on in its operation is refused every port call, and returns.
func TestSwallowingAnUnwindIsNoFailure(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(system(func(a *sim.Actor) {
			for range 100 {
				swallow(a)
			}
		}))
		m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
		require.Nil(t, m.Failure())
		m.Reset()
		require.Nil(t, m.Failure())
		r := goOn(m, nil)
		require.Len(t, r.Effects, 102)
		m.Close()
	})
}

// What is deferred runs when a run is aborted or an actor crashes, and does nothing to the world.
func TestUnwindingHasNoEffect(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		ran := 0
		m := make(system(func(a *sim.Actor) {
			defer tiny.Do(a, tiny.Write, 1, 7)
			defer func() {
				ran++
				defer tiny.Do(a, tiny.Unlock, 3, 0)
				tiny.Do(a, tiny.Write, 1, 8)
			}()
			tiny.Do(a, tiny.Lock, 3, 0)
			tiny.Do(a, tiny.Write, 4, 1)
		}))
		w := m.System().World.(*timed)

		m.Take(sim.Choice{Actor: 0})
		m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
		require.Equal(t, 1, w.applied)
		require.Equal(t, []byte{0, 0, 0, 1, 0}, w.Cell, "the lock stays held")
		require.Equal(t, []sim.ActorID{0}, w.crashed)
		require.Positive(t, ran, "the deferred call ran")
		require.Nil(t, m.Failure())

		m.Reset()
		m.Take(sim.Choice{Actor: 0})
		m.Reset()
		require.Equal(t, 2, w.applied)
		m.Take(sim.Choice{Actor: 0})
		m.Close()
		require.Equal(t, 3, w.applied)
		require.Nil(t, m.Failure())
	})
}

// settled counts goroutines, of which coroutines are some, once those that are ending have ended.
func settled(atMost int) int {
	for range 10_000 {
		if runtime.NumGoroutine() <= atMost {
			break
		}
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}

func TestCloseLeavesNoCoroutine(t *testing.T) {
	hostiles := map[string]func(a *sim.Actor){
		"honest":          write(1, 3),
		"panics":          func(a *sim.Actor) { tiny.Do(a, tiny.Write, 1, 1); explode() },
		"exits":           func(a *sim.Actor) { tiny.Do(a, tiny.Write, 1, 1); runtime.Goexit() },
		"does not unwind": breakers[0].hostile,
	}
	for name, hostile := range hostiles {
		t.Run(name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
				before := settled(0)
				m := make(system(hostile))
				for i := range 1000 {
					m.Reset()
					for range i % 3 {
						if open := m.Choices(nil); len(open) > 0 {
							m.Take(open[i%len(open)])
						}
					}
				}
				during := settled(before + 2)
				require.LessOrEqual(t, during, before+2, "those that were lost are gone")
				m.Close()
				after := settled(before)
				require.LessOrEqual(t, after, before)
				require.GreaterOrEqual(t, during, after+2, "coroutines are counted")
				m.Close() // a second time does nothing
			})
		})
	}
}

func ExampleFailure() {
	m := sim.New(system(func(a *sim.Actor) {
		tiny.Do(a, tiny.Write, 1, 1)
		runtime.Goexit()
	}))
	defer m.Close()
	m.Take(sim.Choice{Actor: 0})
	fmt.Println(m.Failure())
	// Output: hostile called runtime.Goexit (t.FailNow does): an operation must return
}
