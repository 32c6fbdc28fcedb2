package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// PollTimeout is how long a worker's poll waits at the queue unless it asks for more.
const PollTimeout model.Millis = 100

// poll3100 is ExecutionService.poll of 3.10.0 to 3.17 (engine facts 1.12), without limits. Every task is
// written IN_PROGRESS before the first message is acknowledged.
func poll3100(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.PollWith(ctx, queue, count, s.PollTask)
}

// PollWith is poll of 3.10.0 to 3.17 with the body of its loop over the popped messages.
func (s *Server) PollWith(
	ctx context.Context, queue string, count int, pollTask PollTaskFunc,
) ([]model.Task, error) {
	_, tasks, err := s.pollTasks(ctx, queue, count, pollTask)
	if err != nil {
		return nil, err
	}
	return tasks, s.ackTasks(ctx, tasks)
}

// PollTaskFunc marks the task of a popped message, and tells whether it is handed out.
type PollTaskFunc func(ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error)

// pollTasks pops and marks. An error at the queue is no tasks; an error at one task postpones its
// message.
func (s *Server) pollTasks(
	ctx context.Context, queue string, count int, pollTask PollTaskFunc,
) ([]string, []model.Task, error) {
	ids, err := s.Ports.Queue.Pop(ctx, queue, count, PollTimeout)
	if err != nil {
		return nil, nil, nil
	}
	var tasks []model.Task
	for _, id := range ids {
		task, given, err := pollTask(ctx, queue, model.TaskID(id))
		if err != nil {
			_, err := s.Ports.Queue.Postpone(ctx, queue, id, 0, s.Settings.TaskExecutionPostpone)
			if err != nil {
				return nil, nil, err
			}
		}
		if given {
			tasks = append(tasks, task)
		}
	}
	return ids, tasks, nil
}

// PollTask is that body: it reads the task and writes it IN_PROGRESS, blindly. The message of a task that is gone or
// has ended is removed.
func (s *Server) PollTask(ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error) {
	task, given, err := s.polledTask(ctx, queue, id)
	if err != nil || !given {
		return task, false, err
	}
	s.stampStart(ctx, &task)
	err = s.giveTask(ctx, &task)
	return task, err == nil, err
}

// polledTask reads the task of a message; false if there is nothing to hand out.
func (s *Server) polledTask(ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error) {
	task, err := s.Ports.Execution.GetTask(ctx, id)
	if errors.Is(err, sweeper.ErrNotFound) || err == nil && task.Status.Terminal() {
		return task, false, s.Ports.Queue.Remove(ctx, queue, string(id))
	}
	return task, err == nil, err
}

// giveTask writes the task as a worker's.
func (s *Server) giveTask(ctx context.Context, task *model.Task) error {
	task.Status = model.TaskInProgress
	task.CallbackAfter = 0
	task.PollCount++
	return s.UpdateTaskModel(ctx, task)
}

// stampStart sets StartTime where the task's timeout reads it.
func (s *Server) stampStart(ctx context.Context, task *model.Task) {
	if task.TimeoutSeconds > 0 && task.StartTime == 0 {
		task.StartTime = s.Ports.Env.Now(ctx)
	}
}

// ackTasks takes the messages of the tasks that were handed out.
func (s *Server) ackTasks(ctx context.Context, tasks []model.Task) error {
	for _, task := range tasks {
		if _, err := s.Ports.Queue.Ack(ctx, task.QueueName(), string(task.ID)); err != nil {
			return err
		}
	}
	return nil
}
