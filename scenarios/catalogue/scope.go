package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fermata/model"
	"fermata/sim/world"
)

// Scope is how far a search goes: everything that is bounded, said with every verdict.
type Scope struct {
	Sweepers int // sweepers, each on a server of its own
	Sweeps   int // runs of the reconciler, for each sweeper
	Advances int // advances of the clock
	Faults   int // what is injected, into those whom the scenario lets be hit: sweepers, if it says nothing else
	// Workflows and Tasks size a scenario that says Tasks of itself: workflows, each with a worker and a definition of
	// its own, and tasks of each. 0 is the scenario's own: one workflow, and its tasks.
	Workflows, Tasks int
	// Redelivered starts where each sweeper has popped each workflow's message already. It does not ask the queue: it
	// sweeps one workflow after the other, Sweeps times each.
	Redelivered bool
	// Kinds are what Faults may be spent on; 0 is a crash.
	Kinds Kinds
	// Deadlines are those that may fire when the clock advances; 0 is the scenario's own.
	Deadlines Deadlines
	// Remedy is what an operator does beside the engine, and Period the seconds between two state audits; 0 is
	// remedy.PeriodDefault.
	Remedy Remedies
	Period int
	Whole
}

// Kinds is a set of kinds of faults.
type Kinds uint8

// The kinds, as docs/faults.md tells them.
const (
	Crashes      Kinds = 1 << iota // a server dies
	Errors                         // a call of store, queue or listener fails, before or after its effect
	Restarts                       // a server dies and is there again
	LostReplies                    // a call of store, queue or listener fails after its effect
	LockErrors                     // the lock service throws
	LocksIgnored                   // it does, and ignoreLockingExceptions is set
	Redeliveries                   // a message that was delivered, and not acknowledged, is due again
	Pauses                         // someone who holds a lock stands still until its lease is over
)

// Deadlines is a set of kinds of deadlines; NoDeadline is the empty one.
type Deadlines uint8

// The kinds, as world.Deadlines has them.
const (
	Visibility Deadlines = 1 << iota
	DeadLease
	LivingLease
	Timeouts
	NoDeadline
)

// In a scope's text the words of a set are joined by +.
var (
	kindWords = []string{
		"crash", "error", "restart", "lost-reply", "lock-error", "lock-ignored", "redeliver", "pause",
	}
	deadlineWords = []string{"visibility", "dead-lease", "living-lease", "timeouts", "none"}
)

// The bounds of a scope's figures.
const (
	scopeMax = 30
	sizeMax  = 9
)

// scopeWords is what ParseScope reads.
const scopeWords = "sweepers=N, sweeps=N, advance=N or faults=N, N from 0 to 30; " +
	"workflows=N or tasks=N, N from 1 to 9; redelivered=0 or 1; kinds=crash+error+restart+lost-reply+" +
	"lock-error+lock-ignored+redeliver+pause; " +
	"deadlines=visibility+dead-lease+living-lease+timeouts or none; remedy=audit+remove+tasks+interval; or " +
	"period=N, N from 1 to 3600; " + wholeWords

// String gives the scope as schedules and reports write it: the figures that every scope has, and of the others those
// that are not the scenario's own.
func (s Scope) String() string { return fmt.Sprintf("sweepers=%d %s", s.Sweepers, s.rest()) }

// rest is the scope without its sweepers.
func (s Scope) rest() string {
	text := fmt.Sprintf("sweeps=%d advance=%d faults=%d", s.Sweeps, s.Advances, s.Faults)
	add := func(written bool, format string, value any) {
		if written {
			text += fmt.Sprintf(format, value)
		}
	}
	add(s.Workflows > 1, " workflows=%d", s.Workflows)
	add(s.Tasks > 0, " tasks=%d", s.Tasks)
	add(s.Redelivered, " redelivered=%d", 1)
	add(s.Workflows > 1 && !s.Redelivered, " redelivered=%d", 0)
	add(s.Kinds != 0, " kinds=%s", words(kindWords, uint8(s.Kinds)))
	add(s.Deadlines != 0, " deadlines=%s", words(deadlineWords, uint8(s.Deadlines)))
	add(s.Remedy != 0, " remedy=%s", words(remedyWords, uint8(s.Remedy)))
	add(s.Period != 0, " period=%d", s.Period)
	return text + s.Whole.String()
}

func words(all []string, set uint8) string {
	var in []string
	for i, word := range all {
		if set&(1<<i) != 0 {
			in = append(in, word)
		}
	}
	return strings.Join(in, "+")
}

// setOf reads what words writes; 0 if it is no set of the words.
func setOf(all []string, text string) (set uint8) {
	for _, word := range strings.Split(text, "+") {
		i := slices.Index(all, word)
		if i < 0 || set&(1<<i) != 0 {
			return 0
		}
		set |= 1 << i
	}
	return set
}

