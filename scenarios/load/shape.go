package load

import (
	"fmt"

	"fermata/model"
)

// definition is the workflow's definition.
func (s *Shape) definition() model.WorkflowDef {
	def := model.WorkflowDef{Name: workflowName}
	if s.Branches == 0 {
		def.Tasks = s.chain("t")
		return def
	}
	fork := model.WorkflowTask{Ref: "fork", Type: model.ForkJoin}
	join := model.WorkflowTask{Ref: "join", Type: model.Join}
	for b := range s.Branches {
		tasks := s.chain(branch(b))
		fork.ForkTasks = append(fork.ForkTasks, tasks)
		join.JoinOn = append(join.JoinOn, tasks[len(tasks)-1].Ref)
	}
	def.Tasks = []model.WorkflowTask{fork, join}
	return def
}

// lasts are the references of the last task of each chain.
func (s *Shape) lasts() map[string]bool {
	lasts := map[string]bool{}
	note := func(tasks []model.WorkflowTask) { lasts[tasks[len(tasks)-1].Ref] = true }
	if s.Branches == 0 {
		note(s.chain("t"))
	}
	for b := range s.Branches {
		note(s.chain(branch(b)))
	}
	return lasts
}

func branch(b int) string { return fmt.Sprintf("b%d_t", b+1) }

func (s *Shape) chain(prefix string) []model.WorkflowTask {
	tasks := make([]model.WorkflowTask, s.Tasks)
	for i := range tasks {
		ref := fmt.Sprintf("%s%d", prefix, i+1)
		tasks[i] = model.WorkflowTask{Ref: ref, Type: model.Simple, Def: model.TaskDef{
			Name: ref, RetryCount: s.Retries, ResponseTimeoutSeconds: s.ResponseTimeout,
		}}
	}
	return tasks
}

// queuesOf are the queues of tasks that are polled.
func queuesOf(tasks []model.WorkflowTask, to []string) []string {
	for i := range tasks {
		switch t := &tasks[i]; t.Type {
		case model.Simple:
			to = append(to, t.Def.Name)
		case model.Join:
			to = append(to, model.Join.String())
		case model.ForkJoin:
			for _, branch := range t.ForkTasks {
				to = queuesOf(branch, to)
			}
		}
	}
	return to
}
