package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// lifeFollower is one run of a case along a life.
type lifeFollower struct {
	c    *Case
	p    *lifePlan
	in   *instance
	m    *sim.Machine
	seen *replayed
	open []sim.Choice
	// sooner are steps of the life before which time passes that none of them needs itself: so often.
	sooner map[int]int
	// followed are the steps that were, advances how often the time moved on, and why what did not fit.
	followed, advances int
	why                *LifeError
}

// soonerMax bounds how often the time moves on before a look at the clock.
const soonerMax = 3

// follow takes the steps of the life, as long as they fit, and then goes on to the end of the run. How often time
// passes shows in a first run, and is then the scope.
func (p *lifePlan) follow(leases Deadlines) (*lifeFollower, error) {
	scope := p.scope
	scope.Deadlines = Visibility | leases
	if scope.Response > 0 {
		scope.Deadlines |= Timeouts
	}
	first, err := p.mended(scope)
	if err != nil || first.why != nil || first.followed < len(p.life) {
		return first, err
	}
	scope.Advances = first.advances
	again, err := p.along(scope, first.sooner)
	if err != nil || again.why == nil {
		return again, err
	}
	return first, nil
}

// mended is along with time that passes before looks at the clock, where what follows such a look does not fit.
func (p *lifePlan) mended(scope Scope) (*lifeFollower, error) {
	best, err := p.along(scope, map[int]int{})
	if err != nil {
		return nil, err
	}
	for best.why != nil && scope.Deadlines&Timeouts != 0 {
		look := p.lookBefore(best.why.Step - 1)
		if look < 0 || best.sooner[look] >= soonerMax {
			break
		}
		sooner := map[int]int{look: 1}
		for at, n := range best.sooner { //tidy:unordered copying
			sooner[at] += n
		}
		next, err := p.along(scope, sooner)
		if err != nil {
			return nil, err
		}
		if next.why != nil && next.why.Step <= best.why.Step {
			break
		}
		best = next
	}
	return best, nil
}

// lookBefore is the last look at the clock before a step, of the same operation; -1 if there is none.
func (p *lifePlan) lookBefore(step int) int {
	for i := step; i >= 0; i-- {
		if p.of[i] == p.of[step] && p.life[i].Verb == sweeper.EnvNow {
			return i
		}
	}
	return -1
}