// ParseScope changes the figures that the text names, as in "sweepers=1 advance=0". Several workflows are redelivered
// unless the text says redelivered=0: with one message each the queue gives no two sweepers the same one while the
// time stands still.
func ParseScope(text string, s Scope) (Scope, error) {
	own, redelivered := s, -1
	workflows := max(s.Workflows, 1)
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		key, value, _ := strings.Cut(word, "=")
		n, err := strconv.Atoi(value)
		figure := func(to *int, least, most int) bool {
			*to = n
			return err == nil && n >= least && n <= most
		}
		ok := false
		switch key {
		case "sweepers":
			ok = figure(&s.Sweepers, 0, scopeMax)
		case "sweeps":
			ok = figure(&s.Sweeps, 0, scopeMax)
		case "advance":
			ok = figure(&s.Advances, 0, scopeMax)
		case "faults":
			ok = figure(&s.Faults, 0, scopeMax)
		case "workflows":
			ok = figure(&workflows, 1, sizeMax)
		case "tasks":
			ok = figure(&s.Tasks, 1, sizeMax)
		case "redelivered":
			ok = figure(&redelivered, 0, 1)
		case "kinds":
			s.Kinds = Kinds(setOf(kindWords, value))
			ok = s.Kinds != 0
		case "deadlines":
			s.Deadlines = Deadlines(setOf(deadlineWords, value))
			ok = s.Deadlines != 0 && (s.Deadlines&NoDeadline == 0 || s.Deadlines == NoDeadline)
		case "remedy":
			s.Remedy = Remedies(setOf(remedyWords, value))
			ok = s.Remedy != 0
		case "period":
			ok = figure(&s.Period, 1, periodMax)
		default:
			ok = s.Whole.read(key, value)
		}
		if !ok {
			return own, fmt.Errorf("scope %q: expected %s", word, scopeWords)
		}
	}
	return s.completed(workflows, redelivered), nil
}

// completed puts in what follows from what was said; redelivered is -1 if nothing was said of it.
func (s Scope) completed(workflows, redelivered int) Scope {
	switch {
	case redelivered >= 0:
		s.Redelivered = redelivered == 1
	case workflows != max(s.Workflows, 1):
		s.Redelivered = workflows > 1
	}
	if s.Workflows = workflows; workflows == 1 {
		s.Workflows = 0
	}
	if s.Kinds == Crashes {
		s.Kinds = 0
	}
	s.Whole = s.Whole.plain()
	return s
}

// may tells whether the budget of faults may be spent on the kind.
func (s Scope) may(k Kinds) bool {
	return s.Faults > 0 && (s.Kinds&k != 0 || s.Kinds == 0 && k == Crashes)
}

// fits gives the scope as the scenario has it, or refuses a figure that the scenario cannot have.
func (s *Scenario) fits(sc Scope) (Scope, error) {
	if sc.Tasks == s.Tasks {
		sc.Tasks = 0
	}
	if sc.Deadlines != 0 && sc.Deadlines.world() == s.Deadlines {
		sc.Deadlines = 0
	}
	refuse := func(why string) (Scope, error) { return sc, fmt.Errorf("scope %q: %s %s", sc, s.Name, why) }
	switch {
	case s.Tasks == 0 && (sc.Workflows > 1 || sc.Tasks > 0):
		return refuse("has one workflow, with tasks of its own: expected no workflows=N or tasks=N")
	case sc.Faults == 0 && sc.Kinds != 0:
		return refuse("would have kinds of faults and no fault: expected faults=N, or no kinds=")
	case sc.unfit() != "":
		return refuse(sc.unfit())
	case s.unfitWhole(sc) != "":
		return refuse(s.unfitWhole(sc))
	}
	return sc, nil
}

// world is the set as the world has it.
func (d Deadlines) world() world.Deadlines {
	return world.Deadlines{
		MessageVisibility: d&Visibility != 0, DeadOwnerLease: d&DeadLease != 0,
		LivingOwnerLease: d&LivingLease != 0, TaskTimeouts: d&Timeouts != 0,
	}
}

// deadlines are those that may fire in the case.
func (c *Case) deadlines() world.Deadlines {
	if c.Scope.Deadlines != 0 {
		return c.Scope.Deadlines.world()
	}
	return c.Scenario.Deadlines
}

// workflows names the workflows of the case.
func (c *Case) workflows() []model.WorkflowID {
	ids := []model.WorkflowID{w1}
	for n := 2; n <= c.Scope.Workflows; n++ {
		ids = append(ids, model.WorkflowID(fmt.Sprintf("w%d", n)))
	}
	return ids
}

// sized tells whether the scope sizes the scenario.
func (c *Case) sized() bool { return c.Scope.Workflows > 1 || c.Scope.Tasks > 0 }

// refs are the references, and the queues, of a workflow's tasks: t1, t2 of w1, w2.t1, w2.t2 of w2; b1_t1, b1_t2, b2_t1
// in branches.
func (c *Case) refs(id model.WorkflowID) []string {
	count := c.Scope.Tasks
	if count == 0 {
		count = c.Scenario.Tasks
	}
	if c.Scope.Branches > 0 {
		return branched(c.Scope.Branches, count)
	}
	var refs []string
	for n := 1; n <= count; n++ {
		ref := fmt.Sprintf("t%d", n)
		if id != w1 {
			ref = string(id) + "." + ref
		}
		refs = append(refs, ref)
	}
	return refs
}

// definitions are the scenario's, or those that its scope asks for: one for each workflow.
func (c *Case) definitions() []model.WorkflowDef {
	if c.Scenario.Whole {
		return []model.WorkflowDef{c.whole()}
	}
	if !c.sized() {
		return c.Scenario.Definitions
	}
	var defs []model.WorkflowDef
	for _, id := range c.workflows() {
		defs = append(defs, simple("of "+string(id), c.refs(id)...))
	}
	return defs
}

// start sets up the state before the race.
func (c *Case) start(w *world.World) {
	if c.sized() && !c.Scenario.Whole {
		for _, id := range c.workflows() {
			begunAs(w, id, "of "+string(id), c.refs(id)[0], model.TaskInProgress)
		}
	} else {
		c.Scenario.Start(w)
	}
	if !c.Scope.Redelivered {
		return
	}
	for _, id := range c.workflows() {
		w.PutMessage(model.DeciderQueue, string(id), 0, model.Millis(w.UnackTime()))
	}
}
