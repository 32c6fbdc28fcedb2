package conformance

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"fermata/model"
)

// Situation is one scripted situation.
type Situation struct {
	Name string
	// Covers names the branch of the engine that it is about.
	Covers string
	// Only lists the releases that it is for; empty for all.
	Only []string

	definitions []model.WorkflowDef
	workflows   []model.Workflow
	messages    []message
	repair      bool
	lockOff     bool
	calls       []call
	order       []string
}

type message struct {
	queue, id string
	priority  int
	in        model.Seconds
}

// call is one operation of an actor, in words.
type call struct {
	actor string
	words []string
}

// start is the virtual time at which situations begin, as the world has it.
const start model.Millis = 1_000_000

// Parse reads situations: see testdata/conformance/situations for the words.
func Parse(r io.Reader, file string) ([]*Situation, error) {
	p := &parser{}
	scan := bufio.NewScanner(r)
	for number := 1; scan.Scan(); number++ {
		text, _, _ := strings.Cut(" "+scan.Text(), " #") // a "#" within a word is a task's attempt
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		if err := p.line(words); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	return p.all, scan.Err()
}

type parser struct {
	all []*Situation
	s   *Situation
}

// least is how many words a line has that begins with one of these.
var least = map[string]int{"situation": 2, "def": 2, ".": 2, "workflow": 4, "task": 3, "message": 3}

func (p *parser) line(words []string) error {
	if n := least[words[0]]; len(words) < n {
		return fmt.Errorf("%d words: expected at least %d behind %q", len(words)-1, n-1, words[0])
	}
	if words[0] == "situation" {
		p.s = &Situation{Name: words[1]}
		p.all = append(p.all, p.s)
		return nil
	}
	if p.s == nil {
		return fmt.Errorf("expected \"situation NAME\" first")
	}
	switch words[0] {
	case "covers":
		p.s.Covers = strings.Join(words[1:], " ")
	case "only":
		p.s.Only = words[1:]
	case "def":
		return p.definition(words[1:])
	case ".":
		return p.task(words[1:])
	case "workflow":
		return p.workflow(words[1:])
	case "task":
		return p.row(words[1:])
	case "message":
		a, err := attributes(words[3:], "in", "priority")
		p.s.messages = append(p.s.messages, message{words[1], words[2], a["priority"], model.Seconds(a["in"])})
		return err
	case "repair":
		p.s.repair = true
	case "nolock":
		p.s.lockOff = true
	case "order":
		p.s.order = append(p.s.order, words[1:]...)
	default:
		if len(words) < 2 || len(words[0]) != 1 {
			return fmt.Errorf("unknown line %q", words)
		}
		p.s.calls = append(p.s.calls, call{words[0], words[1:]})
	}
	return nil
}

// attributes reads "key=number" words and bare keys, which are 1.
func attributes(words []string, known ...string) (map[string]int, error) {
	a := map[string]int{}
	for _, w := range words {
		key, value, given := strings.Cut(w, "=")
		n := 1
		if given {
			var err error
			if n, err = strconv.Atoi(value); err != nil {
				return nil, fmt.Errorf("%q: expected a number", w)
			}
		}
		if !contains(known, key) {
			return nil, fmt.Errorf("unknown attribute %q: expected one of %s", key, strings.Join(known, ", "))
		}
		a[key] = n
	}
	return a, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (p *parser) definition(words []string) error {
	a, err := attributes(words[1:], "timeout", "alert", "unrestartable")
	d := model.WorkflowDef{Name: words[0], TimeoutSeconds: model.Seconds(a["timeout"])}
	if a["timeout"] > 0 && a["alert"] == 0 {
		d.TimeoutPolicy = model.PolicyTimeOutWorkflow
	}
	d.NotRestartable = a["unrestartable"] == 1
	p.s.definitions = append(p.s.definitions, d)
	return err
}

// task is one task of the definition above: "NAME ATTRIBUTES", "fork NAME | a b | c" or "join NAME a b"; in
// a branch, "a?" is optional. See named for what else a name can be.
func (p *parser) task(words []string) error {
	if len(p.s.definitions) == 0 {
		return fmt.Errorf("a task without a definition: expected \"def NAME\" first")
	}
	d := &p.s.definitions[len(p.s.definitions)-1]
	var t model.WorkflowTask
	switch {
	case len(words) < 3 && (words[0] == "fork" || words[0] == "join"):
		return fmt.Errorf("%q: expected fork NAME | a | b, or join NAME a b", words)
	case words[0] == "fork":
		t = model.WorkflowTask{Ref: words[1], Type: model.ForkJoin}
		for _, branch := range strings.Split(strings.Join(words[3:], " "), "|") {
			var tasks []model.WorkflowTask
			for _, ref := range strings.Fields(branch) {
				name, optional := strings.CutSuffix(ref, "?")
				task := named(name)
				task.Optional = optional
				tasks = append(tasks, task)
			}
			t.ForkTasks = append(t.ForkTasks, tasks)
		}
	case words[0] == "join":
		t = model.WorkflowTask{Ref: words[1], Type: model.Join, JoinOn: words[2:]}
	default:
		t = named(words[0])
		a, err := attributes(
			words[1:],
			"retry",
			"delay",
			"timeout",
			"response",
			"poll",
			"optional",
			"again",
			"alert",
			"duration",
		)
		if err != nil {
			return err
		}
		t.Optional, t.Duration = a["optional"] == 1, model.Seconds(a["duration"])
		if t.Type != model.Simple && a["retry"] > 0 {
			t.Def.Name = t.Ref
		}
		t.Def.RetryCount, t.Def.RetryDelaySeconds = a["retry"], model.Seconds(a["delay"])
		t.Def.TimeoutSeconds, t.Def.PollTimeoutSeconds = model.Seconds(a["timeout"]), model.Seconds(a["poll"])
		t.Def.ResponseTimeoutSeconds = model.Seconds(a["response"])
		switch {
		case a["again"] == 1:
			t.Def.TimeoutPolicy = model.PolicyRetry
		case a["alert"] == 1:
			t.Def.TimeoutPolicy = model.PolicyAlertOnly
		}
	}
	d.Tasks = append(d.Tasks, t)
	return nil
}

// named is a SIMPLE task, or "NAME:sub=DEFINITION", "NAME:wait" or "NAME:human".
func named(name string) model.WorkflowTask {
	ref, kind, _ := strings.Cut(name, ":")
	kind, sub, _ := strings.Cut(kind, "=")
	switch kind {
	case "sub":
		return model.WorkflowTask{Ref: ref, Type: model.SubWorkflow, SubWorkflow: sub}
	case "wait":
		return model.WorkflowTask{Ref: ref, Type: model.Wait}
	case "human":
		return model.WorkflowTask{Ref: ref, Type: model.Human}
	}
	return model.WorkflowTask{Ref: name, Type: model.Simple, Def: model.TaskDef{Name: name}}
}

// workflow is "workflow ID DEFINITION STATUS", with how long ago it was created, and "parent=ID/TASK".
func (p *parser) workflow(words []string) error {
	words, parent := cut(words, "parent=")
	a, err := attributes(words[3:], "age", "priority")
	if err != nil {
		return err
	}
	status, err := workflowStatus(words[2])
	if err != nil {
		return err
	}
	wf := model.Workflow{WorkflowRecord: model.WorkflowRecord{
		ID: model.WorkflowID(words[0]), Def: words[1], Status: status, Priority: a["priority"],
	}}
	by, task, _ := strings.Cut(parent, "/")
	wf.ParentWorkflowID, wf.ParentWorkflowTaskID = model.WorkflowID(by), model.TaskID(task)
	if age, ok := a["age"]; ok {
		wf.CreateTime = start - model.Seconds(age).Millis()
	}
	p.s.workflows = append(p.s.workflows, wf)
	return nil
}

// cut takes the word that begins so out of the words, and gives what is behind that beginning.
func cut(words []string, prefix string) (rest []string, value string) {
	for _, w := range words {
		if v, found := strings.CutPrefix(w, prefix); found {
			value = v
			continue
		}
		rest = append(rest, w)
	}
	return rest, value
}

// row is "task REF STATUS", of the workflow above, with its fields; times are how long ago, but for "until", which is
// how long it takes yet. "sub=ID" is the workflow that it has started.
func (p *parser) row(words []string) error {
	words, sub := cut(words, "sub=")
	a, err := attributes(words[2:], "retry", "executed", "retried", "polls", "callback", "started", "updated",
		"scheduled", "copy", "changed", "until")
	if err != nil {
		return err
	}
	status, err := taskStatus(words[1])
	if err != nil {
		return err
	}
	if len(p.s.workflows) == 0 {
		return fmt.Errorf("a task without a workflow: expected \"workflow ID DEFINITION STATUS\" first")
	}
	wf := &p.s.workflows[len(p.s.workflows)-1]
	wt := p.find(wf.Def, words[0])
	if wt == nil {
		return fmt.Errorf("%s has no task %q", wf.Def, words[0])
	}
	t := model.Task{
		ID: model.TaskID(words[0]), WorkflowID: wf.ID, Ref: words[0], Type: wt.Type, Status: status,
		Seq: len(wf.Tasks) + 1, RetryCount: a["retry"], PollCount: a["polls"], Executed: a["executed"] == 1,
		Retried: a["retried"] == 1, CallbackAfter: model.Seconds(a["callback"]),
		DefName: wt.Def.Name, ResponseTimeoutSeconds: wt.Def.ResponseTimeoutSeconds,
		TimeoutSeconds: wt.Def.TimeoutSeconds, SubWorkflowID: model.WorkflowID(sub),
		SubworkflowChanged: a["changed"] == 1,
	}
	if n := a["retry"]; n > 0 {
		t.ID, t.RetriedTaskID = model.TaskID(words[0]+"#"+strconv.Itoa(n)), t.ID
		if n > 1 {
			t.RetriedTaskID = model.TaskID(words[0] + "#" + strconv.Itoa(n-1))
		}
	}
	switch wt.Type {
	case model.ForkJoin:
		t.Type, t.DefName = model.Fork, model.Fork.String()
	case model.SubWorkflow:
		t.DefName = wt.SubWorkflow
	case model.Join, model.Wait, model.Human:
		t.DefName = wt.Type.String()
	}
	if left, ok := a["until"]; ok {
		t.WaitTimeout = start + model.Seconds(left).Millis()
	}
	for key, field := range map[string]*model.Millis{ //tidy:unordered each is its own field
		"started": &t.StartTime, "updated": &t.UpdateTime, "scheduled": &t.ScheduledTime,
	} {
		if ago, ok := a[key]; ok {
			*field = start - model.Seconds(ago).Millis()
		}
	}
	wf.Tasks = append(wf.Tasks, t)
	return nil
}

func (p *parser) find(def, ref string) *model.WorkflowTask {
	for i := range p.s.definitions {
		if p.s.definitions[i].Name == def {
			return model.TaskByRef(p.s.definitions[i].Tasks, ref)
		}
	}
	return nil
}

func workflowStatus(name string) (model.WorkflowStatus, error) {
	for i, n := range model.WorkflowStatusNames() {
		if n == name {
			return model.WorkflowStatus(i + 1), nil
		}
	}
	return 0, fmt.Errorf("unknown workflow status %q", name)
}

func taskStatus(name string) (model.TaskStatus, error) {
	for i, n := range model.TaskStatusNames() {
		if n == name {
			return model.TaskStatus(i + 1), nil
		}
	}
	return 0, fmt.Errorf("unknown task status %q", name)
}

// Failing is the situation with an error at the first actor's step number n, from 0, without or with its
// effect; the steps before it are that actor's. Nil if the situation has an order of its own.
func (s *Situation) Failing(n int, after bool) *Situation {
	if len(s.order) > 0 || len(s.calls) == 0 {
		return nil
	}
	f, actor, kind := *s, s.calls[0].actor, "!before"
	if after {
		kind = "!after"
	}
	f.Name = fmt.Sprintf("%s, step %d fails%s", s.Name, n+1, kind)
	if n > 0 {
		f.order = append(f.order, actor+strconv.Itoa(n))
	}
	f.order = append(f.order, actor+kind)
	return &f
}
