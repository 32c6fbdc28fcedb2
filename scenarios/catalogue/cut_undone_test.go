package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sweeper"
)

// polled is a poll of a JOIN's queue by an actor, with that call at its end.
func polled(actor string, op int, end sweeper.Verb) []LifeStep {
	var steps []LifeStep
	for _, v := range []sweeper.Verb{sweeper.QueuePop, sweeper.DAOGetTask, end} {
		steps = append(steps, LifeStep{Actor: actor, Op: op, Do: LifeSystem, LifeAct: LifeAct{Verb: v, Call: v}})
	}
	return steps
}

// Polls that found the JOIN not done are left out, but those that others met only with all of them; a poll that ends it
// stays.
func TestUndonePollsAreLeftOut(t *testing.T) {
	idle, done := polled("a", 1, sweeper.QueuePostpone), polled("b", 1, sweeper.QueueRemove)
	met := polled("c", 1, sweeper.QueuePostpone)
	sweep := LifeStep{Actor: "d", Do: LifeSweep}
	life := append(append([]LifeStep{}, idle...), met[0], sweep, met[1], met[2])
	life = append(life, done...)
	less, kept := undone(life, false)
	require.Equal(t, []int{3, 4, 5, 6, 7, 8, 9}, kept)
	require.Equal(t, life[3:], less)
	less, kept = undone(life, true)
	require.Equal(t, []int{4, 7, 8, 9}, kept)
	require.Equal(t, append([]LifeStep{sweep}, done...), less)
}

// What is kept is a part of the life in its order, whole operations, and all that is not a poll of a JOIN's queue.
func TestUndoneKeepsWholeOperations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		next := map[string]int{}
		var life []LifeStep
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			actor := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "actor")
			if rapid.IntRange(0, 3).Draw(t, "next") == 0 {
				next[actor]++
			}
			s := LifeStep{Actor: actor, Op: next[actor], Do: LifeSystem}
			if next[actor]%3 == 0 {
				s.Do = LifeSweep
			}
			s.Call = rapid.SampledFrom([]sweeper.Verb{
				sweeper.QueuePop, sweeper.QueuePostpone, sweeper.QueueRemove, sweeper.LockAcquire,
			}).Draw(t, "call")
			life = append(life, s)
		}
		for _, all := range []bool{false, true} {
			less, kept := undone(life, all)
			in := map[string]bool{}
			for i, s := range less {
				require.Equal(t, life[kept[i]], s)
				require.True(t, i == 0 || kept[i-1] < kept[i])
				in[s.Actor+string(rune(s.Op))] = true
			}
			left := 0
			for _, s := range life {
				if s.Do != LifeSystem || s.Call == sweeper.QueueRemove || s.Call == sweeper.LockAcquire {
					require.True(t, in[s.Actor+string(rune(s.Op))])
				}
				if in[s.Actor+string(rune(s.Op))] {
					left++
				}
			}
			require.Equal(t, len(less), left)
		}
	})
}
