package load

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"fermata/scenarios/catalogue"
	"fermata/sim"
)

// Life is everything that happened to one workflow in which something went wrong, in the order of its steps.
type Life struct {
	Setup    *Setup
	Workflow int64 // number in its run, from 0
	What     string
	Steps    []catalogue.LifeStep
}

// moment is one step of a life as it is recorded.
type moment struct {
	at    int64
	kind  kind
	who   thread
	by    int // tells apart who has a thread that nobody meets again
	op    int
	queue string
	slot  sim.ActorID
	step  sim.Step
	reply sim.Reply
}

// oddities are what goes wrong in a workflow, the worst first.
var oddities = []string{stuck, reopened, listenerTwice}

const (
	stuck         = "stuck"
	reopened      = "reopened"
	listenerTwice = "listener told twice"
)

// compareLives puts the worst first, and of those that are as bad the first.
func compareLives(a, b Life) int {
	return cmp.Or(
		cmp.Compare(slices.Index(oddities, a.What), slices.Index(oddities, b.What)),
		cmp.Compare(a.Setup.Seed, b.Setup.Seed), cmp.Compare(a.Workflow, b.Workflow),
	)
}

// worst are the lives of which no more than n others are worse, in that order.
func worst(lives []Life, n int) []Life {
	slices.SortStableFunc(lives, compareLives)
	return lives[:min(n, len(lives))]
}

// note records a step, if lives are asked for.
func (s *shard) note(p *play, step *sim.Step, r sim.Reply, at int64) {
	if s.lab.setup.Cutout > 0 {
		s.told.moments = append(s.told.moments,
			moment{at, p.kind, p.who, p.by, p.pos, p.queue, p.slot, *step, r})
	}
}

// keep keeps the life of a workflow in which something went wrong, as far as it went: once, by the worst that did, and
// if no more than Setup.Cutout are worse.
func (l *lab) keep(s *shard, what string) {
	most := l.setup.Cutout
	if most == 0 {
		return
	}
	life := Life{Setup: l.setup, Workflow: s.number, What: what}
	if i := slices.IndexFunc(l.lives, func(o Life) bool { return o.Workflow == s.number }); i >= 0 {
		if compareLives(life, l.lives[i]) >= 0 {
			return
		}
		l.lives = slices.Delete(l.lives, i, i+1)
	}
	if len(l.lives) >= most && compareLives(life, l.lives[most-1]) > 0 {
		return
	}
	// A look at the clock is taken when the reply before it comes, and recorded before what happens until then.
	slices.SortStableFunc(s.told.moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	for i := range s.told.moments {
		life.Steps = append(life.Steps, s.lifeStep(&s.told.moments[i]))
	}
	l.lives = worst(append(l.lives, life), most)
}

var lifeOps = [kinds]catalogue.LifeOp{
	startWorkflow: catalogue.LifeStart, pollTask: catalogue.LifePoll, reportTask: catalogue.LifeUpdate,
	systemTasks: catalogue.LifeSystem, sweep: catalogue.LifeSweep, audit: catalogue.LifeAudit,
	processUnacks: catalogue.LifeUnacks,
}

func (s *shard) lifeStep(m *moment) catalogue.LifeStep {
	step := catalogue.LifeStep{
		Op: m.op, Do: lifeOps[m.kind], Queue: m.queue, At: time.Duration(m.at - s.birth),
		LifeAct: catalogue.LifeActOf(s.world, m.slot, &m.step, m.reply),
	}
	switch m.kind {
	case pollTask, reportTask, systemTasks:
		step.Actor = fmt.Sprintf("worker %d", m.by)
	case sweep:
		step.Actor = fmt.Sprintf("sweeper %d.%d", m.who.server+1, m.who.number)
	case startWorkflow:
		step.Actor = "client"
	case audit:
		step.Actor = "audit"
	case processUnacks:
		step.Actor = "unacks"
	}
	return step
}

// Cut makes a schedule of the life in the scenario of whole lives: see catalogue.Cut. It is of what went wrong or,
// where that does not show there, of the first violation. Errors tell why the life cannot be followed there, or that
// it violates nothing that is judged.
func (l *Life) Cut() (*catalogue.Finding, error) {
	e, parts := l.Setup.Engine, l.Setup.Parts
	if !l.Setup.Settings.LockEnabled {
		parts.Lock = "disabled"
	}
	c, err := catalogue.NewCase("whole-life", e.Name, l.Setup.scope(), e)
	if err != nil {
		return nil, err
	}
	if c, err = c.On(parts); err != nil {
		return nil, err
	}
	f, err := catalogue.Cut(c, l.Steps, oraclesOf[l.What]...)
	var none *catalogue.LifeError
	if errors.As(err, &none) {
		return catalogue.Cut(c, l.Steps)
	}
	return f, err
}

// scope is what a whole life's scope says of the setup.
func (s *Setup) scope() string {
	shape := &s.Shape
	scope := fmt.Sprintf("tasks=%d", shape.Tasks)
	add := func(written bool, format string, value any) {
		if written {
			scope += fmt.Sprintf(format, value)
		}
	}
	add(shape.Branches > 0, " branches=%d", shape.Branches)
	add(shape.ResponseTimeout > 0, " response=%d", shape.ResponseTimeout)
	add(shape.Retries > 0 && (shape.ResponseTimeout > 0 || shape.Failures > 0), " retries=%d", shape.Retries)
	add(s.Settings.RepairServiceEnabled, " repair=%d", 1)
	if s.Audit.Period > 0 {
		remedy := "audit"
		if s.Audit.Remove {
			remedy += "+remove"
		}
		if s.Audit.Tasks {
			remedy += "+tasks"
		}
		scope += fmt.Sprintf(" remedy=%s period=%d", remedy, s.Audit.Period)
	}
	return scope
}

// oraclesOf judge what went wrong; whatever else was violated before is another story.
var oraclesOf = map[string][]string{
	stuck:         {"terminal-stays", "first-terminal-wins", "running-is-queued", "progress", "bounded-completion"},
	reopened:      {"terminal-stays", "first-terminal-wins"},
	listenerTwice: {"listener-once"},
}
