package world

import (
	"fmt"
	"strconv"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// mintedID names a task: ref#retry.iteration@actor.operation, without what is 0.
func mintedID(ref string, retry, iteration int, actor string, operation int) model.TaskID {
	var b strings.Builder
	b.WriteString(ref)
	if retry != 0 || iteration != 0 {
		b.WriteString("#" + strconv.Itoa(retry))
	}
	if iteration != 0 {
		b.WriteString("." + strconv.Itoa(iteration))
	}
	b.WriteString("@" + actor + "." + strconv.Itoa(operation))
	return model.TaskID(b.String())
}

// StepText is the verb and its arguments, as the table of port calls orders them.
func (w *World) StepText(_ sim.ActorID, s *sim.Step) string {
	v := sweeper.Verb(s.Verb)
	words := append([]string{v.String()}, w.arguments(v, s)...)
	if w.cfg.Fence && s.B != 0 && v >= sweeper.DAOCreateWorkflow && v <= sweeper.DAORemoveTask {
		words = append(words, "token="+strconv.FormatInt(s.B, 10))
	}
	if s.Call != 0 {
		words = append(words, "for", sweeper.Verb(s.Call).String())
	}
	return strings.Join(words, " ")
}

func (w *World) arguments(v sweeper.Verb, s *sim.Step) []string {
	object, other := w.pool.names[s.Object], w.pool.names[s.Other]
	switch v {
	case sweeper.ClockAdvance:
		return []string{model.Millis(s.A).String(), object}
	case sweeper.EnvNow, sweeper.EnvJitter, sweeper.QueueProcessUnacks, sweeper.ClockWait, sweeper.OperationReturn:
		return nil
	case sweeper.QueuePop:
		return optional([]string{object}, s.A != 1, strconv.FormatInt(s.A, 10))
	case sweeper.QueuePush, sweeper.QueuePushIfNotExists, sweeper.QueuePostpone:
		return optional(
			[]string{object, other, model.Seconds(s.A).String()},
			s.B != 0,
			"prio="+strconv.FormatInt(s.B, 10),
		)
	case sweeper.QueuePushMillis:
		return optional(
			[]string{object, other, model.Millis(s.A).String()},
			s.B != 0,
			"prio="+strconv.FormatInt(s.B, 10),
		)
	case sweeper.QueueSetUnackTimeout, sweeper.QueueSetUnackTimeoutIfShorter:
		return []string{object, other, model.Millis(s.A).String()}
	case sweeper.FaultPause:
		return []string{model.Millis(s.A).String()}
	case sweeper.QueueAck, sweeper.QueueRemove, sweeper.QueueContainsMessage, sweeper.RepairTask,
		sweeper.FaultRedeliver:
		return []string{object, other}
	case sweeper.DAOGetWorkflow:
		return optional([]string{object}, s.A != 1, "no-tasks")
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow:
		return []string{object, w.pool.entries[s.Ref].record.Status.String()}
	case sweeper.DAOCreateTasks:
		return w.taskIDs(s.Ref)
	case sweeper.DAOUpdateTask:
		t := &w.pool.entries[s.Ref].task
		words := optional([]string{object, t.Status.String()}, t.Executed, "executed")
		return optional(words, t.Retried, "retried")
	}
	if v == sweeper.SQLTasks || v.IsCommand() {
		return w.partArguments(v, s)
	}
	return []string{object}
}

// Content is what a step writes or takes beyond what StepText says of it: every field of the records, and
// the arguments that no reply here depends on. Empty if there is no more.
func (w *World) Content(s *sim.Step) string {
	switch sweeper.Verb(s.Verb) {
	case sweeper.RedisSet:
		return w.content(s.Ref)
	case sweeper.LockAcquire:
		return fmt.Sprintf("try=%s lease=%s", model.Millis(s.A), model.Millis(s.B))
	case sweeper.QueuePop:
		return "timeout=" + model.Millis(s.B).String()
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow:
		return w.content(s.Ref)
	case sweeper.DAOUpdateTask:
		return w.content(s.Ref)
	case sweeper.DAOCreateTasks:
		var all []string
		for _, ref := range w.pool.entries[s.Ref].list {
			t := &w.pool.entries[ref].task
			all = append(all, t.Status.String()+" "+taskContent(t))
		}
		return strings.Join(all, "; ")
	}
	return ""
}

// content is every other field of a record or of a task.
func (w *World) content(ref sim.Ref) string {
	e := &w.pool.entries[ref]
	if e.task.ID != "" {
		return taskContent(&e.task)
	}
	r := &e.record
	words := []string{"def=" + r.Def}
	words = optional(words, r.Priority != 0, fmt.Sprintf("priority=%d", r.Priority))
	words = optional(words, r.CreateTime != 0, "created="+since(r.CreateTime))
	words = optional(words, r.FailedTaskID != "", "failed="+string(r.FailedTaskID))
	words = optional(words, r.ParentWorkflowID != "", "parent="+string(r.ParentWorkflowID))
	return strings.Join(optional(words, r.ParentWorkflowTaskID != "", "by="+string(r.ParentWorkflowTaskID)), " ")
}

// since is a time as a schedule can say it: from the start of the run on.
func since(t model.Millis) string { return (t - startTime).String() }

func taskContent(t *model.Task) string {
	words := []string{"ref=" + t.Ref, "type=" + t.Type.String(), "def=" + t.DefName, fmt.Sprintf("seq=%d", t.Seq)}
	words = optional(words, t.RetryCount != 0, fmt.Sprintf("retry=%d", t.RetryCount))
	words = optional(words, t.Iteration != 0, fmt.Sprintf("iteration=%d", t.Iteration))
	words = optional(words, t.PollCount != 0, fmt.Sprintf("polls=%d", t.PollCount))
	words = optional(words, t.RetriedTaskID != "", "retries="+string(t.RetriedTaskID))
	words = optional(words, t.SubWorkflowID != "", "sub="+string(t.SubWorkflowID))
	words = optional(words, t.SubworkflowChanged, "changed")
	words = optional(words, t.WaitTimeout != 0, "until="+since(t.WaitTimeout))
	words = optional(words, t.CallbackAfter != 0, "callback="+t.CallbackAfter.String())
	words = optional(words, t.ResponseTimeoutSeconds != 0, "response="+t.ResponseTimeoutSeconds.String())
	words = optional(words, t.ScheduledTime != 0, "scheduled="+since(t.ScheduledTime))
	words = optional(words, t.StartTime != 0, "started="+since(t.StartTime))
	return strings.Join(optional(words, t.UpdateTime != 0, "updated="+since(t.UpdateTime)), " ")
}

func optional(words []string, there bool, word string) []string {
	if there {
		return append(words, word)
	}
	return words
}

func (w *World) taskIDs(list sim.Ref) []string {
	var ids []string
	for _, ref := range w.pool.entries[list].list {
		ids = append(ids, string(w.pool.entries[ref].task.ID))
	}
	return ids
}

var failureWords = [...]string{
	failedNotFound: "not-found", failedNotOwner: "not-owner", failedInjected: "injected",
	refusedNotOwner: "not-owner", failedConflict: "conflict",
	failedFenced: "fenced",
}

// ReplyText is the reply as schedules write it; empty for one that says nothing.
func (w *World) ReplyText(s *sim.Step, r sim.Reply) string {
	if r.Code > no {
		return "error " + failureWords[r.Code]
	}
	v := sweeper.Verb(s.Verb)
	if v.IsCommand() {
		return w.commandReply(v, s, r)
	}
	switch v {
	case sweeper.SQLTaskIDs, sweeper.SQLTasks:
		return w.listText(r)
	case sweeper.LockAcquire:
		if r.N != 0 {
			return "true token=" + strconv.FormatInt(r.N, 10)
		}
		return pick(r, "true", "timeout")
	case sweeper.QueuePop:
		if r.Ref != 0 {
			return strings.Join(w.taskIDs(r.Ref), " ")
		}
		return pick(r, w.pool.names[r.Object], "nothing")
	case sweeper.QueuePushIfNotExists, sweeper.RepairTask:
		return pick(r, "pushed", "left")
	case sweeper.QueueAck, sweeper.QueueSetUnackTimeout, sweeper.QueueSetUnackTimeoutIfShorter,
		sweeper.QueueContainsMessage:
		return pick(r, "true", "false")
	case sweeper.DAOGetWorkflow:
		return w.pool.entries[w.pool.entries[r.Ref].list[0]].record.Status.String()
	case sweeper.DAOGetTask:
		return w.pool.entries[r.Ref].task.Status.String()
	case sweeper.DAOCreateTasks:
		if ids := w.taskIDs(r.Ref); len(ids) > 0 {
			return strings.Join(ids, " ")
		}
		return "nothing"
	case sweeper.EnvNow:
		return model.Millis(r.N - startTime).String()
	case sweeper.ClockWait:
		return model.Millis(r.N).String()
	case sweeper.EnvJitter:
		if r.N > 0 {
			return "+" + model.Seconds(r.N).String()
		}
		return model.Seconds(r.N).String()
	}
	return ""
}

func pick(r sim.Reply, yes, no string) string {
	if r.Code == done {
		return yes
	}
	return no
}
