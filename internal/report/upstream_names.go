package report

import (
	"strings"
	"unicode"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// upstreamEngine is how an engine is called where it comes from.
type upstreamEngine struct {
	title string // for a sentence
	// executor, sweeper and poller are the classes that decide, sweep, and take from the decider queue.
	executor, sweeper, poller string
	// compared is the release whose classes its text, or that of a release next to it, is held against; empty for none.
	compared string
	// repairsAlways tells that its sweep repairs whether the repair service is enabled or not; batch that it takes
	// sweep-batch-size messages at once.
	repairsAlways, batch bool
}

// comparedWith are the released classes that stand for a text (docs/conformance.md).
var comparedWith = map[string]string{
	"conductor-3.14.0": "3.14.0", "conductor-3.17.0": "3.15.0", "conductor-3.21.3": "3.21.14",
	"conductor-3.22.3": "3.22.0", "conductor-3.31.2": "3.32.3",
}

// oldSweepers are the releases with com.netflix.conductor's sweeper, and of those executorClass the ones whose executor
// is a class: it is an interface, and WorkflowExecutorOps the class, since 3.21.3. Every other release is newer.
var (
	oldSweepers = map[string]bool{
		"conductor-3.14.0": true, "conductor-3.17.0": true, "conductor-3.21.3": true, "conductor-3.21.12": true,
		"conductor-3.21.15": true,
	}
	executorClass = map[string]bool{"conductor-3.14.0": true, "conductor-3.17.0": true}
)

// upstreamOf says how an engine is called upstream. What is no release is of 3.17.0's text, or another's.
func upstreamOf(engine string) upstreamEngine {
	release, _, changed := strings.Cut(engine, "+")
	u := upstreamEngine{
		title: engine, executor: "WorkflowExecutor", sweeper: "WorkflowSweeper", poller: "WorkflowReconciler",
		compared: comparedWith[engine],
	}
	version, conductor := strings.CutPrefix(release, "conductor-")
	switch {
	case !catalogue.IsRelease(release):
		return u
	case !conductor:
		u.title, u.sweeper, u.poller = "Orkes' community edition", "OrkesWorkflowSweepWorker", "OrkesWorkflowSweeper"
	default:
		u.title = "Conductor " + version
		if !executorClass[release] {
			u.executor = "WorkflowExecutorOps"
		}
		if !oldSweepers[release] {
			u.poller, u.repairsAlways, u.batch = "WorkflowSweeper", true, true
		}
	}
	if changed {
		u.title = engine
	}
	return u
}

// javaMethods are the engine's own names of the methods whose text makes the steps, by the Go name without a release.
var javaMethods = map[string]string{
	"pollAndSweep":             "POLLER.pollAndSweep",
	"sweep":                    "SWEEPER.sweep",
	"unack":                    "SWEEPER.unack",
	"verifyAndRepairTask":      "WorkflowRepairService.verifyAndRepairTask",
	"decide":                   "EXECUTOR.decide(workflowId)",
	"decideWithLock":           "EXECUTOR.decideWithLock",
	"decideModel":              "EXECUTOR.decide(workflow)",
	"scheduleTask":             "EXECUTOR.scheduleTask",
	"addTasksToQueue":          "EXECUTOR.addTaskToQueue",
	"endExecution":             "EXECUTOR.endExecution",
	"completeWorkflow":         "EXECUTOR.completeWorkflow",
	"cancelNonTerminalTasks":   "EXECUTOR.cancelNonTerminalTasks",
	"terminateWorkflow":        "EXECUTOR.terminateWorkflow(workflowId, reason)",
	"terminateModel":           "EXECUTOR.terminateWorkflow(workflow, reason)",
	"updateTask":               "EXECUTOR.updateTask",
	"pauseWorkflow":            "EXECUTOR.pauseWorkflow",
	"resumeWorkflow":           "EXECUTOR.resumeWorkflow",
	"retryWorkflow":            "EXECUTOR.retry",
	"rerunWorkflow":            "EXECUTOR.rerun",
	"restartWorkflow":          "EXECUTOR.restart",
	"skipTask":                 "EXECUTOR.skipTaskFromWorkflow",
	"retryModel":               "EXECUTOR.retry",
	"updateParentWorkflowTask": "EXECUTOR.updateParentWorkflowTask",
	"updateAndPushParents":     "EXECUTOR.updateAndPushParents",
	"startSubWorkflow":         "SubWorkflow.start",
	"executeSubWorkflow":       "SubWorkflow.execute",
	"cancelSubWorkflow":        "SubWorkflow.cancel",
	"resetCallbacks":           "EXECUTOR.resetCallbacksForWorkflow",
	"startWorkflow":            "STARTER.startWorkflow",
	"createAndEvaluate":        "STARTER.createAndEvaluate",
	"removeWorkflow":           "ExecutionDAOFacade.removeWorkflow",
	"verifyAndRepairWorkflow":  "WorkflowRepairService.verifyAndRepairWorkflow",
	"requeueSweep":             "AdminServiceImpl.requeueSweep",
	"poll":                     "ExecutionService.poll",
	"pollSystemTasks":          "SystemTaskWorker.pollAndExecute",
	"executeSystemTask":        "AsyncSystemTaskExecutor.execute",
}

// method is the innermost method of the engine, by its own name, whose text made the step; empty if that is not known.
func (u *upstreamEngine) method(sites []catalogue.Site) string {
	for _, s := range sites {
		if !s.Ours() {
			return ""
		}
		for _, word := range strings.Split(s.Function[strings.LastIndex(s.Function, "/")+1:], ".") {
			if java := javaMethods[withoutRelease(word)]; java != "" {
				return u.classes().Replace(java)
			}
		}
	}
	return ""
}

func (u *upstreamEngine) classes() *strings.Replacer {
	starter := u.executor // it took the starts over when it became WorkflowExecutorOps
	if starter == "WorkflowExecutor" {
		starter = "StartWorkflowOperation"
	}
	return strings.NewReplacer("EXECUTOR", u.executor, "SWEEPER", u.sweeper, "POLLER", u.poller, "STARTER", starter)
}

// withoutRelease is a function's name as Methods has it, its first letter small: sweep3223 is sweep, Decide decide.
func withoutRelease(name string) string {
	name = strings.TrimRightFunc(name, unicode.IsDigit)
	for _, ending := range []string{"Community", "Fenced", "Postponing"} {
		name = strings.TrimSuffix(name, ending)
	}
	if name == "" {
		return ""
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// javaCall is a step in the engine's own words: the method that the port call stands for, with what it was given.
func javaCall(step string) string {
	verb, rest, _ := strings.Cut(step, " ")
	v := sweeper.VerbNamed(verb)
	if v == sweeper.ClockAdvance {
		passed, due, _ := strings.Cut(rest, " ")
		return passed + " pass: " + due
	}
	if v == 0 || len(sweeper.PortCalls[v].Java) == 0 {
		return step
	}
	call, _, _ := strings.Cut(sweeper.PortCalls[v].Java[0], "(")
	words := strings.Fields(rest)
	for i, w := range words {
		if w == "no-tasks" {
			words[i] = "includeTasks=false"
		}
		if w == "for" { // a command of a call of several
			return call + "(" + strings.Join(words[:i], ", ") + ") " + strings.Join(words[i:], " ")
		}
	}
	return call + "(" + strings.Join(words, ", ") + ")"
}

// inJava is a trace whose steps have the engine's own names. A step that begins another method than the actor's step
// before is headed by it.
func inJava(t *catalogue.Trace, u *upstreamEngine) *catalogue.Trace {
	out := *t
	out.Steps = append([]catalogue.TraceStep(nil), t.Steps...)
	methods := map[string]string{}
	for i := range out.Steps {
		s := &out.Steps[i]
		method := u.method(s.Sites)
		if strings.HasPrefix(s.Call, "Inspect(") {
			s.Call = "an audit, under the lock"
		}
		switch {
		case method == "":
			if s.Call != "" {
				methods[s.Actor] = ""
			}
		case s.Call != "" || methods[s.Actor] != method:
			s.Call, methods[s.Actor] = method, method
		}
		s.Text = javaCall(s.Text)
		if s.Return == "done" || s.Return == "nothing" {
			s.Return = ""
		}
	}
	return &out
}
