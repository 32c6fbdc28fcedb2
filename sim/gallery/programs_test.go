package gallery_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/gallery"
)

// statesMax bounds the searches for a bug, and samplesMax the walks where that is not enough.
const (
	statesMax  = 50_000
	samplesMax = 20_000
)

// firstBy gives the first bug that a search meets; nil if it meets none.
func firstBy(t *testing.T, m *sim.Machine, search func(*sim.Machine, explore.Options) *explore.Result) *explore.Find {
	t.Helper()
	r := search(m, explore.Options{StatesMax: statesMax, SchedulesMax: samplesMax, FirstOnly: true})
	require.Nil(t, r.Failure)
	return r.Judging()
}

// bugOf finds a program's bug by search of its states, else by the portfolio.
func bugOf(t *testing.T, p *gallery.Program) *explore.Find {
	t.Helper()
	m := sim.NewMemo(p.Buggy())
	defer m.Close()
	if f := firstBy(t, m, explore.Cached); f != nil {
		return f
	}
	return firstBy(t, m, func(m *sim.Machine, o explore.Options) *explore.Result {
		return explore.Walk(m, explore.NewPortfolio(1), o)
	})
}

// rare is the program that neither finds: what is known of its bug is a schedule.
const rare = "SafeStack"

// TestBugsAreThere: each program's bug is met, is of the kind that the program says, and is met again by the same
// schedule on the real code.
func TestBugsAreThere(t *testing.T) {
	for _, p := range gallery.Programs() {
		if p.Name == rare {
			continue // TestSafeStack
		}
		t.Run(p.Name, func(t *testing.T) {
			f := bugOf(t, &p)
			require.NotNil(t, f)
			require.Equal(t, p.Bug, f.Violation.Oracle)
			repeats(t, &p, f)
		})
	}
}

// repeats runs a find twice on a machine of coroutines.
func repeats(t *testing.T, p *gallery.Program, f *explore.Find) {
	t.Helper()
	m := sim.New(p.Buggy())
	defer m.Close()
	var prints [2]uint64
	for i := range prints {
		vs, err := explore.Repeat(m, f.Choices)
		require.NoError(t, err)
		require.Equal(t, []sim.Violation{f.Violation}, vs)
		prints[i] = m.Fingerprint()
	}
	require.Equal(t, prints[0], prints[1])
}

// TestSafeStack replays the schedule that shows how two threads come to have one element. Its bug needs at least five
// preemptions; here are more, told in the order of the story.
func TestSafeStack(t *testing.T) {
	text, err := os.ReadFile("testdata/safestack.sched")
	require.NoError(t, err)
	schedule, err := sim.ParseSchedule(strings.NewReader(string(text)), "safestack.sched",
		sim.Vocabulary{Headers: []string{"program"}, Verb: gallery.KnownVerb})
	require.NoError(t, err)
	p := gallery.Named("SafeStack")
	m := sim.New(p.Buggy())
	defer m.Close()
	var all []sim.Violation
	_, err = explore.Follow(m, schedule.Lines, false, func(vs []sim.Violation) { all = append(all, vs...) })
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, gallery.Assertion, all[0].Oracle)
	repeats(t, p, &explore.Find{Violation: all[0], Choices: slices.Clone(m.Taken())})
}

// TestAlwaysBugs: under every schedule, or every one of a sample.
func TestAlwaysBugs(t *testing.T) {
	for _, p := range gallery.Programs() {
		if !p.Always {
			continue
		}
		m := sim.NewMemo(p.Buggy())
		defer m.Close()
		for seed := range uint64(100) {
			r := explore.Walk(m, explore.NewRandom(seed), explore.Options{SchedulesMax: 1, FirstOnly: true})
			require.NotNil(t, r.Judging(), p.Name)
		}
	}
}

// proved are the correct twins that a search of all states ends for, with how many there are; the rest are sampled.
var proved = map[string]int64{
	"CS/account": 51, "CS/bluetooth_driver": 133, "CS/lazy01": 40, "CS/token_ring": 64, "CS/twostage": 24,
	"CS/reorder_3": 47, "CS/reorder_4": 119, "CS/reorder_5": 287, "CS/reorder_10": 16895, "CS/wronglock": 3584,
	"CS/wronglock_3": 128, "CB/stringbuffer-jdk1.4": 36, "CS/carter01": 133, "CS/deadlock01": 24, "CS/phase01": 73,
	"CS/sync01": 33, "CS/sync02": 217, "CS/din_phil2": 24, "CS/din_phil3": 68, "CS/din_phil4": 176,
	"CS/din_phil5": 432, "CS/din_phil6": 1024, "CS/din_phil7": 2368, "CS/arithmetic_prog": 8744,
	"CS/circular_buffer": 71792, "CS/queue": 1059, "Inspect/qsort_mt": 266525,
}

