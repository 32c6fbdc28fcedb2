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
}

// The names of the changes beside those of the measures.
const (
	postponeMissed = "postpone-missed"
	operatorsLock  = "lock-operators"
)

// looksFirst are the releases whose sweep reads, or repairs, before it holds the lock. The others take it first.
var looksFirst = []string{"conductor-3.14.0", "conductor-3.17.0", "conductor-3.21.23"}

// removesFirst is the release whose completeWorkflow does not release.
const removesFirst = "conductor-3.21.15"

// pushesMissed are the releases whose decide pushes a workflow whose lock it missed.
var pushesMissed = []string{"conductor-3.31.2"}

// Changes lists what can be put into a release, the fewest first; nil for an engine that is no release.
func Changes(release string) []Change {
	if _, ok := conductor.MethodsOf(release); !ok {
		return nil
	}
	var all []Change
	for _, m := range AllMeasures()[1:] {
		locks := m.LockFirst && !slices.Contains(looksFirst, release)
		if removes := m.RemoveFirst && release == removesFirst; !locks && !removes {
			all = append(all, Change{Measures: m})
		}
	}
	with := func(put func(*Change)) {
		for _, c := range append([]Change{{}}, all...) {
			put(&c)
			all = append(all, c)
		}
	}
	if slices.Contains(pushesMissed, release) {
		with(func(c *Change) { c.PostponeMissed = true })
	}
	with(func(c *Change) { c.LockOperators = true })
	slices.SortStableFunc(all, func(a, b Change) int { return len(a.Names()) - len(b.Names()) })
	return all
}

// Names are those of what is changed.
func (c Change) Names() []string {
	var names []string
	if c.Measures != (Measures{}) {
		names = strings.Split(c.Measures.String(), "+")
	}
	if c.PostponeMissed {
		names = append(names, postponeMissed)
	}
	if c.LockOperators {
		names = append(names, operatorsLock)
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
	if c.PostponeMissed {
		methods.Decide = decidePostponing
	}
	if c.LockOperators {
		operatorsOnRelease(&methods)
	}
	names := c.Names()
	e := conductor.New(release+"+"+strings.Join(names, "+"), release+" with "+strings.Join(names, ", "), methods)
	e.Memoisable = true
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
