package load

import (
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/timed"
	"fermata/sim/world"
)

// workflowName names the definition of every workflow.
const workflowName = "load"

// lab is one run.
type lab struct {
	setup *Setup
	o     Options
	fixed

	now  int64 // of what is taken first: no shard will do anything before it any more
	end  int64 // when the run is cut
	last int64 // when the last workflow was over

	waiting     heap   // shards by their next event
	due         heap   // shards by when their message is due, in milliseconds
	pops        roster // reconcilers by their next look
	sweeping    int    // reconcilers of which it is not known when they look next
	reconcilers []*reconciler

	arrivals timed.Stream
	chance   *timed.Source // of arrivals
	arrival  int64         // of the next workflow; never
	number   int64         // of the next workflow

	live  []*shard
	names *world.Names // of shards that begin
	spare []*shard     // that share them and are over
	idle  []*play
	made  []*play // all of them
	got   []*shard
	aside []entry

	counts    Counts
	looks     int64 // at the decider queue, by reconcilers
	durations [measures]*hdrhistogram.Histogram
	lives     []Life
	failed    error
}

// fixed is what the setup means, worked out once.
type fixed struct {
	definitions              []model.WorkflowDef
	workflow, decider        sim.Object
	join                     sim.Object      // the queue of JOINs
	queues                   []string        // of tasks
	lasts                    map[string]bool // the references of tasks that are the last of a chain
	unacks                   bool            // the queue has a thread of its own
	polled                   bool            // who waits for the lock looks again and again
	storeFactor, redisFactor float64         // how many times as long their calls take
}

// The lanes of random numbers: each workflow, each reconciler and the arrivals have numbers of their own, so that
// what one draws changes nothing for another.
const (
	laneWorkflow uint64 = 1 + iota
	laneReconciler
	laneArrivals
)

// newLab makes a run ready to begin.
func newLab(s *Setup, o Options) *lab {
	l := &lab{setup: s, o: o, end: int64(s.For) + int64(s.Drain)}
	l.storeFactor, l.redisFactor = 1, 1
	l.definitions = []model.WorkflowDef{s.Shape.definition()}
	for i := range l.durations {
		l.durations[i] = newHistogram()
	}
	l.renew()
	l.polled = s.Parts.Lock == "postgres" || s.Parts.Lock == "postgres-reentrant"
	l.queues, l.lasts = queuesOf(l.definitions[0].Tasks, nil), s.Shape.lasts()
	l.makeReconcilers()
	l.arrivals = s.Arrivals.Begin()
	l.chance = timed.NewSource(s.Seed, laneArrivals, 0)
	l.arrive(0)
	return l
}

// namesMax is how many names shards share before new ones begin with none.
const namesMax = 1 << 14

// renew has shards that begin from now on share new names.
func (l *lab) renew() {
	l.names, l.spare = world.NewNames(), l.spare[:0]
	s := l.newShard()
	l.unacks = s.world.Unacks() != nil
	l.workflow, l.decider = s.world.Object(string(workflowID)), s.world.Object(model.DeciderQueue)
	l.join = s.world.Object(model.Join.String())
	for i := range slotsMax {
		s.world.Object(slotNames[i]) // known, so that numbers do not depend on who comes first
	}
	l.spare = append(l.spare, s)
}

// arrive plans the next workflow after a time.
func (l *lab) arrive(after int64) {
	gap, ok := l.arrivals.Next(l.chance.Rand)
	l.arrival = after + int64(gap)
	if !ok || l.arrival >= int64(l.setup.For) {
		l.arrival = never
	}
}

// stopEvery is how many turns there are between two looks at Options.
const stopEvery = 1 << 12