// twinsSampled is how many schedules of each kind a twin is sampled by.
const twinsSampled = 300

// TestTwinsAreCorrect: no schedule of a correct twin shows a bug.
func TestTwinsAreCorrect(t *testing.T) {
	for _, p := range gallery.Programs() {
		t.Run(p.Name, func(t *testing.T) {
			m := sim.NewMemo(p.Correct())
			defer m.Close()
			if states, ok := proved[p.Name]; ok {
				r := explore.Cached(m, explore.Options{})
				require.Nil(t, r.Failure)
				require.True(t, r.Exhausted)
				require.Empty(t, r.Finds)
				require.Equal(t, states, r.States)
				return
			}
			for _, s := range []explore.Strategy{explore.NewRandom(1), explore.NewPortfolio(1)} {
				r := explore.Walk(m, s, explore.Options{SchedulesMax: twinsSampled})
				require.Nil(t, r.Failure)
				require.EqualValues(t, twinsSampled, r.Schedules, r.Limit)
				require.Empty(t, r.Finds)
			}
		})
	}
}

// TestCreated: with a main that creates the threads the bugs are there still, and the twins are correct.
func TestCreated(t *testing.T) {
	for _, name := range []string{"CS/account", "CS/wronglock_3", "CS/sync02", "CB/stringbuffer-jdk1.4"} {
		p := gallery.Named(name)
		m := sim.NewMemo(gallery.Created(p.Buggy()))
		defer m.Close()
		f := firstBy(t, m, explore.Cached)
		require.NotNil(t, f, name)
		require.Equal(t, p.Bug, f.Violation.Oracle)
		m = sim.NewMemo(gallery.Created(p.Correct()))
		defer m.Close()
		r := explore.Cached(m, explore.Options{})
		require.True(t, r.Exhausted)
		require.Empty(t, r.Finds)
	}
}

// TestRemembered: a reply tree remembers what the code does: it keeps nothing between runs.
func TestRemembered(t *testing.T) {
	for _, p := range gallery.Programs() {
		if p.Actors() > 30 {
			continue
		}
		for _, system := range []func() *sim.System{p.Buggy, p.Correct} {
			m, again := sim.NewMemo(system()), sim.New(system())
			defer m.Close()
			defer again.Close()
			explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: 5, Ended: func(m *sim.Machine) {
				_, err := explore.Repeat(again, m.Taken())
				require.NoError(t, err)
				require.Equal(t, m.Fingerprint(), again.Fingerprint())
			}})
			require.NoError(t, m.Recheck())
		}
	}
}

// TestProgramsSayWhatTheyAre: each has all that is told of it, and a name of its own.
func TestProgramsSayWhatTheyAre(t *testing.T) {
	seen, figures := map[string]bool{}, 0
	for _, p := range gallery.Programs() {
		require.False(t, seen[p.Name])
		seen[p.Name] = true
		for _, text := range []string{p.Name, p.Source, p.File, p.Story, p.Bug} {
			require.NotEmpty(t, text, p.Name)
		}
		require.Greater(t, p.Actors(), 1)
		require.Len(t, p.Correct().Actors, twinThreads(&p), p.Name)
		if len(p.Published) > 0 {
			figures++
		}
	}
	require.Equal(t, 27, figures, "rows of the published table")
	f, ok := gallery.Named("CS/bluetooth_driver").In("URW")
	require.True(t, ok)
	require.Equal(t, gallery.Figure{Strategy: "URW", Mean: 1494, Found: 19}, f)
	require.Equal(t, "1494 (19/20)", f.String())
	_, ok = gallery.Named("Chess/WorkStealQueue").In("RW")
	require.False(t, ok)
}

// twinThreads is how many threads the correct twin has: as many, but for fsbench, whose bug is one too many.
func twinThreads(p *gallery.Program) int {
	if p.Name == "CS/fsbench" {
		return p.Actors() - 1
	}
	return p.Actors()
}
