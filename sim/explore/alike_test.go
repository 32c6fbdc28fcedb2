package explore_test

import (
	"bytes"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// KeyAs is Key with the lock's owner renamed.
func (w *clocked) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	dst, ok := w.World.KeyAs(dst, as)
	for _, due := range w.due {
		dst = append(dst, due-min(w.now, due))
	}
	return dst, ok
}

// twins is a scope whose first actors are alike: so many have the first program.
type twins struct {
	scope
	alike int
}

func (tw twins) system() *sim.System {
	sc := tw.scope
	sc.programs, sc.fail, sc.crash = slices.Clone(sc.programs), slices.Clone(sc.fail), slices.Clone(sc.crash)
	sc.restart, sc.pause = slices.Clone(sc.restart), slices.Clone(sc.pause)
	sc.together = false
	var class []sim.ActorID
	for i := range tw.alike {
		class = append(class, sim.ActorID(i))
		sc.programs[i] = sc.programs[0]
		for _, may := range [][]bool{sc.fail, sc.crash, sc.restart, sc.pause} {
			if i < len(may) {
				may[i] = may[0]
			}
		}
	}
	s := sc.system()
	w := s.World.(*clocked)
	w.Locks = []sim.Object{lockL}
	s.Alike = [][]sim.ActorID{class}
	s.Judge = &orbits{
		everything: everything{world: w.World, histories: sc.histories}, programs: sc.programs,
		names: namings(len(sc.programs), tw.alike),
	}
	return s
}

// drawTwins draws two or three actors of which two or three are alike. Only the lock is leased, and may be read.
func drawTwins(t *rapid.T) twins {
	tw := twins{scope: drawScope(t)}
	for _, p := range tw.programs {
		for i := range p {
			if p[i].verb == lease {
				p[i].object = lockL
			}
			if p[i].verb == tiny.Read && rapid.IntRange(0, 3).Draw(t, "read the lock") == 0 {
				p[i].object = lockL
			}
		}
	}
	tw.alike = rapid.IntRange(2, len(tw.programs)).Draw(t, "alike")
	return tw
}

// named tells whether a reply may name an actor: whether anybody reads the lock.
func (tw twins) named() bool {
	return slices.ContainsFunc(tw.programs, func(p []instruction) bool {
		return slices.ContainsFunc(p, func(in instruction) bool { return in.verb == tiny.Read && in.object == lockL })
	})
}

// namings are all the ways to name actors of which the first so many are alike.
func namings(actors, alike int) (all [][]sim.ActorID) {
	var give func(as []sim.ActorID)
	give = func(as []sim.ActorID) {
		if len(as) == alike {
			for i := alike; i < actors; i++ {
				as = append(as, sim.ActorID(i))
			}
			all = append(all, as)
			return
		}
		for name := range sim.ActorID(alike) {
			if !slices.Contains(as, name) {
				give(append(slices.Clone(as), name))
			}
		}
	}
	give(nil)
	return all
}

// orbits reports what everything reports, up to the names of actors that are alike.
type orbits struct {
	everything
	programs programs
	names    [][]sim.ActorID
}

// least is the first of what is told under all names.
func (j *orbits) least(tell func(as []sim.ActorID) string) string {
	var all []string
	for _, as := range j.names {
		all = append(all, tell(as))
	}
	return slices.Min(all)
}

// shows tells whether the result of an actor's operation is the owner of the lock.
func (j *orbits) shows(a sim.ActorID) bool {
	for _, in := range slices.Backward(j.programs[a]) {
		if in.verb != tiny.Write {
			return in.verb == tiny.Read && in.object == lockL
		}
	}
	return false
}

func (j *orbits) result(a sim.ActorID, r sim.Reply, as []sim.ActorID) int {
	if n := int(r.Code); n > 0 && n <= len(as) && j.shows(a) {
		return int(as[n-1]) + 1
	}
	return int(r.Code)
}

func renamed(all []sim.ActorID, as []sim.ActorID) (out []sim.ActorID) {
	for _, a := range all {
		out = append(out, as[a])
	}
	slices.Sort(out)
	return out
}

func (j *orbits) Observe(t *sim.Transition) []sim.Violation {
	if j.everything.Observe(t) == nil {
		return nil
	}
	return []sim.Violation{{Oracle: "result", Object: j.least(func(as []sim.ActorID) string {
		return fmt.Sprint(as[t.Actor], j.result(t.Actor, t.Result, as))
	}), Judging: true}}
}

func (j *orbits) AtRest(r *sim.Rest) []sim.Violation {
	vs := []sim.Violation{{Oracle: "end", Object: j.least(func(as []sim.ActorID) string {
		cells, _ := j.world.KeyAs(nil, as)
		order, _ := j.KeyAs(nil, as)
		return fmt.Sprint(cells, order, renamed(r.Blocked, as), renamed(r.Crashed, as))
	}), Judging: true}}
	if j.histories {
		vs = append(vs, sim.Violation{Oracle: "history", Object: j.least(func(as []sim.ActorID) string {
			return j.told(r.History, as)
		})})
	}
	return vs
}

// told is a history under other names, in canonical order.
func (j *orbits) told(h sim.History, as []sim.ActorID) string {
	h = slices.Clone(h)
	for i := range h {
		e := &h[i]
		e.Reply.Code = uint16(j.result(e.Actor, e.Reply, as))
		e.Actor = as[e.Actor]
		for k := i; k > 0 && h[k-1].Kind == h[k].Kind && h[k-1].Actor > h[k].Actor; k-- {
			h[k-1], h[k] = h[k], h[k-1]
		}
	}
	return fmt.Sprint(h)
}

// KeyAs is the order in which the operations ended, by other names.
func (j *orbits) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	dst = append(dst, byte(len(j.order)))
	for _, a := range j.order {
		dst = append(dst, byte(as[a]))
	}
	return dst, true
}

// About is when the actor's operation ended.
func (j *orbits) About(dst []byte, a sim.ActorID) []byte {
	return append(dst, byte(bytes.IndexByte(j.order, byte(a))))
}

// Commutes is false for two steps that end operations: their order is kept.
func (*orbits) Commutes(a, b *sim.Transition) bool { return !a.Last || !b.Last }
