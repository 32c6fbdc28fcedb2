package world

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sweeper"
)

// TestDynoKeyTellsTheOrderAcrossItsSets: what waits and what is delivered are two sets; a message that is given back
// keeps its score, so that the order of overdue scores across the two sets decides which message comes first. Two
// states in which it differs have two keys.
func TestDynoKeyTellsTheOrderAcrossItsSets(t *testing.T) {
	state := func(delivered, waits int64) (w *World, key, first string) {
		w = New(Config{Parts: Parts{Queue: "dyno"}, ActorName: func(sim.ActorID) string { return "a" }})
		m1, m2 := w.Object("m1"), w.Object("m2")
		payloads, queue, unack := w.key(keyMessages, "q"), w.key(keyQueue, "q"), w.key(keyUnack, "q")
		w.setField(payloads, field{name: m1})
		w.setField(payloads, field{name: m2})
		w.now = startTime + 100_000
		w.setField(unack, field{name: m1, at: w.now - delivered})
		w.setField(queue, field{name: m2, at: w.now - waits})
		key = string(w.Key(nil))
		apply := func(v, call sweeper.Verb, key sim.Object, id sim.Object, a, b int64) sim.Reply {
			return w.Apply(0, &sim.Step{Verb: sim.Verb(v), Call: sim.Verb(call), Object: key, Other: id, A: a, B: b}, 0)
		}
		// processUnacks, command by command.
		r := apply(sweeper.RedisZRange, sweeper.QueueProcessUnacks, unack, 0, 0, dynoUnackBatch)
		for _, m := range w.memberList(r) {
			apply(sweeper.RedisZAdd, sweeper.QueueProcessUnacks, queue, w.Object(m.id), m.score, zaddAbsolute)
			apply(sweeper.RedisZRem, sweeper.QueueProcessUnacks, unack, w.Object(m.id), 0, 0)
		}
		r = apply(sweeper.RedisZRange, sweeper.QueuePop, queue, 0, dynoAheadMs, 1)
		return w, key, w.memberList(r)[0].id
	}
	_, one, m := state(20_000, 10_000)
	_, other, n := state(10_000, 20_000)
	require.NotEqual(t, m, n, "the next pop delivers another message")
	require.NotEqual(t, one, other, "so the states are not one")
}
