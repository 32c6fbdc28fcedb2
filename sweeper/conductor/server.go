package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// ErrIllegalState is IllegalStateException: the operation does not fit the state (resume of a workflow
// that is not paused), or its service is not configured (repair).
var ErrIllegalState = errors.New("conductor: illegal state")

// Server is one running engine: the reconciler, sweeper, repair service, executor, execution service,
// facade and lock service of the Java, over one set of ports. It keeps nothing between operations.
// Methods with the engine's own overloads on a workflow model end in Model.
type Server struct {
	Ports    sweeper.Ports
	Settings sweeper.Settings
	methods  Methods
}

var _ sweeper.FullServer = (*Server)(nil)

// Methods is what differs between releases: one body for each method. A field is nil where the release
// has no such method.
type Methods struct {
	// WorkflowReconciler, WorkflowSweeper and WorkflowRepairService.
	PollAndSweep        func(ctx context.Context, s *Server) error
	Sweep               func(ctx context.Context, s *Server, id model.WorkflowID) error
	Unack               func(ctx context.Context, s *Server, wf *model.Workflow, offset model.Seconds) error
	VerifyAndRepairTask func(ctx context.Context, s *Server, task *model.Task) (bool, error)
	EnsureInDecider     func(ctx context.Context, s *Server, id model.WorkflowID) error

	// WorkflowExecutor. A model is changed in place.
	Decide                 func(ctx context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error)
	DecideWithLock         func(ctx context.Context, s *Server, wf *model.Workflow) (*model.Workflow, error)
	DecideModel            func(ctx context.Context, s *Server, wf *model.Workflow) error
	CompleteWorkflow       func(ctx context.Context, s *Server, wf *model.Workflow) error
	CancelNonTerminalTasks func(ctx context.Context, s *Server, wf *model.Workflow) error
	TerminateWorkflow      func(ctx context.Context, s *Server, id model.WorkflowID, reason string) error
	TerminateModel         func(ctx context.Context, s *Server, wf *model.Workflow, reason string) error
	UpdateTask             func(ctx context.Context, s *Server, result sweeper.TaskResult) error
	PauseWorkflow          func(ctx context.Context, s *Server, id model.WorkflowID) error
	ResumeWorkflow         func(ctx context.Context, s *Server, id model.WorkflowID) error
	// What an operator asks for. RetryModel is retry(workflow); RemoveWorkflow is ExecutionDAOFacade's, RequeueSweep
	// AdminServiceImpl's.
	RetryWorkflow       func(ctx context.Context, s *Server, id model.WorkflowID, resume bool) error
	RetryModel          func(ctx context.Context, s *Server, wf *model.Workflow) error
	TaskToBeRescheduled func(ctx context.Context, s *Server, task *model.Task) model.Task
	RerunWorkflow       func(ctx context.Context, s *Server, id model.WorkflowID, fromTask model.TaskID) error
	RestartWorkflow     func(ctx context.Context, s *Server, id model.WorkflowID, useLatest bool) error
	SkipTask            func(ctx context.Context, s *Server, id model.WorkflowID, ref string) error
	ResetCallbacks      func(ctx context.Context, s *Server, id model.WorkflowID) error
	RemoveWorkflow      func(ctx context.Context, s *Server, id model.WorkflowID) error
	RequeueSweep        func(ctx context.Context, s *Server, id model.WorkflowID) (bool, error)
	// Notify tells the workflow status listener of an end, and says what becomes of its exception.
	Notify func(ctx context.Context, s *Server, wf *model.Workflow, event Event) error
	// ComputePostpone is ExecutorUtils.computePostpone: when decide(workflow) wants the next sweep.
	ComputePostpone func(
		ctx context.Context, s *Server, wf *model.Workflow, def *model.WorkflowDef,
	) model.Seconds
	// CheckForWorkflowCompletion is DeciderService's.
	CheckForWorkflowCompletion func(wf *model.Workflow, def *model.WorkflowDef) bool
	// ResetRetriedTask is DeciderService.resetRetriedTaskRuntimeState: what a repeated task does not keep.
	ResetRetriedTask func(task *model.Task)

	// What completeWorkflow and terminateWorkflow do to the parent's task, and retry, rerun and restart to everyone
	// above.
	UpdateParentWorkflowTask func(ctx context.Context, s *Server, wf *model.Workflow) error
	UpdateAndPushParents     func(ctx context.Context, s *Server, wf *model.Workflow) error
	// LeavesDecider tells whether decide takes the workflow out of the decider queue: see hasInProgressHumanTask3310.
	LeavesDecider func(wf *model.Workflow) bool

	// WorkflowSystemTask.isAsync, SubWorkflow and Wait.getEvaluationOffset.
	IsAsync            func(t model.TaskType) bool
	StartSubWorkflow   func(ctx context.Context, s *Server, task *model.Task)
	ExecuteSubWorkflow func(ctx context.Context, s *Server, task *model.Task) (bool, error)
	CancelSubWorkflow  func(ctx context.Context, s *Server, task *model.Task) error
	WaitOffset         func(ctx context.Context, s *Server, task *model.Task) model.Seconds

	// StartWorkflowOperation, ExecutionService, SystemTaskWorker, AsyncSystemTaskExecutor and Join.
	CreateAndEvaluate func(ctx context.Context, s *Server, wf *model.Workflow) error
	Poll              func(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error)
	PollSystemTasks   func(ctx context.Context, s *Server, queue string) error
	ExecuteSystemTask func(ctx context.Context, s *Server, queue string, id model.TaskID) error
	Join              func(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) (bool, error)
	// EvaluationOffset is Join.getEvaluationOffset: how long a JOIN that is not done waits.
	EvaluationOffset func(s *Server, pollCount int) model.Seconds
}

