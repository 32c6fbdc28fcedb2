package gate

import (
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

type settingsWire struct {
	SweeperThreadCount         int   `json:"sweeperThreadCount"`
	SweeperWorkflowPollTimeout int64 `json:"sweeperWorkflowPollTimeout"`
	WorkflowOffsetTimeout      int64 `json:"workflowOffsetTimeout"`
	LockEnabled                bool  `json:"lockEnabled"`
	LockLeaseTime              int64 `json:"lockLeaseTime"`
	LockTimeToTry              int64 `json:"lockTimeToTry"`
	RepairServiceEnabled       bool  `json:"repairServiceEnabled"`
	TaskExecutionPostpone      int64 `json:"taskExecutionPostpone"`
	SystemTaskCallback         int64 `json:"systemTaskCallback"`
	SweepBatchSize             int   `json:"sweepBatchSize"`
	QueuePopTimeout            int64 `json:"queuePopTimeout"`
}

func settingsOf(s sweeper.Settings) *settingsWire {
	return &settingsWire{
		s.SweeperThreadCount, int64(s.SweeperWorkflowPollTimeout), int64(s.WorkflowOffsetTimeout), s.LockEnabled,
		int64(s.LockLeaseTime), int64(s.LockTimeToTry), s.RepairServiceEnabled, int64(s.TaskExecutionPostpone),
		int64(s.SystemTaskCallback), s.SweepBatchSize, int64(s.QueuePopTimeout),
	}
}

type workflowWire struct {
	ID           string     `json:"id"`
	Def          string     `json:"def"`
	Status       string     `json:"status"`
	Priority     int        `json:"priority,omitempty"`
	CreateTime   int64      `json:"createTime,omitempty"`
	FailedTaskID string     `json:"failedTaskId,omitempty"`
	Parent       string     `json:"parentWorkflowId,omitempty"`
	ParentTask   string     `json:"parentWorkflowTaskId,omitempty"`
	Tasks        []taskWire `json:"tasks,omitempty"`
}

type taskWire struct {
	ID              string `json:"id"`
	WorkflowID      string `json:"workflowId"`
	Def             string `json:"def,omitempty"` // the workflow's, where the task is read by itself
	Ref             string `json:"ref"`
	Type            string `json:"type"`
	DefName         string `json:"defName,omitempty"`
	Status          string `json:"status"`
	Seq             int    `json:"seq,omitempty"`
	RetryCount      int    `json:"retryCount,omitempty"`
	Iteration       int    `json:"iteration,omitempty"`
	PollCount       int    `json:"pollCount,omitempty"`
	Executed        bool   `json:"executed,omitempty"`
	Retried         bool   `json:"retried,omitempty"`
	RetriedTaskID   string `json:"retriedTaskId,omitempty"`
	CallbackAfter   int64  `json:"callbackAfter,omitempty"`
	ResponseTimeout int64  `json:"responseTimeout,omitempty"`
	Timeout         int64  `json:"timeout,omitempty"`
	ScheduledTime   int64  `json:"scheduledTime,omitempty"`
	StartTime       int64  `json:"startTime,omitempty"`
	UpdateTime      int64  `json:"updateTime,omitempty"`
	SubWorkflowID   string `json:"subWorkflowId,omitempty"`
	Changed         bool   `json:"subworkflowChanged,omitempty"`
	WaitTimeout     int64  `json:"waitTimeout,omitempty"`
}

func workflowToWire(wf model.Workflow) workflowWire {
	w := workflowWire{
		ID: string(wf.ID), Def: wf.Def, Status: wf.Status.String(), Priority: wf.Priority,
		CreateTime: int64(wf.CreateTime), FailedTaskID: string(wf.FailedTaskID),
		Parent: string(wf.ParentWorkflowID), ParentTask: string(wf.ParentWorkflowTaskID),
	}
	for _, t := range wf.Tasks {
		w.Tasks = append(w.Tasks, taskToWire(t))
	}
	return w
}

func taskToWire(t model.Task) taskWire {
	return taskWire{
		ID: string(t.ID), WorkflowID: string(t.WorkflowID), Ref: t.Ref, Type: t.Type.String(), DefName: t.DefName,
		Status: t.Status.String(), Seq: t.Seq, RetryCount: t.RetryCount, Iteration: t.Iteration,
		PollCount: t.PollCount, Executed: t.Executed, Retried: t.Retried, RetriedTaskID: string(t.RetriedTaskID),
		CallbackAfter: int64(t.CallbackAfter), ResponseTimeout: int64(t.ResponseTimeoutSeconds),
		Timeout: int64(t.TimeoutSeconds), ScheduledTime: int64(t.ScheduledTime), StartTime: int64(t.StartTime),
		UpdateTime: int64(t.UpdateTime), SubWorkflowID: string(t.SubWorkflowID), Changed: t.SubworkflowChanged,
		WaitTimeout: int64(t.WaitTimeout),
	}
}

// tasksToWire is never null in JSON.
func tasksToWire(tasks []model.Task) []taskWire {
	wires := make([]taskWire, 0, len(tasks))
	for _, t := range tasks {
		wires = append(wires, taskToWire(t))
	}
	return wires
}

type definitionWire struct {
	Name          string               `json:"name"`
	Timeout       int64                `json:"timeout,omitempty"`
	TimeoutPolicy string               `json:"timeoutPolicy"`
	Restartable   bool                 `json:"restartable"`
	Tasks         []definitionTaskWire `json:"tasks"`
}

type definitionTaskWire struct {
	Ref       string                 `json:"ref"`
	Type      string                 `json:"type"`
	Optional  bool                   `json:"optional,omitempty"`
	Def       taskDefinitionWire     `json:"def"`
	ForkTasks [][]definitionTaskWire `json:"forkTasks,omitempty"`
	JoinOn    []string               `json:"joinOn,omitempty"`
	// SubWorkflow is what a SUB_WORKFLOW starts; Duration how long a WAIT waits, in seconds.
	SubWorkflow string `json:"subWorkflow,omitempty"`
	Duration    int64  `json:"duration,omitempty"`
}

type taskDefinitionWire struct {
	Name            string `json:"name,omitempty"`
	RetryCount      int    `json:"retryCount,omitempty"`
	RetryDelay      int64  `json:"retryDelay,omitempty"`
	Timeout         int64  `json:"timeout,omitempty"`
	TimeoutPolicy   string `json:"timeoutPolicy"`
	ResponseTimeout int64  `json:"responseTimeout,omitempty"`
	PollTimeout     int64  `json:"pollTimeout,omitempty"`
}

func definitionToWire(d *model.WorkflowDef) *definitionWire {
	if d == nil {
		return nil
	}
	return &definitionWire{
		Name: d.Name, Timeout: int64(d.TimeoutSeconds),
		TimeoutPolicy: policyName(d.TimeoutPolicy, model.PolicyAlertOnly), Restartable: !d.NotRestartable,
		Tasks: definitionTasks(d.Tasks),
	}
}

func definitionTasks(tasks []model.WorkflowTask) []definitionTaskWire {
	wires := make([]definitionTaskWire, 0, len(tasks))
	for _, t := range tasks {
		w := definitionTaskWire{Ref: t.Ref, Type: t.Type.String(), Optional: t.Optional, JoinOn: t.JoinOn}
		w.SubWorkflow, w.Duration = t.SubWorkflow, int64(t.Duration)
		w.Def = taskDefinitionWire{
			t.Def.Name, t.Def.RetryCount, int64(t.Def.RetryDelaySeconds), int64(t.Def.TimeoutSeconds),
			policyName(t.Def.TimeoutPolicy, model.PolicyTimeOutWorkflow), int64(t.Def.ResponseTimeoutSeconds),
			int64(t.Def.PollTimeoutSeconds),
		}
		for _, branch := range t.ForkTasks {
			w.ForkTasks = append(w.ForkTasks, definitionTasks(branch))
		}
		wires = append(wires, w)
	}
	return wires
}

// policyName is the engine's name of a timeout policy, with the engine's default put in.
func policyName(p, standard model.TimeoutPolicy) string {
	if p == model.PolicyDefault {
		p = standard
	}
	return [...]string{
		model.PolicyRetry: "RETRY", model.PolicyTimeOutWorkflow: "TIME_OUT_WF", model.PolicyAlertOnly: "ALERT_ONLY",
	}[p]
}

// workflowStatus finds a status by the engine's name.
func workflowStatus(name string) (model.WorkflowStatus, error) {
	if i := slices.Index(model.WorkflowStatusNames(), name); i >= 0 {
		return model.WorkflowStatus(i + 1), nil
	}
	return 0, fmt.Errorf("%w: unknown workflow status %q", ErrGate, name)
}

func taskStatus(name string) (model.TaskStatus, error) {
	if i := slices.Index(model.TaskStatusNames(), name); i >= 0 {
		return model.TaskStatus(i + 1), nil
	}
	return 0, fmt.Errorf("%w: unknown task status %q", ErrGate, name)
}
