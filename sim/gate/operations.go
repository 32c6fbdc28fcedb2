package gate

import (
	"context"
	"encoding/json"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// The arguments of the operations.
type (
	idArgs struct {
		ID string `json:"id"`
	}
	queueArgs struct {
		Queue string `json:"queue"`
		Count int    `json:"count,omitempty"`
	}
	startArgs struct {
		ID  string `json:"id"`
		Def string `json:"def"`
	}
	terminateArgs struct {
		ID     string `json:"id"`
		Reason string `json:"reason"`
	}
	resultArgs struct {
		TaskID        string `json:"taskId"`
		WorkflowID    string `json:"workflowId"`
		Status        string `json:"status"`
		CallbackAfter int64  `json:"callbackAfter,omitempty"`
	}
	retryArgs struct {
		ID     string `json:"id"`
		Resume bool   `json:"resumeSubworkflowTasks,omitempty"`
	}
	rerunArgs struct {
		ID     string `json:"id"`
		TaskID string `json:"taskId,omitempty"`
	}
	restartArgs struct {
		ID     string `json:"id"`
		Latest bool   `json:"useLatestDefinition,omitempty"`
	}
	skipArgs struct {
		ID  string `json:"id"`
		Ref string `json:"ref"`
	}
)

func (s *server) PollAndSweep(ctx context.Context) error {
	_, err := s.do(ctx, "pollAndSweep", nil)
	return err
}

func (s *server) Sweep(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "sweep", idArgs{string(id)})
	return err
}

func (s *server) Decide(ctx context.Context, id model.WorkflowID) (*model.Workflow, error) {
	value, err := s.do(ctx, "decide", idArgs{string(id)})
	if err != nil || len(value) == 0 || string(value) == "null" {
		return nil, err
	}
	wf, err := s.workflow(ctx, value)
	return &wf, err
}

func (s *server) UpdateTask(ctx context.Context, r sweeper.TaskResult) error {
	_, err := s.do(ctx, "updateTask", resultArgs{
		string(r.TaskID), string(r.WorkflowID), r.Status.String(), int64(r.CallbackAfter),
	})
	return err
}

func (s *server) Poll(ctx context.Context, queue string, count int) ([]model.Task, error) {
	value, err := s.do(ctx, "poll", queueArgs{queue, count})
	if err != nil {
		return nil, err
	}
	var wires []taskWire
	if len(value) > 0 {
		if err := json.Unmarshal(value, &wires); err != nil {
			return nil, fmt.Errorf("%w: the tasks of a poll: %w", ErrGate, err)
		}
	}
	return s.run.tasks(wires)
}

func (s *server) PollSystemTasks(ctx context.Context, queue string) error {
	_, err := s.do(ctx, "pollSystemTasks", queueArgs{Queue: queue})
	return err
}

func (s *server) StartWorkflow(ctx context.Context, id model.WorkflowID, def string) error {
	_, err := s.do(ctx, "startWorkflow", startArgs{string(id), def})
	return err
}

func (s *server) TerminateWorkflow(ctx context.Context, id model.WorkflowID, reason string) error {
	_, err := s.do(ctx, "terminateWorkflow", terminateArgs{string(id), reason})
	return err
}

func (s *server) PauseWorkflow(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "pauseWorkflow", idArgs{string(id)})
	return err
}

func (s *server) ResumeWorkflow(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "resumeWorkflow", idArgs{string(id)})
	return err
}

func (s *server) GetWorkflow(ctx context.Context, id model.WorkflowID) (model.Workflow, error) {
	value, err := s.do(ctx, "getWorkflow", idArgs{string(id)})
	if err != nil {
		return model.Workflow{}, err
	}
	return s.workflow(ctx, value)
}

func (s *server) VerifyAndRepairWorkflow(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "verifyAndRepairWorkflow", idArgs{string(id)})
	return err
}

func (s *server) workflow(ctx context.Context, value json.RawMessage) (model.Workflow, error) {
	var w workflowWire
	if err := json.Unmarshal(value, &w); err != nil {
		return model.Workflow{}, fmt.Errorf("%w: a workflow: %w", ErrGate, err)
	}
	return s.run.workflow(ctx, w)
}
