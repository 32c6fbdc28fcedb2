package model

// WorkflowStatus is WorkflowModel.Status. The zero value is no status.
type WorkflowStatus uint8

// The statuses of a workflow (WorkflowModel.Status, the same in every release read).
const (
	Running WorkflowStatus = 1 + iota
	Completed
	Failed
	TimedOut
	Terminated
	Paused
)

type workflowFlags struct {
	name                 string
	terminal, successful bool
}

// PAUSED is not terminal and yet successful; RUNNING is not successful. Both are the engine's.
var workflowStatuses = [...]workflowFlags{
	0:          {"NONE", false, false},
	Running:    {"RUNNING", false, false},
	Completed:  {"COMPLETED", true, true},
	Failed:     {"FAILED", true, false},
	TimedOut:   {"TIMED_OUT", true, false},
	Terminated: {"TERMINATED", true, false},
	Paused:     {"PAUSED", false, true},
}

// Terminal tells whether the status is an end.
func (s WorkflowStatus) Terminal() bool { return workflowStatuses[s].terminal }

// Successful tells whether the engine counts the status as a success.
func (s WorkflowStatus) Successful() bool { return workflowStatuses[s].successful }

// String gives the engine's name of the status.
func (s WorkflowStatus) String() string { return workflowStatuses[s].name }

// WorkflowStatusNames lists the statuses by number, from 1 on.
func WorkflowStatusNames() []string {
	names := make([]string, 0, len(workflowStatuses)-1)
	for _, f := range workflowStatuses[1:] {
		names = append(names, f.name)
	}
	return names
}

// TaskStatus is TaskModel.Status. The zero value is no status.
type TaskStatus uint8

// The statuses of a task (TaskModel.Status). They have a prefix because five of the names are also
// a workflow's.
const (
	TaskInProgress TaskStatus = 1 + iota
	TaskCanceled
	TaskFailed
	TaskFailedWithTerminalError
	TaskCompleted
	TaskCompletedWithErrors
	TaskScheduled
	TaskTimedOut
	TaskSkipped
)

type taskFlags struct {
	name                            string
	terminal, successful, retriable bool
}

var taskStatuses = [...]taskFlags{
	0:                           {"NONE", false, false, false},
	TaskInProgress:              {"IN_PROGRESS", false, true, true},
	TaskCanceled:                {"CANCELED", true, false, false},
	TaskFailed:                  {"FAILED", true, false, true},
	TaskFailedWithTerminalError: {"FAILED_WITH_TERMINAL_ERROR", true, false, false},
	TaskCompleted:               {"COMPLETED", true, true, true},
	TaskCompletedWithErrors:     {"COMPLETED_WITH_ERRORS", true, true, true},
	TaskScheduled:               {"SCHEDULED", false, true, true},
	TaskTimedOut:                {"TIMED_OUT", true, false, true},
	TaskSkipped:                 {"SKIPPED", true, true, false},
}

// Terminal tells whether the status is an end.
func (s TaskStatus) Terminal() bool { return taskStatuses[s].terminal }

// Successful tells whether the engine counts the status as a success; SCHEDULED and IN_PROGRESS are.
func (s TaskStatus) Successful() bool { return taskStatuses[s].successful }

// Retriable tells whether a task in this status may be tried again.
func (s TaskStatus) Retriable() bool { return taskStatuses[s].retriable }

// String gives the engine's name of the status.
func (s TaskStatus) String() string { return taskStatuses[s].name }

// TaskStatusNames lists the statuses by number, from 1 on.
func TaskStatusNames() []string {
	names := make([]string, 0, len(taskStatuses)-1)
	for _, f := range taskStatuses[1:] {
		names = append(names, f.name)
	}
	return names
}
