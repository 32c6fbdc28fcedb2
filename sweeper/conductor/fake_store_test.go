package conductor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fermata/model"
	"fermata/sweeper"
)

func (f *fake) CreateWorkflow(_ context.Context, wf model.Workflow) error {
	return f.call(sweeper.DAOCreateWorkflow, []any{wf.ID, wf.Status}, func() string {
		f.workflows[wf.ID] = wf.WorkflowRecord
		return ""
	})
}

func (f *fake) GetWorkflow(
	_ context.Context, id model.WorkflowID, includeTasks bool,
) (wf model.Workflow, err error) {
	args := []any{id}
	if !includeTasks {
		args = append(args, "no-tasks")
	}
	known := false
	err = f.call(sweeper.DAOGetWorkflow, args, func() string {
		if wf.WorkflowRecord, known = f.workflows[id]; !known {
			return "none"
		}
		if includeTasks {
			wf.Tasks = slices.Clone(f.tasks)
		}
		return wf.Status.String()
	})
	if err == nil && !known {
		err = sweeper.ErrNotFound
	}
	return wf, err
}

func (f *fake) UpdateWorkflow(_ context.Context, wf model.Workflow) error {
	return f.call(sweeper.DAOUpdateWorkflow, []any{wf.ID, wf.Status}, func() string {
		f.workflows[wf.ID] = wf.WorkflowRecord
		return ""
	})
}

func (f *fake) RemoveWorkflow(_ context.Context, id model.WorkflowID) error {
	return f.call(sweeper.DAORemoveWorkflow, []any{id}, func() string {
		delete(f.workflows, id)
		f.tasks = nil
		return ""
	})
}

func (f *fake) RemoveFromPendingWorkflow(_ context.Context, id model.WorkflowID) error {
	return f.call(sweeper.DAORemoveFromPending, []any{id}, func() string { return "" })
}

func (f *fake) task(id model.TaskID) int {
	return slices.IndexFunc(f.tasks, func(t model.Task) bool { return t.ID == id })
}

func (f *fake) GetTask(_ context.Context, id model.TaskID) (task model.Task, err error) {
	i := -1
	err = f.call(sweeper.DAOGetTask, []any{id}, func() string {
		if i = f.task(id); i < 0 {
			return "none"
		}
		task = f.tasks[i]
		return task.Status.String()
	})
	if err == nil && i < 0 {
		err = sweeper.ErrNotFound
	}
	return task, err
}

func (f *fake) CreateTasks(_ context.Context, tasks []model.Task) (created []model.Task, err error) {
	args := make([]any, len(tasks))
	for i := range tasks {
		args[i] = tasks[i].ID
	}
	err = f.call(sweeper.DAOCreateTasks, args, func() string {
		for _, task := range tasks {
			if !slices.ContainsFunc(f.tasks, func(t model.Task) bool {
				return t.Ref == task.Ref && t.RetryCount == task.RetryCount && !f.loose[t.ID]
			}) {
				created = append(created, task)
			}
		}
		for _, task := range created {
			delete(f.loose, task.ID)
			f.write(task)
		}
		return fmt.Sprint(len(created), " created")
	})
	return created, err
}

func (f *fake) UpdateTask(_ context.Context, task model.Task) error {
	args := []any{task.ID, task.Status}
	if task.Executed {
		args = append(args, "executed")
	}
	if task.Retried {
		args = append(args, "retried")
	}
	return f.call(sweeper.DAOUpdateTask, args, func() string {
		if f.write(task) {
			f.loose[task.ID] = true
		}
		return ""
	})
}

// write overwrites the task, or inserts it and tells so.
func (f *fake) write(task model.Task) bool {
	i := f.task(task.ID)
	if i >= 0 {
		f.tasks[i] = task
		return false
	}
	f.tasks = append(f.tasks, task)
	return true
}

func (f *fake) RemoveTask(_ context.Context, _ model.WorkflowID, id model.TaskID) error {
	return f.call(sweeper.DAORemoveTask, []any{id}, func() string {
		f.tasks = slices.DeleteFunc(f.tasks, func(t model.Task) bool { return t.ID == id })
		return ""
	})
}

func (f *fake) OnWorkflowCompleted(_ context.Context, wf model.Workflow) error {
	return f.call(sweeper.ListenerCompleted, []any{wf.ID}, func() string { return "" })
}

func (f *fake) OnWorkflowTerminated(_ context.Context, wf model.Workflow) error {
	return f.call(sweeper.ListenerTerminated, []any{wf.ID}, func() string { return "" })
}

func (f *fake) OnWorkflowFinalized(_ context.Context, wf model.Workflow) error {
	return f.call(sweeper.ListenerFinalized, []any{wf.ID}, func() string { return "" })
}

func (f *fake) GetWorkflowDef(_ context.Context, name string) *model.WorkflowDef { return f.defs[name] }

func (f *fake) Now(context.Context) model.Millis {
	f.trace = append(f.trace, sweeper.EnvNow.String()+" => "+f.now.String())
	return f.now
}

func (f *fake) NewTaskID(_ context.Context, ref string, retryCount, _ int) model.TaskID {
	id := fmt.Sprintf("%s.%d", ref, retryCount)
	for i := 1; f.task(model.TaskID(id)) >= 0; i++ {
		id = fmt.Sprintf("%s.%d#%d", ref, retryCount, i)
	}
	return model.TaskID(id)
}

func (f *fake) Jitter(_ context.Context, bound model.Seconds) model.Seconds {
	f.trace = append(f.trace, fmt.Sprint(sweeper.EnvJitter, " within ", bound, " => 0s"))
	return 0
}

func (f *fake) RepairTask(_ context.Context, id model.TaskID, queue string) (pushed bool, err error) {
	err = f.call(sweeper.RepairTask, []any{queue, id}, func() string {
		i := f.task(id)
		pushed = i >= 0 && f.tasks[i].Status == model.TaskScheduled && f.index(queue, string(id)) < 0
		if pushed {
			f.upsert(queue, string(id), f.now+f.tasks[i].CallbackAfter.Millis())
		}
		return fmt.Sprint(pushed)
	})
	return pushed, err
}

// state is the world at rest.
func (f *fake) state() string {
	var b strings.Builder
	for _, id := range sortedKeys(f.workflows) {
		fmt.Fprintf(&b, "%s %s, lock held %d times\n", id, f.workflows[id].Status, f.holds)
	}
	for _, t := range f.tasks {
		fmt.Fprintf(&b, "%d %s %s", t.Seq, t.ID, t.Status)
		if t.Executed {
			b.WriteString(" executed")
		}
		if t.Retried {
			b.WriteString(" retried")
		}
		b.WriteString("\n")
	}
	for _, queue := range sortedKeys(f.queues) {
		for _, m := range f.queues[queue] {
			fmt.Fprintf(&b, "queue %s: %s due %s\n", queue, m.id, m.due)
		}
	}
	return b.String()
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m { //tidy:unordered sorted below
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
