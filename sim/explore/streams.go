package explore

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"

	"fermata/sim"
)

// Streams are schedules that are drawn in numbered streams: each has a strategy of its own, made from a seed that is
// drawn from Seed and the stream's number, but that the first has Seed itself. What a strategy learns in a stream it
// forgets at its end; so it does not matter who draws which.
type Streams struct {
	Seed     uint64
	Strategy func(seed uint64) Strategy
	// Length is how many schedules a stream has, by its number; nil is StreamLength.
	Length func(n int) int64
}

// streamShortest and streamLongest bound the length of a stream.
const (
	streamShortest = 64
	streamLongest  = 1024
)

// StreamLength is 64 for the first stream, for the second, and then as long as all before together, up to 1,024.
func StreamLength(n int) int64 {
	if n == 0 {
		return streamShortest
	}
	return min(streamLongest, int64(streamShortest)<<min(n-1, 10))
}

func (s *Streams) strategy(n int) Strategy {
	if n == 0 {
		return s.Strategy(s.Seed)
	}
	return s.Strategy(rand.NewPCG(s.Seed, uint64(n)).Uint64())
}

func (s *Streams) length(n int) int64 {
	if s.Length != nil {
		return s.Length(n)
	}
	return StreamLength(n)
}

// Walks runs the streams in their order, by a team whose machines are made with sim.New, or as Team.Memo says.
// However many they are, the result is the same unless a Stop cuts it: nothing counts that is of a stream after the
// first that is cut, as by FirstOnly, and those before are gone through to their ends. It needs an end as Walk does.
// TransitionsMax is looked at after each stream only. Stop and Progress are called on the goroutine that called
// Walks, Ended and Entered on any, several at once.
func Walks(m *sim.Machine, team Team, s Streams, o Options) *Result {
	w := &walks{team: &team, streams: &s, o: &o, sum: newWalked(&o)}
	w.stream(m, 0)
	machines := []*sim.Machine{m}
	if size := team.size(); size == 1 || w.over {
		for n := 1; !w.over; n++ {
			w.stream(m, n)
		}
	} else {
		for range size - 1 {
			m := team.machine()
			defer m.Close()
			machines = append(machines, m)
		}
		w.together(machines, 1)
	}
	for _, m := range machines {
		if team.Memo && team.Recheck && w.sum.Failure == nil && w.sum.Judging() == nil {
			_ = errors.As(m.Recheck(), &w.sum.Failure)
		}
	}
	for _, note := range w.notes {
		if team.Note != nil {
			team.Noted(note)
		}
	}
	w.sum.estimate(o.FirstOnly)
	return w.sum
}

// machine makes a machine more for a walk.
func (t *Team) machine() *sim.Machine {
	if t.Memo {
		return sim.NewMemo(t.Member())
	}
	return sim.New(t.Member())
}

// walks are streams that are gone through.
type walks struct {
	team    *Team
	streams *Streams
	o       *Options
	sum     *Result
	notes   []any // of the streams that count
	over    bool  // what comes counts no more
}

// walked is what came of a stream.
type walked struct {
	n    int
	r    *Result
	note any
}

// stream goes through a stream on the goroutine that called, and counts it.
func (w *walks) stream(m *sim.Machine, n int) {
	o := *w.o
	if told := o.Progress; told != nil {
		o.Progress = func(r *Result) {
			all := Result{Schedules: w.sum.Schedules, Transitions: w.sum.Transitions}
			all.count(r)
			told(&all)
		}
	}
	w.count(w.through(m, n, o))
	if w.over {
		return
	}
	if w.o.Progress != nil {
		w.o.Progress(w.sum)
	}
	if w.o.Stop != nil && w.o.Stop() {
		w.sum.Limit, w.over = limitStopped, true
	}
}

// through goes through a stream.
func (w *walks) through(m *sim.Machine, n int, o Options) walked {
	o.SchedulesMax = w.length(n)
	done := walked{n: n, r: newWalked(&o)}
	done.r.walk(m, w.streams.strategy(n), &o)
	if w.team.Note != nil {
		done.note = w.team.Note(m.System())
	}
	return done
}

// length is how many schedules a stream has within the limit of all; 0 or fewer if it is not begun.
func (w *walks) length(n int) int64 {
	length := w.streams.length(n)
	if w.o.SchedulesMax == 0 {
		return length
	}
	left := w.o.SchedulesMax
	for i := range n {
		left -= w.streams.length(i)
	}
	return min(length, left)
}

// ends tells that no later stream counts.
func (w *walks) ends(r *Result) bool {
	return r.Failure != nil || r.decided(w.o) || r.Limit != limitSchedules && r.Limit != ""
}

// count adds the next stream.
func (w *walks) count(done walked) {
	if w.over {
		return
	}
	w.sum.addWalked(done.r)
	w.notes = append(w.notes, done.note)
	w.over = w.ends(done.r)
	if !w.over && w.o.TransitionsMax > 0 && w.sum.Transitions >= w.o.TransitionsMax {
		w.sum.Limit, w.over = "transitions", true
	}
	if !w.over && w.length(done.n+1) <= 0 {
		w.sum.Limit, w.over = limitSchedules, true
	}
}

// stopped counts, in their order, the streams that were gone through, or into, before a Stop.
func (w *walks) stopped(streams map[int]walked) {
	if w.over {
		return
	}
	for _, n := range slices.Sorted(maps.Keys(streams)) {
		if w.over = false; w.sum.Failure == nil && !w.sum.decided(w.o) {
			w.count(streams[n])
		}
	}
	if !w.sum.decided(w.o) {
		w.sum.Limit = limitStopped
	}
}

// addWalked adds a later stream. What an earlier one found stays.
func (r *Result) addWalked(later *Result) {
	r.count(later)
	if later.Limit != limitSchedules {
		r.Limit = later.Limit
	}
	for i, f := range later.Finds {
		if r.knows(f.Violation) {
			later.account(later.makers[i]).Finds--
			continue
		}
		r.Finds, r.makers = append(r.Finds, f), append(r.makers, later.makers[i])
	}
	for i := range later.Accounts {
		r.account(later.Accounts[i].Strategy).add(&later.Accounts[i])
	}
	if r.coverage != nil {
		r.coverage.join(later.coverage)
	}
}

// add adds the account of a later stream.
func (a *Account) add(later *Account) {
	a.Schedules += later.Schedules
	a.Steps += later.Steps
	a.Finds += later.Finds
	a.Violated = a.Violated || later.Violated
	for i, g := range later.Guarantee {
		if i == len(a.Guarantee) {
			a.Guarantee = append(a.Guarantee, g)
		}
		a.Guarantee[i] = min(a.Guarantee[i], g)
	}
	a.sampled += later.sampled
	if later.why != "" {
		a.why = later.why
	}
	if later.classes == nil {
		return
	}
	if a.classes == nil {
		a.classes, a.pairs = map[[2]uint64]int64{}, map[ReadsFrom]bool{}
	}
	maps.Copy(a.pairs, later.pairs)
	for class, n := range later.classes { //tidy:unordered adding
		a.seen(class, n)
	}
}

// join adds what other runs have shown.
func (c *coverage) join(later *coverage) {
	maps.Copy(c.classes, later.classes)
	maps.Copy(c.seen, later.seen)
}
