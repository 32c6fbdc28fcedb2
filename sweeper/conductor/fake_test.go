package conductor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fermata/model"
	"fermata/sweeper"
)

// fake is every port in memory, one call after the other. It records each call in the words of
// sweeper.PortCalls, with its answer.
type fake struct {
	trace     []string
	now       model.Millis
	owner     string // of the one lock there is
	holds     int
	queues    map[string][]message
	workflows map[model.WorkflowID]model.WorkflowRecord
	tasks     []model.Task
	loose     map[model.TaskID]bool // inserted by updateTask alone
	defs      map[string]*model.WorkflowDef
	failures  map[string]string // call, then "before" or "after"
	hooks     map[string]func() // run once, before the call
}

type message struct {
	id  string
	due model.Millis
}

type actorKey struct{}

func as(actor string) context.Context {
	return context.WithValue(context.Background(), actorKey{}, actor)
}

// hidden is how long a popped message stays away; begin is where the clock starts, above 0, which the
// engine takes for a time that was never set.
const (
	hidden model.Millis = 30_000
	begin  model.Millis = 1_000_000
)

func newFake() *fake {
	return &fake{
		now:    begin,
		queues: map[string][]message{}, workflows: map[model.WorkflowID]model.WorkflowRecord{},
		defs:     map[string]*model.WorkflowDef{},
		failures: map[string]string{}, hooks: map[string]func(){}, loose: map[model.TaskID]bool{},
	}
}

func (f *fake) ports() sweeper.Ports {
	return sweeper.Ports{
		Lock: f, Queue: f, Execution: f, Listener: f, Metadata: f, Env: f, AtomicRepair: f,
	}
}

// call records the call; effect runs unless a failure is due before it.
func (f *fake) call(verb sweeper.Verb, args []any, effect func() string) error {
	words := make([]string, 0, 1+len(args))
	words = append(words, verb.String())
	for _, arg := range args {
		words = append(words, fmt.Sprint(arg))
	}
	call := strings.Join(words, " ")
	if hook := f.hooks[call]; hook != nil {
		delete(f.hooks, call)
		hook()
	}
	failure := f.failures[call]
	delete(f.failures, call)
	answer := ""
	if failure != "before" {
		answer = effect()
	}
	if failure != "" {
		f.trace = append(f.trace, call+" => error "+failure)
		return sweeper.ErrInjected
	}
	if answer != "" {
		call += " => " + answer
	}
	f.trace = append(f.trace, call)
	return nil
}

func (f *fake) AcquireLock(ctx context.Context, id model.WorkflowID, _, _ model.Millis) (bool, error) {
	actor, got := ctx.Value(actorKey{}).(string), false
	err := f.call(sweeper.LockAcquire, []any{id}, func() string {
		if f.holds > 0 && f.owner != actor {
			return "timeout"
		}
		f.owner, f.holds, got = actor, f.holds+1, true
		return fmt.Sprint("hold ", f.holds)
	})
	return got && err == nil, err
}

// ReleaseLock does as RedisLock: a release by a non-owner does nothing, and is no error.
func (f *fake) ReleaseLock(ctx context.Context, id model.WorkflowID) error {
	return f.call(sweeper.LockRelease, []any{id}, func() string {
		if f.holds == 0 || f.owner != ctx.Value(actorKey{}).(string) {
			return "not the owner"
		}
		f.holds--
		return fmt.Sprint("hold ", f.holds)
	})
}

func (f *fake) DeleteLock(_ context.Context, id model.WorkflowID) error {
	return f.call(sweeper.LockDelete, []any{id}, func() string { return "" })
}

func (f *fake) index(queue, id string) int {
	return slices.IndexFunc(f.queues[queue], func(m message) bool { return m.id == id })
}

func (f *fake) upsert(queue, id string, due model.Millis) {
	if i := f.index(queue, id); i >= 0 {
		f.queues[queue][i].due = due
		return
	}
	f.queues[queue] = append(f.queues[queue], message{id, due})
}

