package world_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sweeper"
)

// tableWords are the table's words for the sorts of objects that steps access.
var tableWords = map[string]string{
	"record":   "workflow id",
	"tasks":    "tasks id",
	"lock":     "lock id",
	"listener": "listener id",
}

// TestTheTableSaysWhatStepsDeclare: the reads and writes of each row are the accesses of its steps.
func TestTheTableSaysWhatStepsDeclare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t)
		defer b.m.Close()
		for range 20 {
			s := b.pend(drawCall(t))[0]
			row := sweeper.PortCalls[s.Verb]
			var reads, writes []string
			for _, a := range s.Access[:s.Accesses] {
				word := kindOf(b.w.ObjectName(a.Object))
				if w, ok := tableWords[word]; ok {
					word = w
				}
				if word == "task" && s.Verb == sim.Verb(sweeper.DAOCreateTasks) {
					word = "task..."
				}
				if a.Kind == sim.Read && !slices.Contains(reads, word) {
					reads = append(reads, word)
				}
				if a.Kind == sim.Write && !slices.Contains(writes, word) {
					writes = append(writes, word)
				}
			}
			if row.Verb == sweeper.DAOGetWorkflow && s.A == 0 {
				reads = append(reads, "tasks id") // not asked for
			}
			require.ElementsMatch(t, row.Reads, reads, row.Name)
			require.ElementsMatch(t, row.Writes, writes, row.Name)
		}
	})
}
