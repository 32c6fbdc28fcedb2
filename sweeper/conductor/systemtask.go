package conductor

import (
	"context"
	"errors"
	"math"

	"fermata/model"
	"fermata/sweeper"
)

// systemTaskSlots is how many tasks a system task worker takes at once. One run here is one thread's.
const systemTaskSlots = 1

// pollSystemTasks3120 is SystemTaskWorker.pollAndExecute of 3.12.0 to 3.21.11 (engine facts 1.12), which
// waits 200 ms at the queue.
func pollSystemTasks3120(ctx context.Context, s *Server, queue string) error {
	return s.pollAndExecute(ctx, queue, 200)
}

// pollSystemTasks32112 waits for system-task-queue-pop-timeout, 100 ms (3.21.12 to 3.31.2).
func pollSystemTasks32112(ctx context.Context, s *Server, queue string) error {
	return s.pollAndExecute(ctx, queue, 100)
}

// pollAndExecute acknowledges a message before its task is executed; an error ends the run and is logged.
func (s *Server) pollAndExecute(ctx context.Context, queue string, timeout model.Millis) error {
	ids, err := s.Ports.Queue.Pop(ctx, queue, systemTaskSlots, timeout)
	if err != nil {
		return nil
	}
	for _, id := range ids {
		if err := s.ackTaskReceived(ctx, model.TaskID(id)); err != nil {
			return nil
		}
		_ = s.methods.ExecuteSystemTask(ctx, s, queue, model.TaskID(id))
	}
	return nil
}

// ackTaskReceived is ExecutionService.ackTaskReceived(taskId): it reads the task to find its queue, and
// leaves the message of an unknown one.
func (s *Server) ackTaskReceived(ctx context.Context, id model.TaskID) error {
	task, err := s.Ports.Execution.GetTask(ctx, id)
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Ports.Queue.Ack(ctx, task.QueueName(), string(id))
	return err
}

// executeSystemTask3138 is AsyncSystemTaskExecutor.execute of 3.13.8 and 3.14.0: as executeSystemTask3150, but
// the message is removed before the copy is written, and an error of that forgets the decide.
func executeSystemTask3138(ctx context.Context, s *Server, queue string, id model.TaskID) error {
	task, found, err := s.loadSystemTask(ctx, queue, id)
	if err != nil || !found {
		return err
	}
	removeFromQueue, completed := s.executeTask(ctx, &task)
	if removeFromQueue && s.Ports.Queue.Remove(ctx, task.QueueName(), string(id)) != nil {
		completed = false
	}
	if err := s.UpdateTaskModel(ctx, &task); err != nil || !completed {
		return err
	}
	_, err = s.Decide(ctx, task.WorkflowID)
	return err
}

// executeSystemTask3150 is AsyncSystemTaskExecutor.execute of 3.15.0 to 3.31.2 but for 3.21.15
// (engine facts 1.12), without limits. Whatever happens after the task was read, the copy in hand is written
// back at the end.
func executeSystemTask3150(ctx context.Context, s *Server, queue string, id model.TaskID) error {
	task, found, err := s.loadSystemTask(ctx, queue, id)
	if err != nil || !found {
		return err
	}
	return s.executeAndWrite(ctx, task)
}

// executeAndWrite is the try of execute and its finally: write, remove, decide, up to the first error.
func (s *Server) executeAndWrite(ctx context.Context, task model.Task) error {
	removeFromQueue, completed := s.executeTask(ctx, &task)
	return s.writeAndDecide(ctx, &task, removeFromQueue, completed)
}

// writeAndDecide is the finally of execute: the copy in hand is written, and what follows from its end.
func (s *Server) writeAndDecide(ctx context.Context, task *model.Task, removeFromQueue, completed bool) error {
	if err := s.UpdateTaskModel(ctx, task); err != nil {
		return err
	}
	if removeFromQueue {
		if err := s.Ports.Queue.Remove(ctx, task.QueueName(), string(task.ID)); err != nil {
			return err
		}
	}
	if completed {
		_, err := s.Decide(ctx, task.WorkflowID)
		return err
	}
	return nil
}

