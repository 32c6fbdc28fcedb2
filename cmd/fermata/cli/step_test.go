package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/internal/tmuxtest"
	"fermata/scenarios/catalogue"
	"fermata/sim"
	"fermata/testdata"
)

// raceFile is the schedule that most of the walks go along.
const raceFile = "stale-lookup.conductor-3.17.0.sched"

// put puts a committed schedule into a folder of the test's.
func put(t *testing.T, name string) (folder string) {
	t.Helper()
	text, err := testdata.Schedules.ReadFile("schedules/" + name)
	require.NoError(t, err)
	folder = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o644))
	return folder
}

// schedule reads a committed schedule.
func schedule(t *testing.T, name string) *sim.Schedule {
	t.Helper()
	file, err := testdata.Schedules.Open("schedules/" + name)
	require.NoError(t, err)
	defer file.Close()
	s, err := catalogue.ReadSchedule(file, name)
	require.NoError(t, err)
	return s
}

// walk opens a terminal and walks a committed schedule in it, from the start.
func walk(t *testing.T, width, height int, name string, environment ...string) *tmuxtest.Terminal {
	t.Helper()
	x := tmuxtest.Open(t, width, height, put(t, name), environment...)
	x.Type("fermata replay --step " + name)
	x.Expect("step 0 of", "before the first step", "quit")
	return x
}

// TestWalkAtATerminal: forth and back, to the violation, off the schedule where another actor flips the verdict, on to
// the end, saved, and the saved file replays.
func TestWalkAtATerminal(t *testing.T) {
	r, _, err := catalogue.Replay(schedule(t, raceFile), catalogue.ReplayOptions{})
	require.NoError(t, err)
	p, err := catalogue.PictureOf(r.Findings[0], nil)
	require.NoError(t, err)

	x := walk(t, 80, 24, raceFile)
	x.Press("n")
	x.Expect("step 1 of 35", " 1     dao.getWorkflow w1 no-tasks => RUNNING")
	x.Press("n", "n", "n", "n")
	x.Expect("step 5 of 35", " 5     lock.acquire w1 => true", "*lock w1: held once by worker-1, was free")
	x.Press("b")
	x.Expect("step 4 of 35", "       lock w1: free\n", ">1 worker-1  lock.acquire w1")
	x.Press("g")
	x.Expect("step 0 of 35")
	x.Press("b")
	x.Expect("this is the start: n goes on")
	x.Press("9")
	x.Expect("there is no choice 9 here")
	x.Press("v")
	x.Expect("step 33 of 35", "33 └", "*workflow w1: RUNNING, was COMPLETED",
		"VIOLATION at step 33: terminal-stays", "the writes of steps 12 and 24")

	at := p.Passing.At
	x.Press("g")
	for n := range at - 1 {
		x.Press("n")
		x.Expect(fmt.Sprintf("step %d of 35", n+1))
	}
	x.Press(other(t, x.Screen(), strings.Fields(p.Passing.Other)[0]))
	x.Expect(fmt.Sprintf("step %d, left the schedule at %d", at, at), "r return")
	x.Press("G")
	screen := x.Expect(", the end", "nothing: the run is over")
	require.NotContains(t, screen, "VIOLATION")
	x.Press("s")
	const saved = "fermata replay stale-lookup.conductor-3.17.0.walk.sched"
	x.Expect("saved: " + saved)
	x.Press("b", "s")
	x.Expect("saved: fermata replay stale-lookup.conductor-3.17.0.walk.2.sched",
		"stale-lookup.conductor-3.17.0.walk.sched is another walk, and is kept")
	x.Press("r")
	x.Expect(fmt.Sprintf("step %d of 35", at-1))
	x.Press("q")
	require.Equal(t, 2, strings.Count(x.Ready(), "\nsaved: fermata replay "))
	x.Type(saved + "; echo exit $?")
	x.Expect("the schedule expects: ok", "ok  not found in this schedule", "exit 0")
}

