package conformance

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"fermata/model"
	"fermata/sim/gate"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// perform does one operation and gives its end in words, empty or after a blank.
func perform(ctx context.Context, s sweeper.FullServer, p sweeper.Ports, st sweeper.Settings, words []string) string {
	id := model.WorkflowID("")
	if len(words) > 1 {
		id = model.WorkflowID(words[1])
	}
	switch words[0] {
	case "pollAndSweep":
		return ended(s.PollAndSweep(ctx))
	case "sweep":
		return ended(s.Sweep(ctx, id))
	case "decide":
		wf, err := s.Decide(ctx, id)
		switch {
		case err != nil:
			return ended(err)
		case wf == nil:
			return " nothing"
		}
		return " " + wf.Status.String()
	case "updateTask":
		return ended(s.UpdateTask(ctx, resultOf(words)))
	case "poll":
		tasks, err := s.Poll(ctx, words[1], countOf(words))
		if err != nil {
			return ended(err)
		}
		text := ""
		for _, t := range tasks {
			text += " " + string(t.ID)
		}
		return text
	case "pollSystemTasks":
		return ended(s.PollSystemTasks(ctx, words[1]))
	case "start":
		return ended(s.StartWorkflow(ctx, id, words[2]))
	case "terminate":
		return ended(s.TerminateWorkflow(ctx, id, "asked for"))
	case "pause":
		return ended(s.PauseWorkflow(ctx, id))
	case "resume":
		return ended(s.ResumeWorkflow(ctx, id))
	case "get":
		wf, err := s.GetWorkflow(ctx, id)
		if err != nil {
			return ended(err)
		}
		return fmt.Sprintf(" %s with %d tasks", wf.Status, len(wf.Tasks))
	case "verifyAndRepair":
		return ended(s.VerifyAndRepairWorkflow(ctx, id))
	case "lock", "unlock":
		return locking(ctx, p, st, words[0], id)
	}
	return operate(ctx, s, words, id)
}

// operate does what an operator asks for.
func operate(ctx context.Context, s sweeper.FullServer, words []string, id model.WorkflowID) string {
	argument := ""
	if len(words) > 2 {
		argument = words[2]
	}
	switch words[0] {
	case "retry":
		return ended(s.RetryWorkflow(ctx, id, argument == "resume"))
	case "rerun":
		return ended(s.RerunWorkflow(ctx, id, model.TaskID(argument)))
	case "restart":
		return ended(s.RestartWorkflow(ctx, id, argument == "latest"))
	case "remove":
		return ended(s.RemoveWorkflow(ctx, id))
	case "requeueSweep":
		pushed, err := s.RequeueSweep(ctx, id)
		return fmt.Sprintf(" %t%s", pushed, ended(err))
	case "skip":
		return ended(s.SkipTaskFromWorkflow(ctx, id, argument))
	case "resetCallbacks":
		return ended(s.ResetCallbacksForWorkflow(ctx, id))
	}
	panic("conformance: unknown operation " + words[0])
}

// locking is another who takes the lock, or gives it back.
func locking(ctx context.Context, p sweeper.Ports, st sweeper.Settings, word string, id model.WorkflowID) string {
	if word == "lock" {
		held, err := p.Lock.AcquireLock(ctx, id, st.LockTimeToTry, st.LockLeaseTime)
		return fmt.Sprintf(" %t%s", held, ended(err))
	}
	return ended(p.Lock.ReleaseLock(ctx, id))
}

func resultOf(words []string) sweeper.TaskResult {
	status, err := taskStatus(words[3])
	if err != nil {
		panic("conformance: " + err.Error())
	}
	r := sweeper.TaskResult{WorkflowID: model.WorkflowID(words[1]), TaskID: model.TaskID(words[2]), Status: status}
	if len(words) > 4 {
		n, err := strconv.Atoi(words[4])
		if err != nil {
			panic("conformance: " + err.Error())
		}
		r.CallbackAfter = model.Seconds(n)
	}
	return r
}

func countOf(words []string) int {
	if len(words) < 3 {
		return 1
	}
	n, err := strconv.Atoi(words[2])
	if err != nil {
		panic("conformance: " + err.Error())
	}
	return n
}

// ended names how an operation ended; the engine's other exceptions have one name.
func ended(err error) string {
	if err == nil {
		return ""
	}
	for _, e := range []struct {
		err  error
		name string
	}{
		{sweeper.ErrNotFound, "not-found"}, {sweeper.ErrConflict, "conflict"}, {sweeper.ErrTransient, "transient"},
		{sweeper.ErrInjected, "injected"}, {conductor.ErrIllegalState, "illegal-state"},
	} {
		if errors.Is(err, e.err) {
			return " error " + e.name
		}
	}
	var other *gate.EngineError
	if errors.As(err, &other) {
		return " error " + other.Kind
	}
	return " error other"
}