// loadSystemTask reads the task of a message. The message of one that is not there, or has ended, is
// removed.
func (s *Server) loadSystemTask(
	ctx context.Context, queue string, id model.TaskID,
) (task model.Task, found bool, err error) {
	if task, err = s.Ports.Execution.GetTask(ctx, id); err != nil {
		_ = s.Ports.Queue.Remove(ctx, queue, string(id))
		return task, false, nil
	}
	if task.Status.Terminal() {
		return task, false, s.Ports.Queue.Remove(ctx, task.QueueName(), string(id))
	}
	return task, true, nil
}

// executeTask is the try of execute: an error is logged, and what was changed until then stays. It
// tells whether the message is to be removed, and whether the task has completed. One that others end is done with
// as soon as it has been started.
func (s *Server) executeTask(ctx context.Context, task *model.Task) (removeFromQueue, completed bool) {
	wf, err := s.workflowOfTask(ctx, task)
	if err != nil {
		return false, false
	}
	if wf.Status.Terminal() {
		task.Status = model.TaskCanceled
		return true, false
	}
	countPoll(task)
	if !s.startOrExecute(ctx, wf, task) {
		return false, false
	}
	return s.removeOrPostpone(ctx, wf, task)
}

// workflowOfTask reads the workflow of a system task, without its tasks where that does not need them
// (isTaskRetrievalRequired).
func (s *Server) workflowOfTask(ctx context.Context, task *model.Task) (*model.Workflow, error) {
	return s.GetWorkflowModel(ctx, task.WorkflowID, task.Type != model.SubWorkflow)
}

func countPoll(task *model.Task) {
	if task.Status == model.TaskScheduled || !isAsyncComplete(task.Type) {
		task.PollCount++
	}
}

// startOrExecute starts a SCHEDULED task and executes one in progress; false is an exception.
func (s *Server) startOrExecute(ctx context.Context, wf *model.Workflow, task *model.Task) bool {
	switch {
	case task.Status == model.TaskScheduled:
		s.startSystemTask(ctx, task)
		return true
	case task.Type == model.Join, !task.Type.System(): // a worker's task, of a message in JOIN's queue
		return s.join(ctx, wf, task)
	}
	_, err := s.executeSystemTask(ctx, task)
	return err == nil
}

// join executes an open JOIN; false is an exception.
func (s *Server) join(ctx context.Context, wf *model.Workflow, task *model.Task) bool {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return false
	}
	if wt := model.TaskByRef(def.Tasks, task.Ref); wt == nil || wt.Type != model.Join {
		return false // a row without joinOn: a null pointer
	}
	_, err = s.methods.Join(wf, def, task)
	return err == nil
}

// removeOrPostpone is what becomes of the task's message: see executeTask.
func (s *Server) removeOrPostpone(
	ctx context.Context, wf *model.Workflow, task *model.Task,
) (removeFromQueue, completed bool) {
	if task.Status.Terminal() || isAsyncComplete(task.Type) && task.Status != model.TaskScheduled {
		return true, true
	}
	task.CallbackAfter = s.evaluationOffset(ctx, task)
	_, _ = s.Ports.Queue.Postpone(ctx, task.QueueName(), string(task.ID), wf.Priority, task.CallbackAfter)
	return false, false
}

// evaluationOffset3137 is Join.getEvaluationOffset of 3.13.7 to 3.21.11: at once for the first poll, then
// powers of two, at most the system task callback.
func evaluationOffset3137(s *Server, pollCount int) model.Seconds {
	if pollCount <= 1 {
		return 0
	}
	return min(model.Seconds(1)<<min(pollCount-1, 32), s.Settings.SystemTaskCallback)
}

// evaluationOffset32112 is Join.getEvaluationOffset of 3.21.12 on: at once up to the threshold, then powers
// of 1.2, at most the system task callback.
func evaluationOffset32112(s *Server, pollCount int) model.Seconds {
	beyond := pollCount - s.Settings.SystemTaskPostponeThreshold
	if beyond <= 0 {
		return 0
	}
	return min(model.Seconds(math.Pow(1.2, float64(min(beyond, 100)))), s.Settings.SystemTaskCallback)
}
