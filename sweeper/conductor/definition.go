package conductor

import "fermata/model"

// anyTask tells whether a task of the definition or of its branches satisfies f
// (WorkflowDef.collectTasks).
func anyTask(tasks []model.WorkflowTask, f func(*model.WorkflowTask) bool) bool {
	for i := range tasks {
		if f(&tasks[i]) {
			return true
		}
		for _, branch := range tasks[i].ForkTasks {
			if anyTask(branch, f) {
				return true
			}
		}
	}
	return false
}

// nextTask is WorkflowDef.getNextTask: what follows ref, within its branch or, at a branch's end, after
// its fork; nil at the end of the workflow.
func nextTask(tasks []model.WorkflowTask, ref string) *model.WorkflowTask {
	for i := range tasks {
		inside := false
		for _, branch := range tasks[i].ForkTasks {
			if model.TaskByRef(branch, ref) == nil {
				continue
			}
			inside = true
			if next := nextTask(branch, ref); next != nil {
				return next
			}
		}
		if (inside || tasks[i].Ref == ref) && i+1 < len(tasks) {
			return &tasks[i+1]
		}
	}
	return nil
}

// lastByRef is WorkflowModel.getTaskByRefName: the last task with the reference; nil if there is none.
func lastByRef(tasks []model.Task, ref string) *model.Task {
	for i := len(tasks) - 1; i >= 0; i-- {
		if tasks[i].Ref == ref {
			return &tasks[i]
		}
	}
	return nil
}
