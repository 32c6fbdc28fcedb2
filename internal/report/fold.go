package report

import (
	"fmt"
	"strings"

	"fermata/scenarios"
)

// The weights of a step, by which it is folded: the least first, so that as much as can be is shown.
// Outside the race window a step weighs nothing.
const (
	weighsNothing = iota
	weighsRead
	weighsTask
	weighsQueue
	weighsLock
	weighsTurn   // the first or the last step before another actor's
	weighsRecord // a write of the workflow's record, or of new tasks
	weighsAll    // a note, the violation, an end of the race window: always shown
)

// row is one step, or several steps of one actor folded into one.
type row struct {
	number      string
	text        string
	first, last *scenarios.TraceStep
}

// foldRows makes the rows of a trace; runs of steps that weigh less than least are folded.
func foldRows(t *scenarios.Trace, least int) []row {
	var rows []row
	for i := 0; i < len(t.Steps); {
		to := i
		for to < len(t.Steps) && t.Steps[to].Actor == t.Steps[i].Actor && weight(t, to) < least {
			to++
		}
		if to-i >= 2 {
			first, last := &t.Steps[i], &t.Steps[to-1]
			rows = append(rows, row{
				number: fmt.Sprintf("%d-%d", first.Number, last.Number),
				text:   fmt.Sprintf("... %d steps", to-i), first: first, last: last,
			})
			i = to
			continue
		}
		s := &t.Steps[i]
		text := s.Text
		if s.Reply != "" {
			text += " => " + s.Reply
		}
		rows = append(rows, row{fmt.Sprint(s.Number), text, s, s})
		i++
	}
	return rows
}

func weight(t *scenarios.Trace, i int) int {
	s := &t.Steps[i]
	window := t.WindowFrom > 0
	switch {
	case s.Note != "" || s.Number == t.At || window && (s.Number == t.WindowFrom || s.Number == t.WindowTo):
		return weighsAll
	case window && (s.Number < t.WindowFrom || s.Number > t.WindowTo):
		return weighsNothing
	case starts(s.Text, "dao.updateWorkflow", "dao.createTasks", "dao.createWorkflow", "dao.removeWorkflow"):
		return weighsRecord
	case turns(t, i):
		return weighsTurn
	case starts(s.Text, "dao.get", "queue.containsMessage", "env.now", "jitter"):
		return weighsRead
	case starts(s.Text, "lock."):
		return weighsLock
	case starts(s.Text, "queue."):
		return weighsQueue
	}
	return weighsTask
}

// turns tells whether the step is the first or the last before another actor's.
func turns(t *scenarios.Trace, i int) bool {
	return i == 0 || i == len(t.Steps)-1 ||
		t.Steps[i-1].Actor != t.Steps[i].Actor || t.Steps[i+1].Actor != t.Steps[i].Actor
}

func starts(text string, verbs ...string) bool {
	for _, v := range verbs {
		if strings.HasPrefix(text, v) {
			return true
		}
	}
	return false
}
