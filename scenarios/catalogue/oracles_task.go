package catalogue

import (
	"slices"
	"strconv"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// taskUnique judges every step that inserts a task row.
type taskUnique struct {
	memoryless
	tasks []*model.Task
}

func (o *taskUnique) observe(v *view) {
	if !v.e.TaskInserted || v.world.Status(v.e.Workflow) == 0 {
		return
	}
	o.tasks = v.world.Tasks(o.tasks[:0], v.e.Workflow)
	for i, t := range o.tasks {
		for _, u := range o.tasks[i+1:] {
			if t.Ref == u.Ref && t.RetryCount == u.RetryCount && t.Iteration == u.Iteration {
				v.report(t.Ref, "%s has %s twice, as %s and as %s", v.e.Workflow, t.Ref, t.ID, u.ID)
			}
		}
	}
}

// taskOnce follows the epochs of each task's message and who was handed a task outside one.
type taskOnce struct {
	in    *instance
	tasks []taskEpoch
	// start are the tasks at the start of every run; nil until the first.
	start []taskEpoch
	// wrong marks the actors whose poll in progress popped a message outside an epoch.
	wrong []bool
	// has are the tasks of the engine's own that are being executed, by actor; 0 is none.
	has []sim.Object

	scratch []taskEpoch
	wrongAs []bool
	hasAs   []sim.Object
}

// taskEpoch is what is known of one task's message.
type taskEpoch struct {
	task sim.Object
	// open allows one delivery; inFlight is a message delivered and not acknowledged; repaired is an
	// epoch that a repair opened before the task's own push.
	open, inFlight, repaired bool
	// stolen is a task of the engine's own that another has executed since it was popped.
	stolen bool
	// scheduled is a task that the operation in progress has made and pushed: it pushes it once.
	scheduled bool
}

// unknown tells that there is nothing to know of the task.
func (e *taskEpoch) unknown() bool {
	return !e.open && !e.inFlight && !e.repaired && !e.stolen && !e.scheduled
}

func newTaskOnce(in *instance) *taskOnce {
	return &taskOnce{in: in, wrong: make([]bool, 64), has: make([]sim.Object, 64)}
}

func (o *taskOnce) reset() {
	clear(o.wrong)
	clear(o.has)
	if o.start != nil {
		o.tasks = append(o.tasks[:0], o.start...)
		return
	}
	o.tasks = o.tasks[:0]
	for _, id := range o.in.world.Workflows() {
		wf, _ := o.in.world.Workflow(id)
		for _, t := range wf.Tasks {
			if repairable(t) && o.in.world.Queued(t.QueueName(), string(t.ID)) {
				o.of(o.in.world.Object(string(t.ID))).open = true
			}
		}
	}
	o.start = append([]taskEpoch{}, o.tasks...)
}

func (o *taskOnce) of(task sim.Object) *taskEpoch {
	for i := range o.tasks {
		if o.tasks[i].task == task {
			return &o.tasks[i]
		}
	}
	at, _ := slices.BinarySearchFunc(
		o.tasks,
		task,
		func(e taskEpoch, t sim.Object) int { return int(e.task) - int(t) },
	)
	o.tasks = slices.Insert(o.tasks, at, taskEpoch{task: task})
	return &o.tasks[at]
}

func (o *taskOnce) observe(v *view) {
	s := v.t.Step
	if s == nil {
		for a := range o.in.cast.actors {
			if v.killed(sim.ActorID(a)) {
				o.wrong[a] = false
				o.makesNoMore(sim.ActorID(a))
			}
		}
		return
	}
	o.visibleAgain(v)
	if v.t.Op == nil {
		return
	}
	if v.e.Queue != 0 && v.world.ObjectName(v.e.Queue) != model.DeciderQueue {
		o.moved(v, callOf(s), s.Call != 0)
	}
	if v.t.Op.Verb == opSystemTasks {
		o.executed(v)
	}
	if v.t.Last {
		o.handedOut(v)
		o.makesNoMore(v.t.Actor)
	}
}

// makesNoMore notes that the actor's operation is over: nothing that it has made will be pushed as new.
func (o *taskOnce) makesNoMore(a sim.ActorID) {
	for i := range o.tasks {
		if e := &o.tasks[i]; e.scheduled && o.in.world.Maker(e.task) == a {
			e.scheduled = false
		}
	}
}

// moved follows a step of a task's queue, which may be a part of its call.
func (o *taskOnce) moved(v *view, call sweeper.Verb, part bool) {
	switch call {
	case sweeper.QueuePush, sweeper.QueuePushMillis, sweeper.QueuePushIfNotExists, sweeper.RepairTask:
		o.pushed(v)
	case sweeper.QueuePostpone:
		if v.e.Pushed {
			e := o.of(v.e.Message)
			e.open, e.inFlight = true, false
		}
	case sweeper.QueuePop:
		for _, task := range v.e.Delivered {
			o.delivered(v, task)
		}
	case sweeper.QueueAck, sweeper.QueueRemove:
		if !part || v.e.Removed {
			e := o.of(v.e.Message)
			e.open, e.inFlight = false, false
		}
	}
}

// pushed opens an epoch for the push of scheduleTask, and for a repair's if it was right.
func (o *taskOnce) pushed(v *view) {
	if !v.e.Pushed {
		return
	}
	e := o.of(v.e.Message)
	e.inFlight = false
	switch {
	case o.scheduling(v):
		e.open = e.open || !e.repaired && !e.scheduled
		e.repaired, e.scheduled = false, true
	case v.e.TaskStatus == model.TaskScheduled && !v.e.WasPresent:
		e.open, e.repaired = true, true
	case o.lost(v):
		e.open = true
	}
}

// scheduling tells whether the operation that pushes is the one that made the task: its name says so.
func (o *taskOnce) scheduling(v *view) bool {
	name, ok := strings.CutSuffix(v.world.ObjectName(v.e.Message), strconv.Itoa(v.t.OpNumber+1))
	if ok {
		name, ok = strings.CutSuffix(name, ".")
	}
	if ok {
		name, ok = strings.CutSuffix(name, v.actor())
	}
	return ok && strings.HasSuffix(name, "@")
}

func (o *taskOnce) delivered(v *view, task sim.Object) {
	e := o.of(task)
	if !e.open {
		o.wrong[v.t.Actor] = true
	}
	e.open, e.inFlight = false, true
	if v.t.Op.Verb == opSystemTasks {
		o.has[v.t.Actor] = task
	}
}

func (o *taskOnce) handedOut(v *view) {
	wrong := &o.wrong[v.t.Actor]
	if *wrong && v.t.Op.Verb == opPoll && v.t.Result.Object != 0 {
		name := v.world.ObjectName(v.t.Result.Object)
		v.report(name, "%s was handed out again, to %s, by a message of no epoch of its own", name, v.actor())
	}
	*wrong = false
}

func (o *taskOnce) visibleAgain(v *view) {
	for _, task := range v.e.Visible {
		if e := o.of(task); e.inFlight {
			e.open, e.inFlight = true, false
		}
	}
}

func (o *taskOnce) save(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, 0)
	for _, e := range o.tasks {
		if e.unknown() {
			continue
		}
		dst[at]++
		dst = append(dst, byte(e.task), byte(e.task>>8), flags(e.open, e.inFlight, e.repaired, e.stolen, e.scheduled))
	}
	for i := range o.in.cast.actors {
		dst = append(dst, flags(o.wrong[i], o.has[i] != 0))
		if o.has[i] != 0 {
			dst = append(dst, byte(o.has[i]), byte(o.has[i]>>8))
		}
	}
	return dst
}

func (o *taskOnce) load(src []byte) []byte {
	n := int(src[0])
	src = src[1:]
	o.tasks = o.tasks[:0]
	for range n {
		o.tasks = append(o.tasks, taskEpoch{
			task: sim.Object(src[0]) | sim.Object(src[1])<<8,
			open: src[2]&1 != 0, inFlight: src[2]&2 != 0, repaired: src[2]&4 != 0, stolen: src[2]&8 != 0,
			scheduled: src[2]&16 != 0,
		})
		src = src[3:]
	}
	for i := range o.in.cast.actors {
		has := src[0]&2 != 0
		o.wrong[i], o.has[i], src = src[0]&1 != 0, 0, src[1:]
		if has {
			o.has[i], src = sim.Object(src[0])|sim.Object(src[1])<<8, src[2:]
		}
	}
	return src
}

func flags(bits ...bool) byte {
	var b byte
	for i, set := range bits {
		if set {
			b |= 1 << i
		}
	}
	return b
}

func (o *taskOnce) atRest(*view) {}
