package load_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
)

// racing is a setup in which slow servers sweep what is about to end.
func racing(t testing.TB) *load.Setup {
	return with(t, "conductor-3.17.0", append(slow, "for", "20s", "tasks", "2", "branches", "0", "drain", "1h",
		"task-time", "uniform:29s..31s", "last-task-time", "20ms", "slow-servers", "3")...)
}

// The worst lives are kept, each once and in one order: fewer are the first of more, and as many as were counted are
// stuck. To keep them changes nothing that is measured.
func TestTheWorstLivesAreKept(t *testing.T) {
	lives := map[int][]load.Life{}
	var counts load.Counts
	for _, most := range []int{0, 2, 6, 1000} {
		s := racing(t)
		s.Cutout = most
		r, err := load.Run(s, load.Options{})
		require.NoError(t, err)
		require.LessOrEqual(t, len(r.Lives), most)
		lives[most] = r.Lives
		if most == 0 {
			counts = r.Counts
		}
		require.Equal(t, counts, r.Counts)
	}
	require.Positive(t, counts.Stuck)
	require.Positive(t, counts.ListenerTwice)
	seen, stuckLives := map[int64]bool{}, int64(0)
	for i, l := range lives[1000] {
		require.False(t, seen[l.Workflow])
		seen[l.Workflow] = true
		if l.What == "stuck" {
			stuckLives++
		}
		for j := range lives {
			if i < len(lives[j]) {
				require.Equal(t, l.Workflow, lives[j][i].Workflow)
				require.Equal(t, l.What, lives[j][i].What)
				require.Equal(t, l.Steps, lives[j][i].Steps)
			}
		}
	}
	require.Equal(t, counts.Stuck, stuckLives)
}

// What is cut out of a workflow says what went wrong in it, in a chain and in a fork, on the parts and with the
// settings of its load.
func TestLivesAreCutOut(t *testing.T) {
	fork := append(slow, "for", "30s", "drain", "1h")
	violated := map[string]string{
		"stuck": "terminal-stays permanent", "reopened": "terminal-stays permanent",
		"listener told twice": "listener-once permanent",
	}
	for _, s := range []*load.Setup{
		racing(t),
		with(t, "conductor-3.17.0", append(fork, "store", "sql")...),
		with(t, "conductor-3.17.0", append(fork, "audit", "20s")...),
		with(t, "conductor-3.17.0", append(fork, "lock-enabled", "off")...),
		with(t, "conductor-3.21.23", append(fork, "offset-timeout", "5s", "task-time", "uniform:2s..4s")...),
	} {
		s.Cutout = 1
		r := run(t, s)
		require.NotEmpty(t, r.Lives)
		f, err := r.Lives[0].Cut()
		require.NoError(t, err)
		require.Equal(t, violated[r.Lives[0].What], f.Oracle+" "+f.Severity.String())
	}
}

// What cannot be followed is told, with its step.
func TestALifeThatIsNotCutOut(t *testing.T) {
	s := with(t, "conductor-3.17.0", append(slow, "for", "30s", "drain", "1h", "failures", "0.5")...)
	s.Cutout = 1
	r := run(t, s)
	require.NotEmpty(t, r.Lives)
	_, err := r.Lives[0].Cut()
	var why *catalogue.LifeError
	require.ErrorAs(t, err, &why)
	require.Regexp(t, `^at step \d+ \(worker \d+, update, .*FAILED.*COMPLETED"$`, err.Error())
}
