package conductor

import (
	"context"

	"fermata/model"
)

// decideModel3220 is WorkflowExecutorOps.decide(workflow) of 3.21.23 to 3.22.0: as decideModel3130, and at
// its end it postpones the workflow's next sweep itself.
func decideModel3220(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.decideModel(ctx, wf, s.evaluate3220)
}

// evaluate3220 is what decide(workflow) does inside its try. What it calls itself for has been postponed
// there.
func (s *Server) evaluate3220(ctx context.Context, wf *model.Workflow, def *model.WorkflowDef) error {
	outcome, err := s.decideOutcome(ctx, wf, def)
	if err != nil {
		return err
	}
	if outcome.isComplete {
		return s.endExecution(ctx, wf)
	}
	stateChanged, changed, err := s.carryOut(ctx, wf, outcome)
	if err != nil {
		return err
	}
	if stateChanged {
		return s.DecideModel(ctx, wf)
	}
	return s.writeAndPostpone(ctx, wf, def, changed)
}

// writeAndPostpone writes the workflow if anything changed, and postpones its next sweep unless that is the
// offset which the message has anyway, or nothing but a call from outside can go on with the workflow.
func (s *Server) writeAndPostpone(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, changed bool,
) error {
	if changed {
		if err := s.UpdateWorkflow(ctx, wf); err != nil { // the model's status, written blindly
			return err
		}
	}
	if s.methods.LeavesDecider != nil && s.methods.LeavesDecider(wf) {
		return s.RemoveFromDecider(ctx, wf.ID)
	}
	postpone := s.methods.ComputePostpone(ctx, s, wf, def)
	if postpone == s.Settings.WorkflowOffsetTimeout {
		return nil
	}
	return s.UnackByID(ctx, wf.ID, postpone)
}

// decideModel3221 is WorkflowExecutorOps.decide(workflow) of 3.22.1 on: a loop in place of the recursion of
// decideModel3220, which gives up before the lock's lease ends.
func decideModel3221(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.decideModel(ctx, wf, s.evaluate3221)
}

// leaseGuard is how long before the end of the lease decide stops going round.
const leaseGuard model.Millis = 100

// evaluate3221 is what decide(workflow) does inside its try. It reads the clock only where something is still to
// come that makes it go round.
func (s *Server) evaluate3221(ctx context.Context, wf *model.Workflow, def *model.WorkflowDef) error {
	var begun model.Millis
	if s.mayGoRound(wf, def) {
		begun = s.Ports.Env.Now(ctx)
	}
	for {
		outcome, err := s.decideOutcome(ctx, wf, def)
		if err != nil {
			return err
		}
		if outcome.isComplete {
			return s.endExecution(ctx, wf)
		}
		stateChanged, changed, err := s.carryOut(ctx, wf, outcome)
		if err != nil {
			return err
		}
		if !stateChanged {
			return s.writeAndPostpone(ctx, wf, def, changed)
		}
		if s.Ports.Env.Now(ctx)-begun < s.Settings.LockLeaseTime-leaseGuard {
			continue
		}
		if err := s.UpdateWorkflow(ctx, wf); err != nil {
			return err
		}
		return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(wf.ID), DefaultPriority, 0)
	}
}

// mayGoRound tells whether a synchronous system task is still to be started, or may end.
func (s *Server) mayGoRound(wf *model.Workflow, def *model.WorkflowDef) bool {
	return anyTask(def.Tasks, func(t *model.WorkflowTask) bool {
		task := lastByRef(wf.Tasks, t.Ref)
		if task == nil {
			return t.Type == model.ForkJoin || s.isSync(t.Type)
		}
		return t.Type == model.SubWorkflow && s.isSync(t.Type) && task.Status != model.TaskCompleted
	})
}
