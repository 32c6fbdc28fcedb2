package conformance_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/conformance"
	"fermata/scenarios/catalogue"
	"fermata/sim/gate"
	"fermata/sweeper"
	"fermata/testdata"
)

var record = flag.Bool("record", false, "write the traces of the released classes; then read the diff")

// source is where testdata.Conformance and the gate's Java side are in the source.
const (
	source = "../../testdata/conformance"
	java   = "../../sim/gate/java/target"
)

// released are the releases whose traces are recorded.
var released = conformance.Releases()

// situations reads the situations that are for the release.
func situations(t *testing.T, version string) []*conformance.Situation {
	t.Helper()
	all, err := (&conformance.Release{Version: version}).Situations()
	require.NoError(t, err)
	return all
}

func recorded(t *testing.T, version, name string) string {
	t.Helper()
	text, err := (&conformance.Release{Version: version}).Recorded(name)
	require.NoError(t, err)
	return text
}

// TestTextEqualsReleasedClasses: in every situation, the engine's text makes the calls that the released
// classes made, with the same arguments, and comes to the same end.
func TestTextEqualsReleasedClasses(t *testing.T) {
	for _, r := range released {
		for _, s := range situations(t, r.Version) {
			t.Run(r.Version+"/"+s.Name, func(t *testing.T) {
				text, err := s.Trace(r.Text)
				require.NoError(t, err, text)
				require.Equal(t, recorded(t, r.Version, s.Name), text, s.Covers)
			})
		}
	}
}

// newest are the releases whose classes are Java 21's.
var newest = map[string]bool{"3.22.0": true, "3.32.3": true}

// hasJava21 tells whether the java here runs them.
func hasJava21() bool {
	said, err := exec.Command("java", "-version").CombinedOutput()
	var major int
	_, version, _ := strings.Cut(string(said), "version \"")
	if _, scanned := fmt.Sscanf(version, "%d", &major); err != nil || scanned != nil {
		return false
	}
	return major >= 21
}

// engineOf starts the released classes of a version behind the gate, if they have been built.
func engineOf(t *testing.T, version string) *gate.Process {
	t.Helper()
	jar := filepath.Join(java, version, "gate.jar")
	if _, err := os.Stat(jar); err != nil {
		t.Skipf(
			"the released classes of %s are not here: make real-engine fetches them (needs Java 17 and Maven)",
			version,
		)
	}
	if newest[version] && !hasJava21() {
		t.Skipf("the released classes of %s need Java 21, and the java here is older", version)
	}
	p, err := gate.Start("java -jar "+jar, gate.Options{})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	require.Equal(t, "conductor-"+version, p.Name)
	return p
}

// leaveOut skips what takes many steps in another process.
func leaveOut(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of steps in the released classes: left out by -short")
	}
}

// TestReleasedClassesRepeat records every trace anew from the released classes and compares.
func TestReleasedClassesRepeat(t *testing.T) {
	for _, r := range released {
		t.Run(r.Version, func(t *testing.T) {
			p := engineOf(t, r.Version)
			for _, s := range situations(t, r.Version) {
				text, err := s.Trace(p.Engine())
				require.NoError(t, err, "%s\n%s", s.Name, text)
				if *record {
					folder := filepath.Join(source, r.Version)
					require.NoError(t, os.MkdirAll(folder, 0o755))
					require.NoError(t, os.WriteFile(filepath.Join(folder, s.Name+".txt"), []byte(text), 0o644))
					continue
				}
				require.Equal(t, recorded(t, r.Version, s.Name), text, s.Name)
			}
		})
	}
}

// TestEveryStepFails: in every situation of one actor, with an error at any one of its steps, before or
// after its effect, the text and the released classes go on alike.
func TestEveryStepFails(t *testing.T) {
	leaveOut(t)
	for _, r := range released {
		t.Run(r.Version, func(t *testing.T) {
			p := engineOf(t, r.Version)
			compared := 0
			for _, s := range situations(t, r.Version) {
				for n := 0; ; n++ {
					before, after := s.Failing(n, false), s.Failing(n, true)
					if before == nil || !alike(t, r.Text, p.Engine(), before) {
						break
					}
					alike(t, r.Text, p.Engine(), after)
					compared += 2
				}
			}
			t.Logf("%d situations with an error", compared)
			require.Greater(t, compared, 1000)
		})
	}
}

// alike compares the traces of two engines; false if the situation has no step that fails.
func alike(t *testing.T, text, classes sweeper.Engine, s *conformance.Situation) bool {
	t.Helper()
	want, err := s.Trace(classes)
	require.NoError(t, err, s.Name)
	got, err := s.Trace(text)
	require.NoError(t, err, s.Name)
	if want != got {
		t.Errorf("%s\n--- classes\n%s--- text\n%s", s.Name, want, got)
	}
	return strings.Contains(want, "fault  ")
}

// notCompared are the scenarios whose tasks have timeouts: in the text a read of the clock is a step, and behind the
// gate it is none. The situations, which pass over those steps, compare timeouts; a search of every schedule cannot.
var notCompared = map[string]bool{
	"stale-timeout": true, "late-worker-write": true, "lost-completion-signal": true,
	"unack-overwrites-expedite": true, "wrong-postpone": true, "postpone-before-poll": true, "ghost-payload": true,
	"popped-push": true,
}

// otherIn32114 are schedules of 3.21.3 that 3.21.14 follows with other arguments: it waits otherwise for a JOIN that is
// not done, and tells of a termination at another place (3.21.9 to 3.21.12). The oracle rings all the same.
var otherIn32114 = map[string]bool{
	"schedules/postpone-gap.conductor-3.21.3.sched":             true,
	"schedules/system-task-repaired.conductor-3.21.3.sched":     true,
	"schedules/terminate-child-starting.conductor-3.21.3.sched": true,
}

