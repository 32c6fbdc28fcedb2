package spec_test

import (
	"fmt"

	"fermata/model"
	"fermata/model/spec"
)

// A workflow that was seen COMPLETED is read as RUNNING, after a sweep on a stale copy.
func ExampleCheck() {
	events, err := spec.Parse("history.txt", `
		worker-1  call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
		sweeper-1 call 2 Sweep workflow=w1
		worker-1  return 1 => none
		api-1     call 3 GetWorkflow workflow=w1
		api-1     return 3 => COMPLETED
		sweeper-1 return 2 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => RUNNING`)
	if err != nil {
		fmt.Println(err)
		return
	}
	running := spec.Always(spec.WorkflowState{Status: model.Running})
	verdict, err := spec.Check(spec.Workflow{}, running, spec.Close(events))
	fmt.Println(verdict, err)
	window, _, err := spec.FindWindow(spec.Workflow{}, running, spec.Close(events))
	fmt.Println("operation", window.Last, "of", window.Operations, err)
	// Output:
	// violation <nil>
	// operation 4 of [1 2 3 4] <nil>
}
