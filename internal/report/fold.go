package report

import (
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// The weights of a step, by which it is folded: the least first, so that as much as can be is shown.
// What lies outside the race window weighs less than anything in it.
const (
	weighsNothing = iota // what follows the violation, to the end of the run
	weighsRead
	weighsTask
	weighsQueue
	weighsLock
	weighsTurn   // the first or the last step before another actor's
	weighsRecord // a write of the workflow's record, or of new tasks

	inWindow  = weighsRecord
	weighsAll = inWindow + weighsRecord + 1 // a note, the violation, an end of the window: always shown
)

// row is one step, or several steps of one actor folded into one.
type row struct {
	number      string
	text        string
	first, last *catalogue.TraceStep
}

// foldRows makes the rows of a trace; runs of steps that are not shown are folded.
func foldRows(t *catalogue.Trace, shown []bool) []row {
	var rows []row
	for i := 0; i < len(t.Steps); {
		to := i
		for to < len(t.Steps) && t.Steps[to].Actor == t.Steps[i].Actor && !shown[to] {
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
		rows = append(rows, stepRow(t, i))
		i++
	}
	return rows
}

// stepRow is the row of one step.
func stepRow(t *catalogue.Trace, i int) row {
	s := &t.Steps[i]
	text := s.Text
	if s.Reply != "" {
		text += " => " + s.Reply
	}
	return row{fmt.Sprint(s.Number), text, s, s}
}

// heaviest tells for each step whether it is shown in at most budget lines: those that weigh least are
// folded, as many as must be, and of equal ones the earlier.
func heaviest(t *catalogue.Trace, budget int) []bool {
	shown := make([]bool, len(t.Steps))
	weights := make([]int, len(t.Steps))
	for i := range t.Steps {
		weights[i] = weight(t, i)
		shown[i] = weights[i] == weighsAll
	}
	for w := weighsAll - 1; w >= weighsNothing; w-- {
		for i := len(t.Steps) - 1; i >= 0; i-- {
			if weights[i] != w {
				continue
			}
			shown[i] = true
			if len(layOut(t, foldRows(t, shown), false)) > budget {
				shown[i] = false
			}
		}
	}
	return shown
}

func weight(t *catalogue.Trace, i int) int {
	s := &t.Steps[i]
	window := t.WindowFrom > 0
	switch {
	case s.Note != "" || s.Number == t.At || window && (s.Number == t.WindowFrom || s.Number == t.WindowTo):
		return weighsAll
	case s.Number > max(t.At, t.WindowTo):
		return weighsNothing
	case window && (s.Number < t.WindowFrom || s.Number > t.WindowTo):
		return kindWeight(t, i)
	}
	return inWindow + kindWeight(t, i)
}

// kindWeight is a step's weight by what it does.
func kindWeight(t *catalogue.Trace, i int) int {
	text := t.Steps[i].Text
	switch {
	case starts(text, "dao.updateWorkflow", "dao.createTasks", "dao.createWorkflow", "dao.removeWorkflow"):
		return weighsRecord
	case turns(t, i):
		return weighsTurn
	case starts(text, "dao.get", "queue.containsMessage", "env.now", "jitter"):
		return weighsRead
	case starts(text, "lock."):
		return weighsLock
	case starts(text, "queue."):
		return weighsQueue
	}
	return weighsTask
}

// turns tells whether the step is the first or the last before another actor's.
func turns(t *catalogue.Trace, i int) bool {
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
