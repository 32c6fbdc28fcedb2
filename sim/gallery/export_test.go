package gallery

import "fermata/sim"

// SleepersAndSignals has that many threads that wait once, and one that signals so often, each time with the lock.
// Who wakes adds its number to a sum, at ten times what stood there before.
func SleepersAndSignals(sleepers, signals int) *sim.System {
	s := newSetup()
	m, c, order := s.lock("m"), s.cond("c"), s.cell("order", 0)
	s.times(sleepers, func(t Thread, i int32) {
		t.Lock(m)
		t.Wait(c, m)
		t.Store(order, 10*t.Load(order)+i+1)
		t.Unlock(m)
	})
	s.thread(func(t Thread) {
		for range signals {
			t.Lock(m)
			t.Signal(c)
			t.Unlock(m)
		}
	})
	return s.system()
}

// Order is the sum.
func Order(w sim.World) int32 { return w.(*World).now[2] }