// run takes everything in the order of its time.
func (l *lab) run() error {
	for turns := 0; l.failed == nil; turns++ {
		if turns%stopEvery == 0 && l.report() {
			return ErrStopped
		}
		look, at := l.pops.next(), int64(never)
		if e := l.waiting.top(); e != nil {
			at = e.at
		}
		switch {
		case l.arrival == never && len(l.live) == 0 && look > l.last:
			return nil
		case min(look, at, l.arrival) > l.end:
			l.unfinished()
			return nil
		case look <= at && look <= l.arrival:
			l.now = look
			l.pops.pop().look(look)
		case l.arrival <= at:
			l.now = l.arrival
			l.start()
		default:
			l.now = at
			l.waiting.pop().shard.run()
		}
	}
	return l.failed
}

// report tells how far the run is, and whether it is to stop.
func (l *lab) report() (stop bool) {
	if l.o.Progress != nil {
		l.o.Progress(Progress{Seed: l.setup.Seed, Now: l.now, End: l.end, Started: l.number})
	}
	return l.o.Stop != nil && l.o.Stop()
}

// start starts a workflow.
func (l *lab) start() {
	at := l.arrival
	l.arrive(at)
	if l.names.Size() > namesMax {
		l.renew()
	}
	var s *shard
	if n := len(l.spare); n > 0 {
		s, l.spare = l.spare[n-1], l.spare[:n-1]
	} else {
		s = l.newShard()
	}
	s.place = len(l.live)
	l.live = append(l.live, s)
	l.counts.Started++
	s.begin(l.number, at)
	l.number++
	s.run()
}

// forget gives back a shard that is over.
func (l *lab) forget(s *shard) {
	s.turn++
	last := len(l.live) - 1
	l.live[s.place] = l.live[last]
	l.live[s.place].place = s.place
	l.live[last] = nil
	l.live = l.live[:last]
	l.last = max(l.last, s.now)
	if s.names == l.names {
		l.spare = append(l.spare, s)
	}
}

// nextPop is a time before which no reconciler will look at the queue.
func (l *lab) nextPop() int64 {
	next := l.pops.next()
	if l.sweeping > 0 {
		least := l.now
		if !l.threads() {
			least += int64(l.setup.SweepInterval)
		}
		next = min(next, least)
	}
	return next
}

// takeDue takes the shards whose messages come first of those that are due.
func (l *lab) takeDue(at int64, want int) []*shard {
	l.got, l.aside = l.got[:0], l.aside[:0]
	for len(l.got) < want {
		e := l.due.top()
		if e == nil || e.at > at/millisecond {
			break
		}
		taken := l.due.pop()
		if taken.shard.visible > at { // pushed later in this millisecond
			l.aside = append(l.aside, taken)
			continue
		}
		l.got = append(l.got, taken.shard)
	}
	for _, e := range l.aside {
		l.due.push(e)
	}
	return l.got
}

// unfinished counts what is left when the time is over: a workflow that has ended counts as such, though its message
// may still be queued.
func (l *lab) unfinished() {
	for _, s := range l.live {
		if s.told.status.Terminal() {
			s.count()
		} else {
			l.counts.Unfinished++
		}
	}
}

func (l *lab) record(m Measure, nanos int64) {
	_ = l.durations[m].RecordValue(min(max(nanos/microsecond, 1), histogramMax))
}

func (l *lab) fail(err error) {
	if l.failed == nil {
		l.failed = fmt.Errorf("%w: %w", ErrHarness, err)
	}
}

func (l *lab) freePlay() *play {
	if n := len(l.idle); n > 0 {
		p := l.idle[n-1]
		l.idle = l.idle[:n-1]
		return p
	}
	p := &play{solo: sim.NewSolo()}
	p.solo.Tag = p
	l.made = append(l.made, p)
	return p
}

func (l *lab) release(p *play) { l.idle = append(l.idle, p) }

// close gives the coroutines back.
func (l *lab) close() {
	for _, p := range l.made {
		p.solo.Close()
	}
}

// until is the end of a pause that a time lies in, or the time.
func (l *lab) until(p *timed.Pauses, lane uint64, at int64) int64 {
	return int64(p.Until(l.setup.Seed, lane, time.Duration(at)))
}

// storeLane is the store among those that pauses stop; servers have their numbers.
const storeLane = 1 << 32