// other is the digit of the open choice of an actor that is not next.
func other(t *testing.T, screen, actor string) string {
	t.Helper()
	m := regexp.MustCompile(` ([1-9]) ` + actor + `  `).FindStringSubmatch(screen)
	require.NotNil(t, m, screen)
	return m[1]
}

// TestWalkAmongManyChoices: a choice of more than one digit.
func TestWalkAmongManyChoices(t *testing.T) {
	folder := put(t, raceFile)
	text, err := os.ReadFile(filepath.Join(folder, raceFile))
	require.NoError(t, err)
	many := strings.Replace(string(text), "sweepers=1", "sweepers=12", 1)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "many.sched"), []byte(many), 0o644))
	x := tmuxtest.Open(t, 80, 24, folder)
	x.Type("fermata replay --step many.sched")
	x.Expect("step 0 of 46", "1-13 take")
	x.Press("1")
	x.Expect("choice 1_")
	x.Press("Escape")
	x.Expect("step 0 of 46", "1-13 take")
	x.Press("1", "9")
	x.Expect("there is no choice 19 here")
	x.Press("1", "1")
	x.Expect("step 1, left the schedule at 1", "sweeper-10", "queue.pop _deciderQueue => w1")
	x.Press("b", "2")
	x.Expect("step 1, left the schedule at 1", " 1                queue.pop", "> 2 sweeper-1")
	x.Press("b", "1", "Enter")
	x.Expect("step 1 of 46")
	x.Press("c")
	x.Expect("      13 sweeper-12  queue.pop _deciderQueue")
	x.Press("q")
	x.Ready()
}

// TestWalkFits: at 80 columns the terminal shows every line whole, and at other sizes no line is longer than there is
// room, nor than 80.
func TestWalkFits(t *testing.T) {
	for _, name := range []string{
		raceFile, "torn-repair.conductor-3.21.3.sched", "repair-in-schedule-gap.conductor-3.17.0.sched",
		"stale-lookup.conductor-3.17.0.queue-dyno.store-redis.sched",
	} {
		t.Run(name, func(t *testing.T) {
			w, err := catalogue.NewStepper(schedule(t, name), catalogue.ReplayOptions{})
			require.NoError(t, err)
			defer w.Close()
			x := walk(t, 80, 24, name)
			for w.Next() {
				x.Press("n")
				same(t, x, w, 80, 24)
			}
			for _, size := range [][2]int{{80, 40}, {60, 20}, {120, 50}, {20, 5}, {80, 24}} {
				x.Resize(size[0], size[1])
				same(t, x, w, size[0], size[1])
			}
			x.Press("q")
			x.Ready()
		})
	}
}

