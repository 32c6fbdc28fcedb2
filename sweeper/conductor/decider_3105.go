package conductor

import "fermata/model"

// checkForWorkflowCompletion3105 is DeciderService.checkForWorkflowCompletion of 3.10.5 to 3.15.0: as
// checkForWorkflowCompletion3160, and the last row of every task at the top of the definition is a success. A retry
// that was cut short leaves one that is none, and the workflow then never completes.
func checkForWorkflowCompletion3105(wf *model.Workflow, def *model.WorkflowDef) bool {
	for i := range def.Tasks {
		if last := lastByRef(wf.Tasks, def.Tasks[i].Ref); last != nil && !last.Status.Successful() {
			return false
		}
	}
	return checkForWorkflowCompletion3160(wf, def)
}
