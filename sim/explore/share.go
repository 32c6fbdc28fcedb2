package explore

import (
	"slices"

	"fermata/sim"
)

// crew is who else searches the same states.
type crew interface {
	// hungry tells that somebody has nothing to do.
	hungry() bool
	// give hands a job to whoever takes it first.
	give(j job)
}

// job is a state with choices that are to be taken there.
//
// However a search is shared, and whoever comes first, every state is entered. Let F(s) be what is asleep in a state
// s in the end: the intersection of all the sets with which it was entered, since each is taken into the note under the
// state's lock. Every other step is taken in s once, when it was first awake; order the steps that are taken in s by
// when that was: those of later entries first, those of one entry in the order in which they are put to sleep. A
// step's sleep set is then made of steps that commute with it, each of which is in F(s) or before it in that order:
// what sleeps at an entry is either taken at a later one or never. Now let a run lead to any state. Go from the start,
// where nothing sleeps, and in each state take, of the steps that remain of the run and that nothing remaining in
// conflict comes before, the least in the order of the state: the result is the same. None of these steps is ever in
// F: at the start none is, and what sleeps after the least is neither after it in the order nor in conflict with it.
// So each is taken, and the state is entered.
//
// It follows that a choice may be given away at any time with what is asleep just then: that is an entry's set with
// what was taken there before.
type job struct {
	path, choices []sim.Choice
	state         state
}

// share gives away what is still to be taken in the state nearest to the start in which anything is; half of it where
// nothing else is left.
func (s *searcher) share() {
	for i := range s.path {
		at := &s.path[i]
		left := at.end - at.next
		if left == 0 {
			continue
		}
		keep := 0
		if i == len(s.path)-1 {
			keep = (left + 1) / 2
		}
		if keep == left {
			return
		}
		j := job{
			path:    slices.Clone(s.m.Taken()[:at.steps]),
			choices: slices.Clone(s.choices[at.next+keep : at.end]), state: *at,
		}
		at.end = at.next + keep
		s.crew.give(j)
		return
	}
}

// start goes to the state of a job.
func (s *searcher) start(j job) {
	s.m.Reset()
	for _, c := range j.path {
		s.m.Take(c)
	}
	if s.r.Failure = s.m.Failure(); s.r.Failure != nil {
		return
	}
	s.path, s.saves, s.choices = s.path[:0], s.saves[:0], append(s.choices[:0], j.choices...)
	top := j.state
	top.saved, top.open, top.next = 0, 0, 0
	s.here = s.place(top)
}
