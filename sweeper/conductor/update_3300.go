package conductor

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// updateTask3300 is WorkflowExecutorOps.updateTask of 3.30.0 on: as updateTask3138, and the end of a task that
// the definition does not have asks for a decide too.
func updateTask3300(ctx context.Context, s *Server, result sweeper.TaskResult) error {
	return s.updateTask(ctx, result, isLazyEvaluateWorkflow3300)
}

func isLazyEvaluateWorkflow3300(def *model.WorkflowDef, task model.Task) bool {
	return model.TaskByRef(def.Tasks, task.Ref) != nil && isLazyEvaluateWorkflow3138(def, task)
}
