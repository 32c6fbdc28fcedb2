package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// byName is a strategy of everyStrategy, for streams.
func byName(i int) func(seed uint64) explore.Strategy {
	return func(seed uint64) explore.Strategy { return everyStrategy(seed)[i] }
}

// noting is a judge that counts what it saw since it was last asked.
type noting struct {
	sim.Judge
	saw int
}

func (j *noting) Observe(t *sim.Transition) []sim.Violation {
	j.saw++
	return j.Judge.Observe(t)
}

// walkedTogether by so many workers, with what their judges noted.
func walkedTogether(
	workers int, s func() *sim.System, streams explore.Streams, o explore.Options,
) (r *explore.Result, saw int) {
	member := func() *sim.System {
		s := s()
		s.Judge = &noting{Judge: s.Judge}
		return s
	}
	m := sim.New(member())
	defer m.Close()
	return explore.Walks(m, explore.Team{
		Workers: workers, Member: member,
		Note: func(s *sim.System) any {
			j := s.Judge.(*noting)
			n := j.saw
			j.saw = 0
			return n
		},
		Noted: func(n any) { saw += n.(int) },
	}, streams, o), saw
}

// TestWhoWalksDoesNotMatter: of every strategy, on programs that violate often, seldom and never, however many walk,
// the result is the same: counts, finds, accounts, classes, estimates, and what the judges of what counts saw.
func TestWhoWalksDoesNotMatter(t *testing.T) {
	late := 0
	for name, c := range map[string]struct { //tidy:unordered each on its own
		s func() *sim.System
		o explore.Options
	}{
		"soon":     {func() *sim.System { return workload(2, sweepOld, 1) }, explore.Options{FirstOnly: true}},
		"late":     {rarely, explore.Options{FirstOnly: true, SchedulesMax: 1500}},
		"never":    {func() *sim.System { return workload(2, sweepFixed, 1) }, explore.Options{FirstOnly: true}},
		"all":      {func() *sim.System { return workload(2, sweepOld, 1) }, explore.Options{}},
		"coverage": {func() *sim.System { return workload(2, sweepOld, 1) }, explore.Options{Coverage: true}},
		"cut":      {func() *sim.System { return workload(2, sweepOld, 1) }, explore.Options{TransitionsMax: 5000}},
	} {
		if c.o.SchedulesMax == 0 {
			c.o.SchedulesMax = 500
		}
		for i, strategy := range everyStrategy(1) {
			t.Run(name+" "+strategy.Name(), func(t *testing.T) {
				streams := explore.Streams{Seed: 7, Strategy: byName(i)}
				one, saw := walkedTogether(1, c.s, streams, c.o)
				require.EqualValues(t, one.Transitions, saw)
				switch name {
				case "soon":
					require.Empty(t, one.Limit)
					require.NotNil(t, one.Judging())
				case "late":
					if one.Judging() != nil && one.Schedules > 2*explore.StreamLength(0) {
						late++
					}
				case "cut":
					require.Equal(t, "transitions", one.Limit)
				default:
					require.Equal(t, "schedules", one.Limit)
					require.EqualValues(t, 500, one.Schedules)
				}
				sum := int64(0)
				for _, a := range one.Accounts {
					sum += a.Schedules
				}
				require.Equal(t, one.Schedules, sum)
				for _, workers := range []int{2, 3, 8} {
					r, saw := walkedTogether(workers, c.s, streams, c.o)
					require.Equal(t, one, r)
					require.EqualValues(t, one.Transitions, saw)
				}
			})
		}
	}
	require.Positive(t, late, "no find was in a later stream than the second")
}

// rarely violates in one order of five steps of 120: the last first.
func rarely() *sim.System {
	s := lost(5)
	j := &backwards{actors: 5}
	for i := range s.Actors {
		s.Actors[i].Script = onceOnly(func(a *sim.Actor) { tiny.Do(a, tiny.Write, 1, 0) })
	}
	s.Judge = j
	return s
}

type backwards struct{ actors, in int }

func (j *backwards) Reset() { j.in = 0 }

func (j *backwards) Observe(t *sim.Transition) []sim.Violation {
	if int(t.Choice.Actor)+t.Number == j.actors {
		j.in++
	}
	return nil
}

func (j *backwards) AtRest(*sim.Rest) []sim.Violation {
	if j.in < j.actors {
		return nil
	}
	return []sim.Violation{{Oracle: "backwards", Object: "all", Judging: true}}
}

func (j *backwards) Save(dst []byte) []byte { return dst }
func (j *backwards) Load(src []byte) []byte { return src }

// TestStreams: the first stream is the walk that the strategy makes from the seed, each has its own draws, and together
// they are as long as asked for.
func TestStreams(t *testing.T) {
	prints := func(walk func(m *sim.Machine, o explore.Options)) (all []uint64) {
		m := sim.New(workload(2, sweepOld, 1))
		defer m.Close()
		walk(m, explore.Options{
			SchedulesMax: 200, Ended: func(m *sim.Machine) { all = append(all, m.Fingerprint()) },
		})
		return all
	}
	for i, s := range everyStrategy(3) {
		alone := prints(func(m *sim.Machine, o explore.Options) { explore.Walk(m, s, o) })
		streams := prints(func(m *sim.Machine, o explore.Options) {
			explore.Walks(m, explore.Team{Workers: 1}, explore.Streams{Seed: 3, Strategy: byName(i)}, o)
		})
		require.Len(t, streams, 200)
		first := explore.StreamLength(0)
		require.Equal(t, alone[:first], streams[:first])
		require.NotEqual(t, alone[:first], streams[first:2*first])
	}
	length := int64(0)
	for n := range 40 {
		next := explore.StreamLength(n)
		require.LessOrEqual(t, next, max(length, 64), "no stream is longer than all before")
		length += next
	}
	require.EqualValues(t, 64, explore.StreamLength(1))
	require.EqualValues(t, 1024, explore.StreamLength(39))
}

// TestWalksStop: a Stop ends a walk without end, however many walk; Progress is told how far it is.
func TestWalksStop(t *testing.T) {
	for _, workers := range []int{1, 3} {
		var told []int64
		r, _ := walkedTogether(workers, func() *sim.System { return workload(2, sweepFixed, 1) },
			explore.Streams{Seed: 1, Strategy: byName(0)}, explore.Options{
				Progress: func(r *explore.Result) { told = append(told, r.Schedules) },
				Stop:     func() bool { return len(told) > 20 },
			})
		require.Equal(t, "stopped", r.Limit)
		require.Positive(t, r.Schedules)
		require.NotEmpty(t, told)
		require.IsNonDecreasing(t, told)
	}
}

// TestAFindBeforeAStop is told.
func TestAFindBeforeAStop(t *testing.T) {
	r, _ := walkedTogether(3, func() *sim.System { return workload(2, sweepOld, 1) },
		explore.Streams{Seed: 1, Strategy: byName(0)}, explore.Options{Stop: func() bool { return true }})
	require.Equal(t, "stopped", r.Limit)
	require.NotNil(t, r.Judging())
}
