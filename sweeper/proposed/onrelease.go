package proposed

import (
	"context"
	"slices"
	"strings"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Change is what is put into a release's own text: measures, and what they do not have.
type Change struct {
	Measures
	// PostponeMissed: a decide by id that misses the lock brings the message forward if there is one, where since
	// 3.31.2 it pushes one whatever became of the workflow.
	PostponeMissed bool
	// LockOperators: what an operator asks for is in one hold of the lock.
	LockOperators bool
	// FinalizeOnce: a decide of a workflow that has ended without success, and has no open task, tells no listener.
	FinalizeOnce bool
	// StartInDecide: whoever decides the parent starts its sub-workflows, as in 3.21.0 to 3.23.0.
	StartInDecide bool
	// LockParent: repair pushes a parent under the parent's lock, and not one that has ended.
	LockParent bool
}

// extra is a change beside the measures.
type extra struct {
	name string
	put  func(c *Change)
	has  func(c *Change) bool
	on   func(release string) bool
}

var extras = []extra{
	{"postpone-missed", func(c *Change) { c.PostponeMissed = true }, func(c *Change) bool { return c.PostponeMissed },
		among("conductor-3.31.2")},
	{"lock-operators", func(c *Change) { c.LockOperators = true }, func(c *Change) bool { return c.LockOperators },
		func(string) bool { return true }},
	{"finalize-once", func(c *Change) { c.FinalizeOnce = true }, func(c *Change) bool { return c.FinalizeOnce },
		func(string) bool { return true }},
	{"start-in-decide", func(c *Change) { c.StartInDecide = true }, func(c *Change) bool { return c.StartInDecide },
		among("conductor-3.14.0", "conductor-3.17.0", "conductor-3.31.2", "orkes-community")},
	{"lock-parent", func(c *Change) { c.LockParent = true }, func(c *Change) bool { return c.LockParent },
		func(string) bool { return true }},
}

func among(releases ...string) func(string) bool {
	return func(release string) bool { return slices.Contains(releases, release) }
}

// looksFirst are the releases whose sweep reads, or repairs, before it holds the lock. The others take it first.
var looksFirst = []string{"conductor-3.14.0", "conductor-3.17.0", "conductor-3.21.23"}

// removesFirst is the release whose completeWorkflow does not release.
const removesFirst = "conductor-3.21.15"

// Changes lists what can be put into a release: one thing, then two, then all; nil for an engine that is no release.
func Changes(release string) []Change {
	if _, ok := conductor.MethodsOf(release); !ok {
		return nil
	}
	var all []Change
	for _, m := range AllMeasures() {
		locks := m.LockFirst && !slices.Contains(looksFirst, release)
		if removes := m.RemoveFirst && release == removesFirst; !locks && !removes {
			all = append(all, Change{Measures: m})
		}
	}
	for _, x := range extras {
		for _, c := range all {
			if x.on(release) {
				x.put(&c)
				all = append(all, c)
			}
		}
	}
	most := len(all[len(all)-1].Names())
	all = slices.DeleteFunc(all, func(c Change) bool {
		n := len(c.Names())
		return n == 0 || n > 2 && n < most
	})
	slices.SortStableFunc(all, func(a, b Change) int { return len(a.Names()) - len(b.Names()) })
	return all
}

// Names are those of what is changed.
func (c Change) Names() []string {
	var names []string
	if c.Measures != (Measures{}) {
		names = strings.Split(c.Measures.String(), "+")
	}
	for _, x := range extras {
		if x.has(&c) {
			names = append(names, x.name)
		}
	}
	return names
}

// On is the release with the change, one of Changes. Its name is the release's with those of the change behind, joined
// by +.
//
//   - LockFirst: the sweep is that of Proposed.
//   - AtomicRepair: wherever a repair asks the queue for a task's message, and pushes if there is none, one step does
//     both. Tasks of the engine's own are repaired as before.
//   - RemoveFirst: completeWorkflow neither releases nor deletes the lock; nor does terminateWorkflow delete it where
//     it removes the decider message last, up to 3.21.
func (c Change) On(release string) sweeper.Engine {
	methods, ok := conductor.MethodsOf(release)
	if !ok {
		panic("proposed: no release " + release)
	}
	if release == measured {
		methods = c.on3170()
	} else {
		c.put(&methods, release)
	}
	c.putExtras(&methods)
	names := c.Names()
	e := conductor.New(release+"+"+strings.Join(names, "+"), release+" with "+strings.Join(names, ", "), methods)
	e.Memoisable = true
	e.Reconciler = conductor.ReconcilerOf(release)
	e.NeedsAtomicRepair = c.AtomicRepair
	if c.AtomicRepair && release != measured {
		e.New = repairsAtomically(e.New)
	}
	return e
}

// measured is the release whose text the measures are written in.
const measured = "conductor-3.17.0"

// put replaces methods of another release by those of the measures.
func (c Change) put(methods *conductor.Methods, release string) {
	if c.LockFirst {
		methods.Sweep = sweep
		if methods.Unack == nil {
			methods.Unack = conductor.Methods3170().Unack
		}
	}
	if c.RemoveFirst {
		methods.CompleteWorkflow = completeWorkflow
		if c.Terminates(release) {
			methods.TerminateModel = terminateModel
		}
	}
}

func (c Change) putExtras(methods *conductor.Methods) {
	if c.PostponeMissed {
		methods.Decide = decidePostponing
	}
	if c.LockOperators {
		lockOperations(methods)
	}
	if c.FinalizeOnce {
		finalizeOnce(methods)
	}
	if c.StartInDecide {
		methods.IsAsync = conductor.Methods3213().IsAsync
	}
	if c.LockParent {
		methods.EnsureInDecider = ensureInDeciderLocked
	}
}

// Terminates tells that terminateWorkflow(workflow, ...) of the release is among what the change replaces: it is where
// it has the text of 3.17.0.
func (c Change) Terminates(release string) bool {
	return c.RemoveFirst && slices.Contains(terminatesAs3170, release)
}

var terminatesAs3170 = []string{
	"conductor-3.14.0", "conductor-3.17.0", "conductor-3.21.3", "conductor-3.21.23", "orkes-community",
}

// EngineNamed gives a release with a change by its name; false if the name is none of those.
func EngineNamed(name string) (sweeper.Engine, bool) {
	release, _, _ := strings.Cut(name, "+")
	for _, c := range Changes(release) {
		if e := c.On(release); e.Name == name {
			return e, true
		}
	}
	return sweeper.Engine{}, false
}

// decidePostponing is decide(workflowId) of 3.31.2 with PostponeMissed.
func decidePostponing(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil {
		return nil, err
	}
	if !acquired {
		backoff := max(s.Settings.LockTimeToTry/2, 100)
		_, err = s.Ports.Queue.SetUnackTimeoutIfShorter(ctx, model.DeciderQueue, string(id), backoff)
		return nil, err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}

// repairsAtomically makes servers whose queue is atomicRepairs.
func repairsAtomically(whole func(sweeper.Ports, sweeper.Settings) sweeper.Server) func(
	sweeper.Ports, sweeper.Settings,
) sweeper.Server {
	return func(p sweeper.Ports, s sweeper.Settings) sweeper.Server {
		p.Queue = atomicRepairs{p.Queue, p.AtomicRepair}
		return whole(p, s)
	}
}

// atomicRepairs is a queue whose look for a task's message is the atomic repair: afterwards a SCHEDULED task has one.
type atomicRepairs struct {
	sweeper.QueueDAO
	repair sweeper.AtomicRepairer
}

// ContainsMessage repairs a worker's task. Of the decider queue, and of the queues of the engine's own tasks, it asks.
func (q atomicRepairs) ContainsMessage(ctx context.Context, queue, id string) (bool, error) {
	if queue == model.DeciderQueue || systemQueues[queue] {
		return q.QueueDAO.ContainsMessage(ctx, queue, id)
	}
	_, err := q.repair.RepairTask(ctx, model.TaskID(id), queue)
	return true, err
}

// systemQueues are the queues of the asynchronous tasks that the engine itself executes: repaired in progress too.
var systemQueues = map[string]bool{"JOIN": true, "SUB_WORKFLOW": true, "WAIT": true, "HUMAN": true}
