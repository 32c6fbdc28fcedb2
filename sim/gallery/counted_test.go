package gallery_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/gallery"
)

// plainEnds are the counted programs for which plain search ends in seconds, and onceEnds those for which the search
// below does.
var (
	plainEnds = map[string]bool{
		"readers(2)": true, "readers(8)": true, "lastzero(2)": true, "lastzero(3)": true,
		"lockinc(2)": true, "lockinc(3)": true, "lockinc(4)": true, "lockinc(5)": true, "lockinc(6)": true,
		"lockinc(7)": true, "lock2inc(2)": true, "lock2inc(3)": true, "lock2inc(4)": true, "lock2inc(5)": true,
		"lock2inc(6)": true, "lock2inc(7)": true, "ainc(2)": true, "ainc(3)": true, "ainc(4)": true, "ainc(5)": true,
		"ainc(6)": true, "ainc(7)": true, "binc(2)": true, "binc(3)": true, "binc(4)": true, "inc(2)": true,
		"inc(3)": true, "inc(4)": true, "N-writers(4)": true, "lamport(2)": true, "szymanski": true,
	}
	onceEnds = map[string]bool{
		"lastzero(5)": true, "lastzero(10)": true, "readers(13)": true, "big0": true, "fib_bench": true,
	}
)

// blocked tells whether a run that is over has somebody who waits in vain.
func blocked(m *sim.Machine) bool {
	for i := range m.Actors() {
		if m.Pending(sim.ActorID(i)) != nil {
			return true
		}
	}
	return false
}

// TestClassesByPlainSearch: the trace classes of every schedule are as many as the published count.
func TestClassesByPlainSearch(t *testing.T) {
	for _, c := range gallery.CountedPrograms() {
		if !plainEnds[c.String()] || testing.Short() && c.Classes == 256 {
			continue
		}
		m := sim.NewMemo(c.System())
		defer m.Close()
		var class explore.Class
		classes := map[[2]uint64]bool{}
		r := explore.Plain(m, explore.Options{
			Entered: func(m *sim.Machine, _ int) {
				if m.Steps() == 1 {
					class.Reset()
				}
				class.Add(m.Transition())
			},
			Ended: func(m *sim.Machine) {
				if !blocked(m) {
					classes[class.Sum] = true
				}
			},
		})
		require.True(t, r.Exhausted, c.String())
		require.Len(t, classes, c.Classes, c.String())
		t.Logf("%s: %d classes of %d schedules", c.String(), len(classes), r.Schedules)
	}
}

// TestClassesOnce counts those for which plain search is too slow: it goes on from each beginning of a trace once.
// Two runs that differ in the order of independent steps are in one state, and go on alike.
func TestClassesOnce(t *testing.T) {
	for _, c := range gallery.CountedPrograms() {
		slow := !plainEnds[c.String()]
		if !slow && c.Classes > 100 || slow && (!onceEnds[c.String()] || testing.Short()) {
			continue
		}
		m := sim.NewMemo(c.System())
		defer m.Close()
		o := &once{m: m, seen: map[[2]uint64]bool{}}
		o.visit(foata{})
		require.Equal(t, c.Classes, o.classes, c.String())
		t.Logf("%s: %d classes, %d beginnings", c.String(), o.classes, len(o.seen))
	}
}

// classesFlag bounds the programs that DPOR counts below.
var classesFlag = flag.Int("classes", 100_000, "with -run ByDPOR: programs of so many classes at most")

// TestClassesByDPOR: source-DPOR makes one complete run of each trace class, so as many as are published. Runs that end
// where all that is open had been searched before are redundant and told apart.
func TestClassesByDPOR(t *testing.T) {
	for _, c := range gallery.CountedPrograms() {
		if c.Classes > *classesFlag || testing.Short() && c.Classes > 1000 {
			continue
		}
		m := sim.NewMemo(c.System())
		runs := 0
		r := explore.DPOR(m, explore.Options{Ended: func(m *sim.Machine) {
			if !blocked(m) {
				runs++
			}
		}})
		m.Close()
		require.True(t, r.Exhausted, c.String())
		require.Equal(t, c.Classes, runs, c.String())
		t.Logf("%s: %d runs, %d of them to the end, and %d redundant", c.String(), r.Schedules, runs, r.SleepBlocked)
	}
}

// foata is the beginning of a trace, by the level of each actor's last step and of each object's last write and read,
// and the sum of the hashes of its steps.
type foata struct {
	actors, steps [16]uint8
	writes, reads [32]uint8
	sum           [2]uint64
}

// add adds a step. It is explore's Class, written a second time and so that it can be copied.
func (f *foata) add(t *sim.Transition) {
	actor, level := t.Choice.Actor, uint8(0)
	accesses := t.Step.Access[:t.Step.Accesses]
	for _, a := range accesses {
		level = max(level, f.writes[a.Object])
		if a.Kind == sim.Write {
			level = max(level, f.reads[a.Object])
		}
	}
	level = max(level, f.actors[actor]) + 1
	for _, a := range accesses {
		if a.Kind == sim.Write {
			f.writes[a.Object] = level
		} else {
			f.reads[a.Object] = max(f.reads[a.Object], level)
		}
	}
	f.actors[actor] = level
	f.steps[actor]++
	word := uint64(actor)<<32 | uint64(f.steps[actor])<<16 | uint64(level)
	f.sum[0] += mixed(word)
	f.sum[1] += mixed(word ^ 0xabcdef<<40)
}

func mixed(x uint64) uint64 {
	for range 3 {
		x = (x ^ x>>29) * 0xbf58476d1ce4e5b9
	}
	return x ^ x>>32
}

// once is a depth-first search that goes on from each beginning of a trace once.
type once struct {
	m       *sim.Machine
	seen    map[[2]uint64]bool
	classes int
}

func (o *once) visit(f foata) {
	if o.seen[f.sum] {
		return
	}
	o.seen[f.sum] = true
	open := o.m.Choices(nil)
	if len(open) == 0 && !blocked(o.m) {
		o.classes++
	}
	saved := o.m.Save(nil)
	for _, c := range open {
		o.m.Load(saved)
		o.m.Take(c)
		next := f
		next.add(o.m.Transition())
		o.visit(next)
	}
	o.m.Load(saved)
}