// TestReleasedClassesUnderEverySchedule: in every scenario of the catalogue, under every schedule of its
// scope, the text and the released classes take the same steps and get the same replies.
func TestReleasedClassesUnderEverySchedule(t *testing.T) {
	leaveOut(t)
	for _, r := range released {
		t.Run(r.Version, func(t *testing.T) {
			p := engineOf(t, r.Version)
			for _, s := range catalogue.Scenarios() {
				if notCompared[s.Name] {
					continue
				}
				states, err := catalogue.Compare(s, r.Text, p.Engine())
				require.NoError(t, err, s.Name)
				t.Logf("%s: the same in %d states", s.Name, states)
			}
		})
	}
}

// TestTheRaceInTheReleasedClasses: the committed schedule of the lost workflow is the same run on the
// classes of 3.15.0, ten times of ten, to the fingerprint; and PCT finds no such end in those of 3.21.14.
func TestTheRaceInTheReleasedClasses(t *testing.T) {
	leaveOut(t)
	const name = "schedules/stale-lookup.conductor-3.17.0.sched"
	f, err := testdata.Schedules.Open(name)
	require.NoError(t, err)
	s, err := catalogue.ReadSchedule(f, name)
	require.NoError(t, err)
	text, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
	require.NoError(t, err)

	old := engineOf(t, "3.15.0")
	r, changes, err := catalogue.Replay(s, catalogue.ReplayOptions{
		Engine: old.Name, Extra: []sweeper.Engine{old.Engine()}, Times: 10,
	})
	require.NoError(t, err)
	require.Empty(t, changes)
	require.Equal(t, text.Findings[0].Fingerprint, r.Findings[0].Fingerprint)
	require.Equal(t, "terminal-stays", r.Findings[0].Oracle)
	require.Equal(t, text.Findings[0].Trace.Settled, r.Findings[0].Trace.Settled)

	fixed := engineOf(t, "3.21.14")
	c, err := catalogue.NewCase("stale-lookup", fixed.Name, "", fixed.Engine())
	require.NoError(t, err)
	r, err = catalogue.Find(c, catalogue.FindOptions{Seed: 1, Schedules: 1000})
	require.NoError(t, err)
	require.Equal(t, catalogue.OK, r.Verdict, r.Reason)
	require.EqualValues(t, 1000, r.Schedules)
}

// TestCommittedSchedulesOnReleasedClasses: the schedule of every red cell is the same run on the classes:
// what is red in the text is red there.
func TestCommittedSchedulesOnReleasedClasses(t *testing.T) {
	texts := map[string]string{"3.15.0": "conductor-3.17.0", "3.21.14": "conductor-3.21.3"}
	for _, r := range released {
		if texts[r.Version] == "" {
			continue // no cell of the matrix is this release's
		}
		p := engineOf(t, r.Version)
		names, err := fs.Glob(testdata.Schedules, "schedules/*."+texts[r.Version]+".sched")
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			if scenario, _, _ := strings.Cut(strings.TrimPrefix(name, "schedules/"), "."); notCompared[scenario] {
				continue
			}
			text, err := fs.ReadFile(testdata.Schedules, name)
			require.NoError(t, err)
			s, err := catalogue.ReadSchedule(bytes.NewReader(text), name)
			require.NoError(t, err)
			want, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
			require.NoError(t, err)
			got, changes, err := catalogue.Replay(s, catalogue.ReplayOptions{
				Engine: p.Name, Extra: []sweeper.Engine{p.Engine()},
			})
			require.NoError(t, err, name)
			require.Empty(t, changes)
			if !otherIn32114[name] {
				require.Equal(t, want.Findings[0].Fingerprint, got.Findings[0].Fingerprint, name)
			}
			require.Equal(t, want.Findings[0].Oracle, got.Findings[0].Oracle, name)
		}
	}
}

// TestEngineThatDoesNotFit: jars that are no engine, or not there, are refused in one line, and no child
// is left.
func TestEngineThatDoesNotFit(t *testing.T) {
	engineOf(t, "3.15.0")
	jar := filepath.Join(java, "3.15.0", "gate.jar")
	for args, want := range map[string]string{ //tidy:unordered each on its own
		"nowhere.jar": "nowhere.jar",
		jar:           "the engine cannot start: ",
	} {
		_, err := gate.Start("java -jar "+jar+" "+args, gate.Options{})
		require.ErrorIs(t, err, gate.ErrGate)
		require.ErrorContains(t, err, want)
		t.Log(err)
	}
	_, err := gate.Start("java -jar nowhere.jar", gate.Options{})
	require.ErrorContains(t, err, "Unable to access jarfile nowhere.jar")
}

// BenchmarkGate is steps a second through a process of the released classes.
func BenchmarkGate(b *testing.B) {
	p, err := gate.Start("java -jar "+filepath.Join(java, "3.15.0", "gate.jar"), gate.Options{})
	if err != nil {
		b.Skip("the released classes are not here: make real-engine fetches them (needs Java 17 and Maven)")
	}
	defer p.Close()
	c, err := catalogue.NewCase("stale-lookup", p.Name, "", p.Engine())
	require.NoError(b, err)
	b.ResetTimer()
	steps := int64(0)
	for b.Loop() {
		s := *c.Scenario
		s.Judged = []string{"no-deadlock"} // nothing ends the walk early
		r, err := catalogue.Find(&catalogue.Case{Scenario: &s, Engine: c.Engine, Scope: c.Scope},
			catalogue.FindOptions{Seed: 1, Schedules: 100})
		require.NoError(b, err)
		steps += r.Steps
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
