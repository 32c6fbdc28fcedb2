package gate_test

import (
	"context"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

func (r *remote) ports() sweeper.Ports {
	return sweeper.Ports{
		Lock: hostLock{r}, Queue: hostQueue{r}, Execution: hostStore{r}, Listener: hostListener{r},
		Metadata: hostMetadata{r}, Env: hostEnv{r},
	}
}

type hostLock struct{ *remote }

func (l hostLock) AcquireLock(_ context.Context, id model.WorkflowID, try, lease model.Millis) (bool, error) {
	f, err := l.do("lock.acquire", frame{"id": id, "timeToTry": try, "lease": lease})
	return f.yes("value"), err
}

func (l hostLock) ReleaseLock(_ context.Context, id model.WorkflowID) error {
	_, err := l.do("lock.release", frame{"id": id})
	return err
}

func (l hostLock) DeleteLock(_ context.Context, id model.WorkflowID) error {
	_, err := l.do("lock.delete", frame{"id": id})
	return err
}

type hostQueue struct{ *remote }

func (q hostQueue) Push(_ context.Context, queue, id string, priority int, offset model.Seconds) error {
	_, err := q.do("queue.push", frame{"queue": queue, "id": id, "priority": priority, "offset": offset})
	return err
}

func (q hostQueue) PushMillis(_ context.Context, queue, id string, priority int, offset model.Millis) error {
	_, err := q.do("queue.pushMillis", frame{"queue": queue, "id": id, "priority": priority, "offset": offset})
	return err
}

func (q hostQueue) PushIfNotExists(
	_ context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	f, err := q.do("queue.pushIfNotExists", frame{"queue": queue, "id": id, "priority": priority, "offset": offset})
	return f.yes("value"), err
}

func (q hostQueue) Pop(_ context.Context, queue string, count int, timeout model.Millis) ([]string, error) {
	f, err := q.do("queue.pop", frame{"queue": queue, "count": count, "timeout": timeout})
	var ids []string
	list, _ := f["value"].([]any)
	for _, id := range list {
		ids = append(ids, id.(string))
	}
	return ids, err
}

func (q hostQueue) Ack(_ context.Context, queue, id string) (bool, error) {
	f, err := q.do("queue.ack", frame{"queue": queue, "id": id})
	return f.yes("value"), err
}

func (q hostQueue) Remove(_ context.Context, queue, id string) error {
	_, err := q.do("queue.remove", frame{"queue": queue, "id": id})
	return err
}

func (q hostQueue) SetUnackTimeout(_ context.Context, queue, id string, timeout model.Millis) (bool, error) {
	f, err := q.do("queue.setUnackTimeout", frame{"queue": queue, "id": id, "timeout": timeout})
	return f.yes("value"), err
}

func (q hostQueue) SetUnackTimeoutIfShorter(
	_ context.Context, queue, id string, timeout model.Millis,
) (bool, error) {
	f, err := q.do("queue.setUnackTimeoutIfShorter", frame{"queue": queue, "id": id, "timeout": timeout})
	return f.yes("value"), err
}

func (q hostQueue) ResetOffsetTime(_ context.Context, queue, id string) (bool, error) {
	f, err := q.do("queue.resetOffsetTime", frame{"queue": queue, "id": id})
	return f.yes("value"), err
}

func (q hostQueue) Postpone(
	_ context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	f, err := q.do("queue.postpone", frame{"queue": queue, "id": id, "priority": priority, "offset": offset})
	return f.yes("value"), err
}

func (q hostQueue) ContainsMessage(_ context.Context, queue, id string) (bool, error) {
	f, err := q.do("queue.containsMessage", frame{"queue": queue, "id": id})
	return f.yes("value"), err
}

type hostStore struct{ *remote }

func (s hostStore) CreateWorkflow(_ context.Context, wf model.Workflow) error {
	_, err := s.do("dao.createWorkflow", frame{"workflow": workflowFrame(wf)})
	return err
}

func (s hostStore) GetWorkflow(_ context.Context, id model.WorkflowID, tasks bool) (model.Workflow, error) {
	f, err := s.do("dao.getWorkflow", frame{"id": id, "includeTasks": tasks})
	if err != nil {
		return model.Workflow{}, err
	}
	return workflowOf(f.sub("value")), nil
}

func (s hostStore) UpdateWorkflow(_ context.Context, wf model.Workflow) error {
	_, err := s.do("dao.updateWorkflow", frame{"workflow": workflowFrame(wf)})
	return err
}

func (s hostStore) RemoveWorkflow(_ context.Context, id model.WorkflowID) error {
	_, err := s.do("dao.removeWorkflow", frame{"id": id})
	return err
}

func (s hostStore) RemoveFromPendingWorkflow(_ context.Context, id model.WorkflowID) error {
	_, err := s.do("dao.removeFromPendingWorkflow", frame{"id": id})
	return err
}

func (s hostStore) GetTask(_ context.Context, id model.TaskID) (model.Task, error) {
	f, err := s.do("dao.getTask", frame{"id": id})
	if err != nil {
		return model.Task{}, err
	}
	return taskOf(f.sub("value")), nil
}

func (s hostStore) CreateTasks(_ context.Context, tasks []model.Task) ([]model.Task, error) {
	f, err := s.do("dao.createTasks", frame{"tasks": taskFrames(tasks)})
	return tasksOf(f["value"]), err
}

func (s hostStore) UpdateTask(_ context.Context, t model.Task) error {
	_, err := s.do("dao.updateTask", frame{"task": taskFrame(t)})
	return err
}

func (s hostStore) RemoveTask(_ context.Context, workflow model.WorkflowID, id model.TaskID) error {
	_, err := s.do("dao.removeTask", frame{"id": id, "workflowId": workflow})
	return err
}

type hostListener struct{ *remote }

func (l hostListener) OnWorkflowCompleted(_ context.Context, wf model.Workflow) error {
	_, err := l.do("listener.completed", frame{"id": wf.ID})
	return err
}

func (l hostListener) OnWorkflowTerminated(_ context.Context, wf model.Workflow) error {
	_, err := l.do("listener.terminated", frame{"id": wf.ID})
	return err
}

func (l hostListener) OnWorkflowFinalized(_ context.Context, wf model.Workflow) error {
	_, err := l.do("listener.finalized", frame{"id": wf.ID})
	return err
}

type hostEnv struct{ *remote }

func (e hostEnv) Now(context.Context) model.Millis { return e.h.now }

func (e hostEnv) NewTaskID(_ context.Context, ref string, retryCount, iteration int) model.TaskID {
	f, _ := e.do("env.newTaskID", frame{"ref": ref, "retryCount": retryCount, "iteration": iteration})
	return model.TaskID(f.text("value"))
}

func (e hostEnv) Jitter(_ context.Context, bound model.Seconds) model.Seconds {
	f, _ := e.do("jitter", frame{"bound": bound})
	return model.Seconds(f.number("value"))
}

type hostMetadata struct{ *remote }

func (m hostMetadata) GetWorkflowDef(_ context.Context, name string) *model.WorkflowDef {
	f, _ := m.do("metadata.getWorkflowDef", frame{"name": name})
	d := f.sub("value")
	if d == nil {
		return nil
	}
	return &model.WorkflowDef{
		Name: d.text("name"), TimeoutSeconds: model.Seconds(d.number("timeout")), Tasks: definitionTasks(d["tasks"]),
	}
}

func definitionTasks(v any) []model.WorkflowTask {
	list, _ := v.([]any)
	var tasks []model.WorkflowTask
	for _, x := range list {
		f := frame(x.(map[string]any))
		def := f.sub("def")
		t := model.WorkflowTask{Ref: f.text("ref"), Type: taskType(f.text("type")), Optional: f.yes("optional")}
		t.Def = model.TaskDef{
			Name: def.text("name"), RetryCount: int(def.number("retryCount")),
			TimeoutSeconds:         model.Seconds(def.number("timeout")),
			ResponseTimeoutSeconds: model.Seconds(def.number("responseTimeout")),
		}
		branches, _ := f["forkTasks"].([]any)
		for _, b := range branches {
			t.ForkTasks = append(t.ForkTasks, definitionTasks(b))
		}
		t.SubWorkflow, t.Duration = f.text("subWorkflow"), model.Seconds(f.number("duration"))
		joins, _ := f["joinOn"].([]any)
		for _, j := range joins {
			t.JoinOn = append(t.JoinOn, j.(string))
		}
		tasks = append(tasks, t)
	}
	return tasks
}

func workflowFrame(wf model.Workflow) frame {
	return frame{
		"id": wf.ID, "def": wf.Def, "status": wf.Status.String(), "priority": wf.Priority,
		"createTime": wf.CreateTime, "failedTaskId": wf.FailedTaskID,
		"parentWorkflowId": wf.ParentWorkflowID, "parentWorkflowTaskId": wf.ParentWorkflowTaskID,
		"tasks": taskFrames(wf.Tasks),
	}
}

func workflowOf(f frame) model.Workflow {
	status := slices.Index(model.WorkflowStatusNames(), f.text("status")) + 1
	return model.Workflow{
		WorkflowRecord: model.WorkflowRecord{
			ID: model.WorkflowID(f.text("id")), Def: f.text("def"), Status: model.WorkflowStatus(status),
			Priority: int(f.number("priority")), CreateTime: model.Millis(f.number("createTime")),
			FailedTaskID:         model.TaskID(f.text("failedTaskId")),
			ParentWorkflowID:     model.WorkflowID(f.text("parentWorkflowId")),
			ParentWorkflowTaskID: model.TaskID(f.text("parentWorkflowTaskId")),
		},
		Tasks: tasksOf(f["tasks"]),
	}
}

func taskFrames(tasks []model.Task) []frame {
	frames := []frame{}
	for _, t := range tasks {
		frames = append(frames, taskFrame(t))
	}
	return frames
}

func taskFrame(t model.Task) frame {
	return frame{
		"id": t.ID, "workflowId": t.WorkflowID, "ref": t.Ref, "type": t.Type.String(), "defName": t.DefName,
		"status": t.Status.String(), "seq": t.Seq, "retryCount": t.RetryCount, "iteration": t.Iteration,
		"pollCount": t.PollCount, "executed": t.Executed, "retried": t.Retried, "retriedTaskId": t.RetriedTaskID,
		"callbackAfter": t.CallbackAfter, "responseTimeout": t.ResponseTimeoutSeconds, "timeout": t.TimeoutSeconds,
		"scheduledTime": 1_700_000_000_000, "startTime": 1_700_000_000_000, "updateTime": 1_700_000_000_000,
		"subWorkflowId": t.SubWorkflowID, "subworkflowChanged": t.SubworkflowChanged, "waitTimeout": t.WaitTimeout,
	}
}

func tasksOf(v any) []model.Task {
	list, _ := v.([]any)
	var tasks []model.Task
	for _, x := range list {
		tasks = append(tasks, taskOf(x.(map[string]any)))
	}
	return tasks
}

func taskOf(f frame) model.Task {
	return model.Task{
		ID: model.TaskID(f.text("id")), WorkflowID: model.WorkflowID(f.text("workflowId")), Ref: f.text("ref"),
		Type: taskType(f.text("type")), DefName: f.text("defName"), Status: taskStatus(f.text("status")),
		Seq: int(f.number("seq")), RetryCount: int(f.number("retryCount")), Iteration: int(f.number("iteration")),
		PollCount: int(f.number("pollCount")), Executed: f.yes("executed"), Retried: f.yes("retried"),
		RetriedTaskID: model.TaskID(f.text("retriedTaskId")), CallbackAfter: model.Seconds(f.number("callbackAfter")),
		ResponseTimeoutSeconds: model.Seconds(f.number("responseTimeout")),
		TimeoutSeconds:         model.Seconds(f.number("timeout")),
		SubWorkflowID:          model.WorkflowID(f.text("subWorkflowId")),
		SubworkflowChanged:     f.yes("subworkflowChanged"), WaitTimeout: model.Millis(f.number("waitTimeout")),
	}
}

func taskStatus(name string) model.TaskStatus {
	return model.TaskStatus(slices.Index(model.TaskStatusNames(), name) + 1)
}

func taskType(name string) model.TaskType {
	return model.TaskType(slices.Index(model.TaskTypeNames(), name) + 1)
}