// New makes an engine of the methods. It is a foreign one: its code is run anew in every schedule, unless its author
// sets Memoisable.
func New(name, about string, methods Methods) sweeper.Engine {
	server := func(ports sweeper.Ports, settings sweeper.Settings) sweeper.Server {
		return &Server{Ports: ports, Settings: settings, methods: methods}
	}
	return sweeper.Engine{Name: name, About: about, New: server}
}

// released makes an engine of this package, which keeps nothing between operations.
func released(name, about string, methods Methods) sweeper.Engine {
	e := New(name, about, methods)
	e.Memoisable = true
	return e
}

// PollAndSweep is WorkflowReconciler.pollAndSweep.
func (s *Server) PollAndSweep(ctx context.Context) error { return s.methods.PollAndSweep(ctx, s) }

// Sweep is WorkflowSweeper.sweep.
func (s *Server) Sweep(ctx context.Context, id model.WorkflowID) error {
	return s.methods.Sweep(ctx, s, id)
}

// Unack is WorkflowSweeper.unack: it postpones the sweep as the first active task of wf suggests, or by
// offset where that suggests nothing.
func (s *Server) Unack(ctx context.Context, wf *model.Workflow, offset model.Seconds) error {
	return s.methods.Unack(ctx, s, wf, offset)
}

// VerifyAndRepairTask is WorkflowRepairService.verifyAndRepairTask; it tells whether it repaired.
func (s *Server) VerifyAndRepairTask(ctx context.Context, task *model.Task) (bool, error) {
	return s.methods.VerifyAndRepairTask(ctx, s, task)
}

// Decide is WorkflowExecutor.decide(workflowId).
func (s *Server) Decide(ctx context.Context, id model.WorkflowID) (*model.Workflow, error) {
	return s.methods.Decide(ctx, s, id)
}

// DecideWithLock is WorkflowExecutor.decideWithLock(workflow): nil without error means that the lock
// was missed.
func (s *Server) DecideWithLock(ctx context.Context, wf *model.Workflow) (*model.Workflow, error) {
	return s.methods.DecideWithLock(ctx, s, wf)
}

// DecideModel is WorkflowExecutor.decide(workflow), which takes no lock.
func (s *Server) DecideModel(ctx context.Context, wf *model.Workflow) error {
	return s.methods.DecideModel(ctx, s, wf)
}

// CompleteWorkflow is WorkflowExecutor.completeWorkflow.
func (s *Server) CompleteWorkflow(ctx context.Context, wf *model.Workflow) error {
	return s.methods.CompleteWorkflow(ctx, s, wf)
}

// CancelNonTerminalTasks is WorkflowExecutor.cancelNonTerminalTasks.
func (s *Server) CancelNonTerminalTasks(ctx context.Context, wf *model.Workflow) error {
	return s.methods.CancelNonTerminalTasks(ctx, s, wf)
}

// TerminateWorkflow is WorkflowExecutor.terminateWorkflow(workflowId, reason).
func (s *Server) TerminateWorkflow(ctx context.Context, id model.WorkflowID, reason string) error {
	return s.methods.TerminateWorkflow(ctx, s, id, reason)
}

// TerminateModel is WorkflowExecutor.terminateWorkflow(workflow, reason, failureWorkflow), without
// failure workflows.
func (s *Server) TerminateModel(ctx context.Context, wf *model.Workflow, reason string) error {
	return s.methods.TerminateModel(ctx, s, wf, reason)
}

// UpdateTask is WorkflowExecutor.updateTask.
func (s *Server) UpdateTask(ctx context.Context, result sweeper.TaskResult) error {
	return s.methods.UpdateTask(ctx, s, result)
}

// PauseWorkflow is WorkflowExecutor.pauseWorkflow.
func (s *Server) PauseWorkflow(ctx context.Context, id model.WorkflowID) error {
	return s.methods.PauseWorkflow(ctx, s, id)
}

// ResumeWorkflow is WorkflowExecutor.resumeWorkflow.
func (s *Server) ResumeWorkflow(ctx context.Context, id model.WorkflowID) error {
	return s.methods.ResumeWorkflow(ctx, s, id)
}

// Poll is ExecutionService.poll.
func (s *Server) Poll(ctx context.Context, queue string, count int) ([]model.Task, error) {
	return s.methods.Poll(ctx, s, queue, count)
}

// PollSystemTasks is SystemTaskWorker.pollAndExecute.
func (s *Server) PollSystemTasks(ctx context.Context, queue string) error {
	return s.methods.PollSystemTasks(ctx, s, queue)
}
