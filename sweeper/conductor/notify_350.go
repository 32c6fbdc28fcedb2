package conductor

import (
	"context"

	"fermata/model"
)

// Event is an end that the workflow status listener hears of.
type Event uint8

// The events (WorkflowStatusListener.WorkflowEventType, those of an end).
const (
	EventCompleted Event = 1 + iota
	EventTerminated
	EventFinalized
)

// Notify tells the workflow status listener.
func (s *Server) Notify(ctx context.Context, wf *model.Workflow, event Event) error {
	return s.methods.Notify(ctx, s, wf, event)
}

// notify350 calls the listener in line; its exception is the caller's (3.5.0 to 3.21.12).
func notify350(ctx context.Context, s *Server, wf *model.Workflow, event Event) error {
	switch event {
	case EventCompleted:
		return s.Ports.Listener.OnWorkflowCompleted(ctx, *wf)
	case EventTerminated:
		return s.Ports.Listener.OnWorkflowTerminated(ctx, *wf)
	}
	return s.Ports.Listener.OnWorkflowFinalized(ctx, *wf)
}

// notify32113 is WorkflowExecutorOps.notifyWorkflowStatusListener (3.21.13 on): the listener's exception is
// logged.
func notify32113(ctx context.Context, s *Server, wf *model.Workflow, event Event) error {
	_ = notify350(ctx, s, wf, event)
	return nil
}
