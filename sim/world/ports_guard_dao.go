package world

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

type guardedQueue struct{ guard }

func (g guardedQueue) Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error {
	defer g.enter(ctx, sweeper.QueuePush).Leave()
	return g.p.Queue.Push(ctx, queue, id, priority, offset)
}

func (g guardedQueue) PushMillis(ctx context.Context, queue, id string, priority int, offset model.Millis) error {
	defer g.enter(ctx, sweeper.QueuePushMillis).Leave()
	return g.p.Queue.PushMillis(ctx, queue, id, priority, offset)
}

func (g guardedQueue) PushIfNotExists(
	ctx context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	defer g.enter(ctx, sweeper.QueuePushIfNotExists).Leave()
	return g.p.Queue.PushIfNotExists(ctx, queue, id, priority, offset)
}

func (g guardedQueue) Pop(ctx context.Context, queue string, count int, timeout model.Millis) ([]string, error) {
	defer g.enter(ctx, sweeper.QueuePop).Leave()
	return g.p.Queue.Pop(ctx, queue, count, timeout)
}

func (g guardedQueue) Ack(ctx context.Context, queue, id string) (bool, error) {
	defer g.enter(ctx, sweeper.QueueAck).Leave()
	return g.p.Queue.Ack(ctx, queue, id)
}

func (g guardedQueue) Remove(ctx context.Context, queue, id string) error {
	defer g.enter(ctx, sweeper.QueueRemove).Leave()
	return g.p.Queue.Remove(ctx, queue, id)
}

func (g guardedQueue) SetUnackTimeout(
	ctx context.Context, queue, id string, timeout model.Millis,
) (bool, error) {
	defer g.enter(ctx, sweeper.QueueSetUnackTimeout).Leave()
	return g.p.Queue.SetUnackTimeout(ctx, queue, id, timeout)
}

func (g guardedQueue) SetUnackTimeoutIfShorter(
	ctx context.Context, queue, id string, timeout model.Millis,
) (bool, error) {
	defer g.enter(ctx, sweeper.QueueSetUnackTimeoutIfShorter).Leave()
	return g.p.Queue.SetUnackTimeoutIfShorter(ctx, queue, id, timeout)
}

func (g guardedQueue) ResetOffsetTime(ctx context.Context, queue, id string) (bool, error) {
	defer g.enter(ctx, sweeper.QueueResetOffsetTime).Leave()
	return g.p.Queue.ResetOffsetTime(ctx, queue, id)
}

func (g guardedQueue) Postpone(
	ctx context.Context, queue, id string, priority int, postpone model.Seconds,
) (bool, error) {
	defer g.enter(ctx, sweeper.QueuePostpone).Leave()
	return g.p.Queue.Postpone(ctx, queue, id, priority, postpone)
}

func (g guardedQueue) ContainsMessage(ctx context.Context, queue, id string) (bool, error) {
	defer g.enter(ctx, sweeper.QueueContainsMessage).Leave()
	return g.p.Queue.ContainsMessage(ctx, queue, id)
}

type guardedStore struct{ guard }

func (g guardedStore) CreateWorkflow(ctx context.Context, wf model.Workflow) error {
	defer g.enter(ctx, sweeper.DAOCreateWorkflow).Leave()
	return g.p.Execution.CreateWorkflow(ctx, wf)
}

func (g guardedStore) GetWorkflow(
	ctx context.Context, id model.WorkflowID, includeTasks bool,
) (model.Workflow, error) {
	defer g.enter(ctx, sweeper.DAOGetWorkflow).Leave()
	return g.p.Execution.GetWorkflow(ctx, id, includeTasks)
}

func (g guardedStore) UpdateWorkflow(ctx context.Context, wf model.Workflow) error {
	defer g.enter(ctx, sweeper.DAOUpdateWorkflow).Leave()
	return g.p.Execution.UpdateWorkflow(ctx, wf)
}

func (g guardedStore) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	defer g.enter(ctx, sweeper.DAORemoveWorkflow).Leave()
	return g.p.Execution.RemoveWorkflow(ctx, id)
}

func (g guardedStore) RemoveFromPendingWorkflow(ctx context.Context, id model.WorkflowID) error {
	defer g.enter(ctx, sweeper.DAORemoveFromPending).Leave()
	return g.p.Execution.RemoveFromPendingWorkflow(ctx, id)
}

func (g guardedStore) GetTask(ctx context.Context, id model.TaskID) (model.Task, error) {
	defer g.enter(ctx, sweeper.DAOGetTask).Leave()
	return g.p.Execution.GetTask(ctx, id)
}

func (g guardedStore) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	defer g.enter(ctx, sweeper.DAOCreateTasks).Leave()
	return g.p.Execution.CreateTasks(ctx, tasks)
}

func (g guardedStore) UpdateTask(ctx context.Context, task model.Task) error {
	defer g.enter(ctx, sweeper.DAOUpdateTask).Leave()
	return g.p.Execution.UpdateTask(ctx, task)
}

func (g guardedStore) RemoveTask(ctx context.Context, workflow model.WorkflowID, id model.TaskID) error {
	defer g.enter(ctx, sweeper.DAORemoveTask).Leave()
	return g.p.Execution.RemoveTask(ctx, workflow, id)
}