// same waits until the terminal shows the walk, all of it, where it is.
func same(t *testing.T, x *tmuxtest.Terminal, w *catalogue.Stepper, width, height int) {
	t.Helper()
	var want strings.Builder
	for _, line := range report.Walk(w, report.WalkView{Width: width, Height: height}) {
		text := ""
		for _, span := range line {
			text += span.Text
		}
		require.LessOrEqual(t, utf8.RuneCountInString(text), min(width, 80), text)
		want.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	x.Until(want.String(), func(screen string) bool {
		return strings.TrimRight(screen, "\n") == strings.TrimRight(want.String(), "\n")
	})
}

// TestWalkColour: what matters stands out, but not where no colour is wanted.
func TestWalkColour(t *testing.T) {
	for _, c := range []struct {
		environment []string
		painted     bool
	}{{nil, true}, {[]string{"NO_COLOR=1"}, false}} {
		t.Run(fmt.Sprint(c.environment), func(t *testing.T) {
			x := walk(t, 80, 24, raceFile, c.environment...)
			x.Press("v")
			x.Expect("step 33 of 35", "VIOLATION")
			painted := x.Painted()
			require.Equal(t, c.painted, strings.Contains(painted, "\x1b"), "%q", painted)
			if c.painted {
				require.Regexp(t, `\x1b\[[0-9;]*31m[^\n]*VIOLATION at step 33`, painted)
				require.Regexp(t, `\x1b\[[0-9;]*33m\*workflow w1: RUNNING, was COMPLETED`, painted)
			}
		})
	}
}

// TestWalkLeavesTheTerminal: however the walk is left, the terminal is as it was found.
func TestWalkLeavesTheTerminal(t *testing.T) {
	for name, leave := range map[string]func(*testing.T, *tmuxtest.Terminal, int){
		"q":      func(_ *testing.T, x *tmuxtest.Terminal, _ int) { x.Press("q") },
		"Ctrl-C": func(_ *testing.T, x *tmuxtest.Terminal, _ int) { x.Press("C-c") },
		"SIGTERM": func(t *testing.T, _ *tmuxtest.Terminal, pid int) {
			require.NoError(t, syscall.Kill(pid, syscall.SIGTERM))
		},
		"SIGINT": func(t *testing.T, _ *tmuxtest.Terminal, pid int) {
			require.NoError(t, syscall.Kill(pid, syscall.SIGINT))
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := put(t, raceFile)
			x := tmuxtest.Open(t, 80, 24, folder)
			x.Type("echo earlier lines; stty -a >before")
			x.Expect("\nearlier lines\n")
			before, state := x.Ready(), x.State()
			require.Contains(t, state, "cursor 1, alternate screen 0")

			x.Type("sh -c 'echo $$ >pid; exec fermata replay --step " + raceFile + "'; echo exit $?")
			x.Expect("step 0 of 35")
			require.Contains(t, x.State(), "cursor 0, alternate screen 1")
			x.Press("v")
			require.NotContains(t, x.Expect("VIOLATION"), "earlier lines")
			text, err := os.ReadFile(filepath.Join(folder, "pid"))
			require.NoError(t, err)
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			require.NoError(t, err)
			leave(t, x, pid)

			x.Expect("\nexit 0\n")
			after := x.Ready()
			require.True(t, strings.HasPrefix(after, strings.TrimRight(before, "\n ")), after)
			require.NotContains(t, after, "VIOLATION")
			require.Equal(t, state, x.State())
			x.Type("stty -a >after; echo settings")
			x.Expect("\nsettings\n")
			was, err := os.ReadFile(filepath.Join(folder, "before"))
			require.NoError(t, err)
			is, err := os.ReadFile(filepath.Join(folder, "after"))
			require.NoError(t, err)
			require.NotEmpty(t, was)
			require.Equal(t, string(was), string(is))
		})
	}
}

// TestWalkRefuses: what cannot be walked is said on the screen that was there, in one line.
func TestWalkRefuses(t *testing.T) {
	x := tmuxtest.Open(t, 120, 24, put(t, raceFile))
	x.Type("fermata replay --step " + raceFile + " --engine proposed; echo exit $?")
	x.Expect("fermata: "+raceFile+": line 21: sweeper-1 dao.getWorkflow w1: not open", "\nexit 3\n")
	x.Type("clear; fermata replay --step nowhere.sched; echo exit $?")
	x.Expect("fermata: nowhere.sched: no such file or directory: expected a schedule\nexit 2\n")
	x.Type("clear; TERM=unheard-of fermata replay --step " + raceFile + "; echo exit $?")
	x.Expect("fermata: --step: ", "\nexit 2\n")
	require.Contains(t, x.State(), "cursor 1, alternate screen 0")
	require.NotContains(t, x.Screen(), "goroutine")
}

// TestNoCommandAsksTheTerminal: a command that draws no screen sends the terminal no code: one that waits for an answer
// would hang where there is none.
func TestNoCommandAsksTheTerminal(t *testing.T) {
	folder := put(t, raceFile)
	x := tmuxtest.Open(t, 80, 24, folder, "NO_COLOR=1")
	record := filepath.Join(folder, "record")
	x.Record(record)
	x.Type("TERM=xterm-256color fermata version; echo exit $?")
	x.Expect("output fermata/", "\nexit 0\n")
	x.Ready()
	var text []byte
	require.Eventually(t, func() bool {
		text, _ = os.ReadFile(record) // it is there as soon as something is written
		return strings.Contains(string(text), "exit 0\r\n")
	}, time.Minute, 20*time.Millisecond)
	require.NotContains(t, string(text), "\x1b")
}
