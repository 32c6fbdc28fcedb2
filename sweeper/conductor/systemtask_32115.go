package conductor

import (
	"context"

	"fermata/model"
)

// executeSystemTask32115 is AsyncSystemTaskExecutor.execute of 3.21.15. It acquires the lock of the workflow and
// never closes it: no scope goes with the acquisition, so that every JOIN that is looked at leaves its
// workflow locked until the lease runs out. A miss postpones the message; its priority, which the engine's row
// carries, is 0 here.
//
// That is what every other server sees. On the same server the hold of the process stays: its thread takes
// every later lock of the workflow for held, and once the lease has run out any other thread that gets the
// distributed lock fails with an illegal state and leaves it held. Neither is modelled. Here a later operation
// of the same actor asks again and, while the lease lasts, has the lock as its owner.
func executeSystemTask32115(ctx context.Context, s *Server, queue string, id model.TaskID) error {
	task, found, err := s.loadSystemTask(ctx, queue, id)
	if err != nil || !found {
		return err
	}
	held, lock, err := s.acquireInstance(ctx, task.WorkflowID, s.Settings.LockTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		postpone := s.Settings.TaskExecutionPostpone
		_, _ = s.Ports.Queue.Postpone(ctx, task.QueueName(), string(task.ID), 0, postpone)
		return nil
	}
	return s.executeAndWrite(held, task)
}
