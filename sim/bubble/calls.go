package bubble

import (
	"runtime"
	"slices"
	"strings"

	"fermata/sim"
)

// call is a port call that is held.
type call struct {
	sim.Held
	back chan sim.Reply // closed if the goroutine is to end
}

// Enter begins a port's work.
func (r *run) Enter(*sim.Actor) { r.stage.port.Lock() }

// Leave ends a port's work.
func (r *run) Leave(*sim.Actor) { r.stage.port.Unlock() }

// Call holds the calling goroutine until the schedule lets it go on with a reply. Others may do a port's work
// meanwhile.
func (r *run) Call(op *sim.Actor, s *sim.Step) sim.Reply {
	c := r.arrive(op, s)
	r.stage.port.Unlock()
	reply, ok := <-c.back
	r.stage.port.Lock()
	if !ok {
		runtime.Goexit()
	}
	return reply
}

// arrive makes the call known. It does not return to a goroutine whose run or operation is over by force.
func (r *run) arrive(op *sim.Actor, s *sim.Step) *call {
	c := &call{Held: sim.Held{Op: op, Step: *s, Site: callers(5)}}
	if c.Own = ownGoroutine(c.Site); !c.Own || r.over() {
		r.checkBubble(c)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending || r.deadLocked(op) {
		r.cut = true
		runtime.Goexit()
	}
	if !c.Own {
		r.names[c.Goroutine] = op.Name()
	}
	c.back = make(chan sim.Reply, 1)
	r.held = append(r.held, c)
	r.arrived = append(r.arrived, &c.Held)
	r.wakeLocked()
	return c
}

func (r *run) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ending
}

func (r *run) deadLocked(op *sim.Actor) bool {
	return slices.ContainsFunc(r.ops, func(o *operation) bool { return o.actor == op && o.dead })
}

// checkBubble numbers the calling goroutine, and ends it if it is none of this run.
func (r *run) checkBubble(c *call) {
	id, bubble := self()
	c.Goroutine = id
	if bubble == r.name() {
		return
	}
	text := r.stage.text(&c.Held) + " at " + siteOf(c.Site)
	if now := r.stage.host.runOf(bubble); now != nil {
		text += ", with that of another run"
		g := selfWhole()
		now.fail(&sim.Failure{Kind: sim.LostContext, Actor: now.nameOf(&g), Value: text})
	} else {
		text = "is called from outside of the bubble: " + text
		r.fail(&sim.Failure{Kind: sim.Uncontrolled, Actor: c.Op.Name(), Value: text})
	}
	runtime.Goexit()
}

// expel ends the calling goroutine and the run, for a call of a port without the context of an operation.
func (r *run) expel(callName string) {
	g := selfWhole()
	r.fail(&sim.Failure{Kind: sim.LostContext, Actor: r.nameOf(&g), Value: callName + " at " + siteOf(callers(3))})
	runtime.Goexit()
}

// answer lets the goroutine of a call go on.
func (r *run) answer(h *sim.Held, reply sim.Reply) {
	r.mu.Lock()
	i := slices.IndexFunc(r.held, func(c *call) bool { return &c.Held == h })
	c := r.held[i]
	r.held = slices.Delete(r.held, i, i+1)
	r.mu.Unlock()
	c.back <- reply
}

func (r *run) heldNow() []*call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.held)
}

// nameOf is the actor that a goroutine acts for, as far as it is known.
func (r *run) nameOf(g *goroutine) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range []uint64{g.id, g.creator} {
		if name, ok := r.names[id]; ok {
			return name
		}
	}
	return engineName
}

// The depth to which a call stack is kept, and looked at.
const (
	sitesMax  = 64
	framesMax = 1024
)

// callers are the program counters of the caller's callers, from the one that skip frames are above.
func callers(skip int) []uintptr {
	var buf [sitesMax]uintptr
	n := runtime.Callers(skip, buf[:])
	if n == len(buf) {
		pcs := make([]uintptr, framesMax)
		return pcs[:runtime.Callers(skip, pcs)]
	}
	return slices.Clone(buf[:n])
}

// ownGoroutine tells whether a call stack is of a goroutine on which an operation began.
func ownGoroutine(pcs []uintptr) bool {
	for i := len(pcs) - 1; i >= max(len(pcs)-8, 0); i-- {
		if f := runtime.FuncForPC(pcs[i] - 1); f != nil && strings.HasSuffix(f.Name(), "bubble.(*run).operate") {
			return true
		}
	}
	return false
}
