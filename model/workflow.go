package model

// DeciderQueue is the queue of workflows waiting to be swept (Utils.DECIDER_QUEUE).
const DeciderQueue = "_deciderQueue"

// WorkflowID names a workflow; it is also the id of its message in the decider queue.
type WorkflowID string

// TaskID names a task; it is also the id of its message in its task queue.
type TaskID string

// WorkflowRecord is what the store keeps of a workflow: WorkflowModel without its tasks. It is
// comparable.
type WorkflowRecord struct {
	ID     WorkflowID
	Def    string // name of the definition, see MetadataDAO
	Status WorkflowStatus
	// Priority goes with every message pushed for the workflow, 0 to 99.
	Priority int
	// CreateTime is set only if the definition has a workflow timeout, which alone reads it.
	CreateTime Millis
	// FailedTaskID is the task that ended the workflow, if one did.
	FailedTaskID TaskID
	// ParentWorkflowID and ParentWorkflowTaskID are the workflow and its SUB_WORKFLOW task that started this one.
	ParentWorkflowID     WorkflowID
	ParentWorkflowTaskID TaskID
}

// HasParent is WorkflowModel.hasParent.
func (r WorkflowRecord) HasParent() bool { return r.ParentWorkflowID != "" }

// Workflow is WorkflowModel: the record with its tasks by sequence number.
type Workflow struct {
	WorkflowRecord
	Tasks []Task
}

// Clone returns a copy that shares nothing with w.
func (w Workflow) Clone() Workflow {
	w.Tasks = append([]Task(nil), w.Tasks...)
	return w
}

// Task is TaskModel, as far as deciding depends on it. It is comparable.
type Task struct {
	ID         TaskID
	WorkflowID WorkflowID
	Ref        string // reference name in the definition
	Type       TaskType
	DefName    string // name of the task definition; SIMPLE tasks queue under it
	Status     TaskStatus
	Seq        int
	RetryCount int
	Iteration  int
	PollCount  int
	Executed   bool // its successors have been worked out
	Retried    bool // a later task repeats it
	// RetriedTaskID is the task that this one repeats.
	RetriedTaskID          TaskID
	CallbackAfter          Seconds
	ResponseTimeoutSeconds Seconds
	// TimeoutSeconds is the definition's, which the engine's record carries with it: a poll sees the
	// record alone and sets StartTime by it.
	TimeoutSeconds Seconds
	// ScheduledTime, StartTime and UpdateTime are set only if the definition has a timeout that
	// reads them.
	ScheduledTime Millis
	StartTime     Millis
	UpdateTime    Millis
	// SubWorkflowID is the workflow that a SUB_WORKFLOW task has started; SubworkflowChanged, that it was retried,
	// rerun or restarted and the parent has not been decided since.
	SubWorkflowID      WorkflowID
	SubworkflowChanged bool
	// WaitTimeout is the time until which a WAIT waits; 0 is for ever.
	WaitTimeout Millis
}

// QueueName is the queue that the task's message is in (QueueUtils.getQueueName without domain,
// isolation group and namespace).
func (t Task) QueueName() string {
	if t.Type == Simple {
		return t.DefName
	}
	return t.Type.String()
}

// TaskType is TaskType of the engine, as far as it is modelled. The zero value is no type.
type TaskType uint8

// The task types. FORK is the type of the task row that a FORK_JOIN definition makes.
const (
	Simple TaskType = 1 + iota
	ForkJoin
	Fork
	Join
	SubWorkflow
	Wait
	Human
)

var taskTypeNames = [...]string{
	0: "NONE", Simple: "SIMPLE", ForkJoin: "FORK_JOIN", Fork: "FORK", Join: "JOIN", SubWorkflow: "SUB_WORKFLOW",
	Wait: "WAIT", Human: "HUMAN",
}

// TaskTypeNames lists the types by number, from 1 on.
func TaskTypeNames() []string { return append([]string(nil), taskTypeNames[1:]...) }

// String gives the engine's name of the type.
func (t TaskType) String() string { return taskTypeNames[t] }

// System tells whether the engine itself executes the task (SystemTaskRegistry.isSystemTask).
func (t TaskType) System() bool { return t >= Fork }

// BuiltIn tells whether the type is one of the definition's own structure, which is never repeated
// (TaskType.isBuiltIn).
func (t TaskType) BuiltIn() bool { return t == ForkJoin || t == Fork || t == Join }

// TimeoutPolicy says what follows when a task or a workflow times out.
type TimeoutPolicy uint8

// The policies (TaskDef.TimeoutPolicy and WorkflowDef.TimeoutPolicy). The zero value is the engine's
// default: TIME_OUT_WF for a task, ALERT_ONLY for a workflow.
const (
	PolicyDefault TimeoutPolicy = iota
	PolicyRetry
	PolicyTimeOutWorkflow
	PolicyAlertOnly
)

// TaskDef is the definition of a task. All times 0 mean never.
type TaskDef struct {
	Name                   string
	RetryCount             int
	RetryDelaySeconds      Seconds
	TimeoutSeconds         Seconds
	TimeoutPolicy          TimeoutPolicy
	ResponseTimeoutSeconds Seconds
	PollTimeoutSeconds     Seconds
}

// WorkflowTask is one task of a workflow's definition.
type WorkflowTask struct {
	Ref      string
	Type     TaskType // any but FORK
	Def      TaskDef
	Optional bool
	// ForkTasks are the branches of a FORK_JOIN; JoinOn the references that a JOIN waits for.
	ForkTasks [][]WorkflowTask
	JoinOn    []string
	// SubWorkflow is the name of the definition that a SUB_WORKFLOW starts (SubWorkflowParams).
	SubWorkflow string
	// Duration is for how long a WAIT waits; 0 is for ever.
	Duration Seconds
}

// WorkflowDef is the definition of a workflow: constant data, never changed after it is made.
type WorkflowDef struct {
	Name           string
	Tasks          []WorkflowTask
	TimeoutSeconds Seconds
	TimeoutPolicy  TimeoutPolicy
	// NotRestartable says that a COMPLETED workflow cannot be restarted (restartable is false).
	NotRestartable bool
}

// TaskByRef is the task of a definition, or of the branches of its forks, with the reference
// (WorkflowDef.getTaskByRefName); nil if there is none.
func TaskByRef(tasks []WorkflowTask, ref string) *WorkflowTask {
	for i := range tasks {
		if tasks[i].Ref == ref {
			return &tasks[i]
		}
		for _, branch := range tasks[i].ForkTasks {
			if found := TaskByRef(branch, ref); found != nil {
				return found
			}
		}
	}
	return nil
}
