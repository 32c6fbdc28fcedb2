package catalogue

import "fermata/sweeper"

// undone is a life without the polls of a JOIN's queue that found it not done, of which there may be hundreds: without
// all of them, or without those during which nothing else happened. kept are the places of the steps that are left.
func undone(life []LifeStep, all bool) (less []LifeStep, kept []int) {
	type operation struct {
		actor string
		op    int
	}
	of := func(s *LifeStep) operation { return operation{s.Actor, s.Op} }
	first, ends, met := map[operation]int{}, map[operation]bool{}, map[operation]bool{}
	count := map[operation]int{}
	for i := range life {
		s := &life[i]
		o := of(s)
		if _, begun := first[o]; !begun {
			first[o] = i
		}
		met[o] = first[o]+count[o] < i // others were between
		count[o]++
		if s.Do != LifeSystem || s.Call == sweeper.LockAcquire || s.Call == sweeper.QueueRemove {
			ends[o] = true
		}
	}
	for i := range life {
		if o := of(&life[i]); ends[o] || met[o] && !all {
			less, kept = append(less, life[i]), append(kept, i)
		}
	}
	return less, kept
}