func (f *fake) drop(queue, id string) bool {
	i := f.index(queue, id)
	if i >= 0 {
		f.queues[queue] = slices.Delete(f.queues[queue], i, i+1)
	}
	return i >= 0
}

func (f *fake) Push(_ context.Context, queue, id string, priority int, offset model.Seconds) error {
	return f.call(sweeper.QueuePush, []any{queue, id, priority, offset}, func() string {
		f.upsert(queue, id, f.now+offset.Millis())
		return ""
	})
}

func (f *fake) PushMillis(_ context.Context, queue, id string, priority int, offset model.Millis) error {
	return f.call(sweeper.QueuePushMillis, []any{queue, id, priority, offset}, func() string {
		f.upsert(queue, id, f.now+offset)
		return ""
	})
}

func (f *fake) PushIfNotExists(
	_ context.Context, queue, id string, priority int, offset model.Seconds,
) (pushed bool, err error) {
	err = f.call(sweeper.QueuePushIfNotExists, []any{queue, id, priority, offset}, func() string {
		if pushed = f.index(queue, id) < 0; pushed {
			f.upsert(queue, id, f.now+offset.Millis())
		}
		return fmt.Sprint(pushed)
	})
	return pushed, err
}

func (f *fake) Pop(_ context.Context, queue string, count int, _ model.Millis) (ids []string, err error) {
	err = f.call(sweeper.QueuePop, []any{queue, count}, func() string {
		for i, m := range f.queues[queue] {
			if m.due <= f.now && len(ids) < count {
				f.queues[queue][i].due = f.now + hidden
				ids = append(ids, m.id)
			}
		}
		return strings.Join(append([]string{"popped"}, ids...), " ")
	})
	return ids, err
}

func (f *fake) Ack(_ context.Context, queue, id string) (acked bool, err error) {
	err = f.call(sweeper.QueueAck, []any{queue, id}, func() string {
		acked = f.drop(queue, id)
		return fmt.Sprint(acked)
	})
	return acked, err
}

func (f *fake) Remove(_ context.Context, queue, id string) error {
	return f.call(sweeper.QueueRemove, []any{queue, id}, func() string {
		f.drop(queue, id)
		return ""
	})
}

func (f *fake) SetUnackTimeout(
	_ context.Context, queue, id string, timeout model.Millis,
) (known bool, err error) {
	err = f.call(sweeper.QueueSetUnackTimeout, []any{queue, id, timeout}, func() string {
		if known = f.index(queue, id) >= 0; known {
			f.upsert(queue, id, f.now+timeout)
		}
		return fmt.Sprint(known)
	})
	return known, err
}

func (f *fake) SetUnackTimeoutIfShorter(
	_ context.Context, queue, id string, timeout model.Millis,
) (set bool, err error) {
	err = f.call(sweeper.QueueSetUnackTimeoutIfShorter, []any{queue, id, timeout}, func() string {
		i := f.index(queue, id)
		if set = i >= 0 && f.now+timeout < f.queues[queue][i].due; set {
			f.upsert(queue, id, f.now+timeout)
		}
		return fmt.Sprint(set)
	})
	return set, err
}

func (f *fake) ResetOffsetTime(_ context.Context, queue, id string) (known bool, err error) {
	err = f.call(sweeper.QueueResetOffsetTime, []any{queue, id}, func() string {
		if known = f.index(queue, id) >= 0; known {
			f.upsert(queue, id, f.now)
		}
		return fmt.Sprint(known)
	})
	return known, err
}

func (f *fake) Postpone(
	_ context.Context, queue, id string, priority int, postpone model.Seconds,
) (bool, error) {
	err := f.call(sweeper.QueuePostpone, []any{queue, id, priority, postpone}, func() string {
		f.upsert(queue, id, f.now+postpone.Millis())
		return ""
	})
	return err == nil, err
}

func (f *fake) ContainsMessage(_ context.Context, queue, id string) (found bool, err error) {
	err = f.call(sweeper.QueueContainsMessage, []any{queue, id}, func() string {
		found = f.index(queue, id) >= 0
		return fmt.Sprint(found)
	})
	return found, err
}
