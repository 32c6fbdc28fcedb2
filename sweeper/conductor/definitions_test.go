package conductor_test

import "fermata/model"

func simple(ref string) model.WorkflowTask {
	return model.WorkflowTask{Ref: ref, Type: model.Simple, Def: model.TaskDef{Name: ref}}
}

// definitions are the workflows of the scripts, by name.
var definitions = map[string]*model.WorkflowDef{
	"one": {Name: "one", Tasks: []model.WorkflowTask{simple("t1")}},
	"two": {Name: "two", Tasks: []model.WorkflowTask{simple("t1"), simple("t2")}},
	"fork": {Name: "fork", Tasks: []model.WorkflowTask{
		{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
			{simple("a1"), simple("a2")}, {simple("b")},
		}},
		{Ref: "j", Type: model.Join, JoinOn: []string{"a2", "b"}},
		simple("t"),
	}},
	"forkb": {Name: "forkb", Tasks: []model.WorkflowTask{
		{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
			{simple("a1"), simple("a2")}, {simple("b")},
		}},
		{Ref: "j", Type: model.Join, JoinOn: []string{"b", "a2"}},
	}},
	"nojoin": {Name: "nojoin", Tasks: []model.WorkflowTask{
		{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{{simple("a")}}},
	}},
	"nested": {Name: "nested", Tasks: []model.WorkflowTask{
		{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
			{
				{Ref: "g", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
					{simple("a")}, {simple("b")},
				}},
				{Ref: "k", Type: model.Join, JoinOn: []string{"a", "b"}},
			},
			{simple("c")},
		}},
		{Ref: "j", Type: model.Join, JoinOn: []string{"k", "c"}},
	}},
	"optional": {Name: "optional", Tasks: []model.WorkflowTask{
		{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
			{{Ref: "a", Type: model.Simple, Optional: true, Def: model.TaskDef{Name: "a"}}},
			{simple("b"), simple("c")},
		}},
		{Ref: "j", Type: model.Join, JoinOn: []string{"a", "c"}},
	}},
	"response": {Name: "response", Tasks: []model.WorkflowTask{
		{Ref: "t1", Type: model.Simple, Def: model.TaskDef{
			Name: "t1", RetryCount: 1, RetryDelaySeconds: 5, ResponseTimeoutSeconds: 20}},
	}},
	"slow": {Name: "slow", Tasks: []model.WorkflowTask{
		{Ref: "t1", Type: model.Simple, Def: model.TaskDef{Name: "t1", ResponseTimeoutSeconds: 7200}},
	}},
	"timeouts": {
		Name:           "timeouts",
		TimeoutSeconds: 100,
		TimeoutPolicy:  model.PolicyTimeOutWorkflow,
		Tasks: []model.WorkflowTask{
			{Ref: "t1", Type: model.Simple, Def: model.TaskDef{
				Name: "t1", RetryCount: 1, TimeoutPolicy: model.PolicyRetry, PollTimeoutSeconds: 10}},
			{Ref: "t2", Type: model.Simple, Def: model.TaskDef{
				Name: "t2", TimeoutSeconds: 40, TimeoutPolicy: model.PolicyTimeOutWorkflow}},
		},
	},
	"empty": {Name: "empty"},
}
