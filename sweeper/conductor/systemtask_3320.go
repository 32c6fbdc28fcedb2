package conductor

import (
	"context"

	"fermata/model"
)

// pollSystemTasks3320 is SystemTaskWorker.pollAndExecute of 3.32.0 on: no message is acknowledged before its task
// has been executed.
func pollSystemTasks3320(ctx context.Context, s *Server, queue string) error {
	ids, err := s.Ports.Queue.Pop(ctx, queue, systemTaskSlots, 100)
	if err != nil {
		return nil
	}
	for _, id := range ids {
		_ = s.methods.ExecuteSystemTask(ctx, s, queue, model.TaskID(id))
	}
	return nil
}

// executeSystemTask3320 is AsyncSystemTaskExecutor.execute of 3.32.0 on: as executeSystemTask3150, but it puts
// the message off for as long as the task may take before it executes it.
func executeSystemTask3320(ctx context.Context, s *Server, queue string, id model.TaskID) error {
	task, found, err := s.loadSystemTask(ctx, queue, id)
	if err != nil || !found {
		return err
	}
	removeFromQueue, completed := s.reserveAndExecuteTask(ctx, &task)
	return s.writeAndDecide(ctx, &task, removeFromQueue, completed)
}

// reservation is for how long the message of a task without a response timeout is put off (TaskDef.ONE_HOUR).
const reservation model.Seconds = 3600

// reserveAndExecuteTask is the try of execute, as executeTask; a message that cannot be put off is left for
// another time. A SCHEDULED task that was taken in hand an hour ago is timed out in Java, which is not modelled.
func (s *Server) reserveAndExecuteTask(ctx context.Context, task *model.Task) (removeFromQueue, completed bool) {
	wf, err := s.workflowOfTask(ctx, task)
	if err != nil {
		return false, false
	}
	if wf.Status.Terminal() {
		task.Status = model.TaskCanceled
		return true, false
	}
	countPoll(task)
	timeout := reservation
	if task.ResponseTimeoutSeconds > 0 {
		timeout = task.ResponseTimeoutSeconds
	}
	queue, id := task.QueueName(), string(task.ID)
	if _, err := s.Ports.Queue.SetUnackTimeout(ctx, queue, id, timeout.Millis()); err != nil {
		return false, false
	}
	if task.Status == model.TaskScheduled { // that it was taken in hand
		if err := s.UpdateTaskModel(ctx, task); err != nil {
			return false, false
		}
	}
	if !s.startOrExecute(ctx, wf, task) {
		return false, false
	}
	return s.removeOrPostpone(ctx, wf, task)
}
