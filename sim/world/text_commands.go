package world

import (
	"strconv"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// partArguments are the words of a step that is one of several of a call.
func (w *World) partArguments(v sweeper.Verb, s *sim.Step) []string {
	words := optional([]string{w.pool.names[s.Object]}, s.Other != 0, w.pool.names[s.Other])
	switch v {
	case sweeper.SQLTasks:
		words = append(words, w.taskIDs(s.Ref)...)
	case sweeper.RedisSet:
		words = append(words, w.statusWords(s.Ref)...)
	case sweeper.RedisHSet:
		words = optional(words, s.Ref != 0, string(w.pool.entries[s.Ref].task.ID))
	case sweeper.RedisZAdd:
		words = append(words, zaddWords(s)...)
	case sweeper.RedisZRange:
		words = optional(words, s.B != 1, strconv.FormatInt(s.B, 10))
	}
	return words
}

// statusWords say of a record or of a task what a write of it says.
func (w *World) statusWords(ref sim.Ref) []string {
	e := &w.pool.entries[ref]
	if e.task.ID == "" {
		return []string{e.record.Status.String()}
	}
	words := optional([]string{e.task.Status.String()}, e.task.Executed, "executed")
	return optional(words, e.task.Retried, "retried")
}

func zaddWords(s *sim.Step) []string {
	words := optional(nil, s.B&zaddNX != 0, "nx")
	words = optional(words, s.B&zaddXX != 0, "xx")
	if s.B&zaddAbsolute != 0 {
		return append(words, "at="+since(model.Millis(s.A)))
	}
	words = append(words, model.Millis(s.A).String())
	prio := s.B >> zaddShift
	return optional(words, prio != 0, "prio="+strconv.FormatInt(prio, 10))
}

// commandReply is the reply of a Redis command as schedules write it.
func (w *World) commandReply(v sweeper.Verb, s *sim.Step, r sim.Reply) string {
	switch v {
	case sweeper.RedisGet:
		if r.Code != done {
			return "nil"
		}
		return w.statusWords(r.Ref)[0]
	case sweeper.RedisHGet:
		return pick(r, "there", "nil")
	case sweeper.RedisZScore:
		return pick(r, "there", "nil")
	case sweeper.RedisSScan, sweeper.RedisZRange:
		return w.listText(r)
	case sweeper.RedisSet:
		return ""
	}
	return strconv.FormatInt(r.N, 10)
}

// listText are the ids of a reply.
func (w *World) listText(r sim.Reply) string {
	text := ""
	for i, id := range w.taskIDs(r.Ref) {
		if i > 0 {
			text += " "
		}
		text += id
	}
	if text == "" {
		return "nothing"
	}
	return text
}
