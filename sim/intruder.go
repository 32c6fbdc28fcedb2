package sim

import (
	"runtime"
	"strings"
	"sync/atomic"
)

// intruder is the failure of a goroutine that an actor's code started, and that called a port where the code runs as a
// coroutine. Such a goroutine is no part of the run: it may call while the Machine does anything.
type intruder = atomic.Pointer[Failure]

// check ends the calling goroutine, with a Failure of the actor, if it is not the coroutine.
func (c *coroutine) check() {
	if onCoroutine() {
		return
	}
	c.intruder.CompareAndSwap(nil, &Failure{Kind: Trespassed, Actor: c.actor.spec.Name})
	runtime.Goexit()
}

// framesMax is how deep a call stack is looked at.
const framesMax = 512

// onCoroutine tells whether the caller runs on a coroutine of an actor: what such a stack begins with tells.
func onCoroutine() bool {
	var small [64]uintptr
	pcs := small[:runtime.Callers(2, small[:])]
	if len(pcs) == len(small) {
		pcs = make([]uintptr, framesMax)
		pcs = pcs[:runtime.Callers(2, pcs)]
	}
	for i := len(pcs) - 1; i >= max(len(pcs)-8, 0); i-- {
		if f := runtime.FuncForPC(pcs[i] - 1); f != nil && strings.HasSuffix(f.Name(), "sim.(*coroutine).run") {
			return true
		}
	}
	return len(pcs) == framesMax
}

// intruders fails the run if an actor's code called a port from a goroutine of its own.
func (m *Machine) intruders() {
	if !m.sys.Suspicious || m.hosted != nil {
		return
	}
	for i := range m.actors {
		if f := m.coroutine(i).intruder.Load(); f != nil {
			m.fail(f)
		}
	}
}

// forgive forgets the intruders of the run that ends, and tells one that it does not know of yet.
func (m *Machine) forgive() (late *Failure) {
	for i := range m.actors {
		if f := m.coroutine(i).intruder.Swap(nil); f != nil && f != m.failure && late == nil {
			late = f
		}
	}
	return late
}

// coroutine is what runs the code of actor number i.
func (m *Machine) coroutine(i int) *coroutine {
	if m.trees != nil {
		return m.trees[i].actor.co
	}
	return m.actors[i].co
}
