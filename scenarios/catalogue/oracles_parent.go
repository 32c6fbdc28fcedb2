package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// noOrphan judges the end of a run: nobody is left who could end a sub-workflow with its parent.
type noOrphan struct{ memoryless }

func (noOrphan) atRest(v *view) {
	for _, id := range v.world.Workflows() {
		wf, ok := v.world.Workflow(id)
		if !ok || wf.Status.Terminal() || !wf.HasParent() {
			continue
		}
		halfway := v.in.judge.hits.spares(v.world.Object(string(wf.ParentWorkflowID)))
		if parent := v.world.Status(wf.ParentWorkflowID); parent.Terminal() && !halfway {
			v.report(string(id), "%s is %s, and its parent %s is %s", id, wf.Status, wf.ParentWorkflowID, parent)
		}
	}
}

// parentAgrees judges where an end of a run settles.
func parentAgrees(v *view, s *settled) {
	for _, d := range s.disagreements {
		v.report(string(d.parent), "after settling, task %s of %s is %s, and its sub-workflow %s is %s",
			d.task, d.parent, d.status, d.child, d.ended)
	}
}

// disagreement is a SUB_WORKFLOW task whose status is not that of its sub-workflow.
type disagreement struct {
	parent, child model.WorkflowID
	task          model.TaskID
	status        model.TaskStatus
	ended         model.WorkflowStatus
}

// disagreements are those of the world as it is. A task that is not there any more, and a sub-workflow that no task
// has, are another oracle's.
func disagreements(w *world.World) (all []disagreement) {
	for _, id := range w.Workflows() {
		child, ok := w.Workflow(id)
		if !ok || !child.HasParent() {
			continue
		}
		parent, _ := w.Workflow(child.ParentWorkflowID)
		for _, t := range parent.Tasks {
			if t.SubWorkflowID == id && t.Status != statusAsSubWorkflow(child.Status) {
				all = append(all, disagreement{child.ParentWorkflowID, id, t.ID, t.Status, child.Status})
			}
		}
	}
	return all
}

// statusAsSubWorkflow is what SubWorkflow.updateTaskStatus makes of a status.
func statusAsSubWorkflow(s model.WorkflowStatus) model.TaskStatus {
	switch s {
	case model.Completed:
		return model.TaskCompleted
	case model.Failed:
		return model.TaskFailed
	case model.Terminated:
		return model.TaskCanceled
	case model.TimedOut:
		return model.TaskTimedOut
	}
	return model.TaskInProgress
}