// along is one run.
func (p *lifePlan) along(scope Scope, sooner map[int]int) (*lifeFollower, error) {
	c := *p.c
	var err error
	if c.Scope, err = c.Scenario.fits(scope.completed(1, 0)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	in := c.instance()
	f := &lifeFollower{c: &c, p: p, in: in, m: sim.New(in.system), seen: &replayed{in: in}, sooner: sooner}
	defer f.m.Close()
	f.m.Reset()
	for f.why == nil && f.followed < len(p.life) && f.step(f.followed) {
		f.followed++
	}
	if f.why == nil {
		explore.Finish(f.m, func(vs []sim.Violation) { f.seen.keep(f.m, vs, false) })
		f.seen.keep(f.m, f.m.AtRest(), true)
	}
	if failure := f.m.Failure(); failure != nil {
		return nil, failure
	}
	return f, nil
}

// outcome is the first wanted violation, or why there is none.
func (f *lifeFollower) outcome(wanted []string) (*explore.Find, error) {
	if f.why != nil {
		return nil, f.why
	}
	for i, find := range f.seen.finds {
		v := find.Violation
		if v.Judging && (len(wanted) == 0 || slices.Contains(wanted, v.Oracle)) {
			return &f.seen.finds[i], nil
		}
	}
	what := "what judges " + f.c.Scenario.Name
	if len(wanted) > 0 {
		what = strings.Join(wanted, " or ")
	}
	return nil, &LifeError{Why: fmt.Sprintf("was followed for %d steps of %d on %s (%s), and %s was not violated",
		f.followed, len(f.p.life), f.c.Engine.Name, f.c.Scope, what)}
}

// step takes one step of the life; false if it does not fit, or if the time cannot move on as far as it needs.
func (f *lifeFollower) step(i int) bool {
	s := &f.p.life[i]
	if s.Do == LifeUnacks || s.Verb == sweeper.EnvJitter && f.c.Scope.Advances == 0 {
		return true // the queue's thread runs when it is needed, and without time there is no jitter
	}
	for range f.sooner[i] {
		if f.m.Left().Advances == 0 {
			return false
		}
		f.pass()
	}
	id := f.in.system.Named(f.p.actor[f.p.of[i]])
	if !f.offered(i, id) {
		return false
	}
	c := sim.Choice{Actor: id, Alt: f.alternative(id, s)}
	got := f.probe(c)
	for !got.answers(s) && s.waits() {
		if f.m.Left().Advances == 0 {
			return false
		}
		if !f.pass() {
			break
		}
		got = f.probe(c)
	}
	if !got.answers(s) {
		return f.differs(i, fmt.Sprintf("was answered %q to %q, the scenario's %s is answered %q",
			s.Reply, s.Text, f.in.actorName(id), got.Reply))
	}
	f.take(c)
	return true
}

// offered tells whether the actor is about to take the step.
func (f *lifeFollower) offered(i int, id sim.ActorID) bool {
	s, name := &f.p.life[i], f.p.actor[f.p.of[i]]
	if id == sim.Nobody || f.m.Pending(id) == nil {
		return f.differs(i, fmt.Sprintf("did %q, the scenario's %s has nothing left to do", s.Text, name))
	}
	text := f.in.world.StepText(id, f.m.Pending(id))
	op, first := f.m.PendingOp(id)
	switch {
	case op.Verb != lifeOps[s.Do].verb || first != (f.p.ops[f.p.of[i]].first == i):
		return f.differs(i, fmt.Sprintf("did %q of a %s, the scenario's %s is at %q of %s",
			s.Text, s.Do, name, text, operationName(op.Verb)))
	case sweeper.Verb(f.m.Pending(id).Verb) != s.Verb || role(text) != role(s.Text):
		return f.differs(i, fmt.Sprintf("did %q, the scenario's %s offers %q", s.Text, name, text))
	}
	return true
}

func (f *lifeFollower) differs(i int, why string) bool {
	f.why = &LifeError{Step: i + 1, At: &f.p.life[i], Why: why}
	return false
}

// answers tells whether an act has the answer of the life's. What time it is, and by how much one is moved, may differ.
func (a LifeAct) answers(s *LifeStep) bool {
	timed := s.Verb == sweeper.EnvNow || s.Verb == sweeper.EnvJitter
	return a.Code == s.Code && (timed || role(a.Reply) == role(s.Reply))
}

// waits tells whether the step may have come to its answer because time had passed: a message was due, a lease over.
func (s *LifeStep) waits() bool {
	given := s.Code == replyDone && s.Reply != "nothing"
	return given && (s.Call == sweeper.QueuePop || s.Call == sweeper.LockAcquire)
}

// alternative is the reply nearest to the recorded one, of those that are open.
func (f *lifeFollower) alternative(id sim.ActorID, s *LifeStep) (alt uint8) {
	w, step := f.in.world, f.m.Pending(id)
	distance := func(alt int) int64 {
		d := w.AltReply(id, step, alt).N - s.N
		return max(d, -d)
	}
	for n := 1; n < w.Alternatives(id, step, f.m.Left().Advances); n++ {
		if distance(n) < distance(int(alt)) {
			alt = uint8(n)
		}
	}
	return alt
}

// probe is what the choice would be answered.
func (f *lifeFollower) probe(c sim.Choice) LifeAct {
	w, step := f.in.world, f.m.Pending(c.Actor)
	before := w.Save(nil)
	act := LifeActOf(w, c.Actor, step, w.Apply(c.Actor, step, int(c.Alt)))
	w.Load(before)
	return act
}

// pass lets time pass to the next deadline, and the queue's own thread run, if it has one; false if none is left.
func (f *lifeFollower) pass() bool {
	clock := sim.Choice{Actor: sim.Clock}
	if f.open = f.m.Choices(f.open[:0]); !slices.Contains(f.open, clock) {
		return false
	}
	f.advances++
	f.take(clock)
	id := f.in.system.Named("unacks")
	for range len(f.in.cast.queues()) {
		for first := true; id != sim.Nobody && f.m.Pending(id) != nil; first = false {
			if _, opens := f.m.PendingOp(id); opens && !first {
				break
			}
			f.take(sim.Choice{Actor: id})
		}
	}
	return true
}

func (f *lifeFollower) take(c sim.Choice) { f.seen.keep(f.m, f.m.Take(c), false) }

// figures are words that say how much: times, tokens and counts; makers the ends of ids that say who made a task.
var (
	figures = regexp.MustCompile(`^(token=|[+-])?\d+(ms|s)?$`)
	makers  = regexp.MustCompile(`@[^@]*?(\.\d+)+`)
)

// role is a text without what differs between two runs of the same: who made a task, and when.
func role(text string) string {
	var words []string
	for _, word := range strings.Fields(makers.ReplaceAllString(text, "")) {
		if !figures.MatchString(word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
