package explore_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// TestGolden runs small programs written as text, one actor a line, and prints what each search makes of
// them: their ends, and the smallest schedule that leads to a given one. The arguments are those of the scope:
// faults and advances are its budget, fail and crash the actors that may, together that the first two are in
// one server; preemptions bounds the search.
func TestGolden(t *testing.T) {
	datadriven.Walk(t, "testdata/golden", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			sc := parseScope(t, d)
			switch d.Cmd {
			case "ends":
				return ends(t, sc, d)
			case "shrink":
				return shrinkTo(t, sc, d)
			}
			d.Fatalf(t, "unknown command %s", d.Cmd)
			return ""
		})
	})
}

func parseScope(t *testing.T, d *datadriven.TestData) scope {
	sc := scope{programs: parsePrograms(t, d.Input), together: d.HasArg("together")}
	d.MaybeScanArgs(t, "faults", &sc.budget.Faults)
	d.MaybeScanArgs(t, "advances", &sc.budget.Advances)
	flags := func(key string) []bool {
		flags := make([]bool, len(sc.programs))
		if arg, ok := d.Arg(key); ok {
			for i := range arg.Vals {
				var n int
				arg.Scan(t, i, &n)
				flags[n-1] = true
			}
		}
		return flags
	}
	sc.fail, sc.crash, sc.restart, sc.pause = flags("fail"), flags("crash"), flags("restart"), flags("pause")
	sc.redelivers, sc.twice = d.HasArg("redelivers"), d.HasArg("twice")
	return sc
}

var (
	verbs = map[string]sim.Verb{
		"read": tiny.Read, "write": tiny.Write, "try": tiny.TryLock, "lock": tiny.Lock, "unlock": tiny.Unlock,
		"add": tiny.Add, "lease": lease, "pick": pick,
	}
	objects = map[string]sim.Object{"a": cellA, "b": cellB, "c": cellC, "l": lockL, "m": cellC}
)

// parsePrograms reads "read a; write a 2" lines.
func parsePrograms(t *testing.T, text string) (ps programs) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var p []instruction
		for _, step := range strings.Split(line, ";") {
			words := strings.Fields(step)
			in := instruction{verb: verbs[words[0]]}
			require.NotZero(t, in.verb, step)
			if in.verb != pick {
				in.object = objects[words[1]]
				require.NotZero(t, in.object, step)
			}
			if len(words) > 2 {
				n, err := strconv.Atoi(words[2])
				require.NoError(t, err)
				in.value = int64(n)
			}
			p = append(p, in)
		}
		ps = append(ps, p)
	}
	return ps
}

// ends lists every end with the count of schedules that lead there, by plain search, and the states
// that the cached search sees, which must be the same ends.
func ends(t *testing.T, sc scope, d *datadriven.TestData) string {
	bound := -1
	d.MaybeScanArgs(t, "preemptions", &bound)
	counts := map[string]int{}
	m := sim.New(sc.system())
	defer m.Close()
	o := explore.Options{Ended: func(m *sim.Machine) { counts[endOf(m)]++ }}
	var r *explore.Result
	if bound >= 0 {
		r = explore.PreemptionBounded(m, bound, o)
	} else {
		r = explore.Plain(m, o)
	}
	var lines []string
	for end, n := range counts { //tidy:unordered sorted below
		lines = append(lines, fmt.Sprintf("%s  %d", end, n))
	}
	slices.Sort(lines)
	lines = append(lines, fmt.Sprintf("%d schedules", r.Schedules))
	if bound < 0 {
		c := cachedBy(t, sc.system(), (*sim.Machine).Key)
		require.Equal(t, seen(r), seen(c))
		lines = append(lines, fmt.Sprintf("%d states", c.States))
	}
	return strings.Join(lines, "\n") + "\n"
}

// endOf tells the cells at the end of a run, who is blocked there, and who was crashed.
func endOf(m *sim.Machine) string {
	cells := m.System().World.(*clocked).Cell
	text := fmt.Sprintf("a=%d b=%d c=%d l=%d", cells[cellA], cells[cellB], cells[cellC], cells[lockL])
	for i := range m.System().Actors {
		if m.Pending(sim.ActorID(i)) != nil {
			text += " " + m.ActorName(sim.ActorID(i)) + " blocked"
		}
	}
	for _, l := range told(m, slices.Clone(m.Taken())) {
		if l.Actor == "fault" && strings.HasPrefix(l.Step, "crash") {
			text += " " + l.Step
		}
	}
	return text
}

// shrinkTo finds the smallest schedule that ends as asked for, by its cells.
func shrinkTo(t *testing.T, sc scope, d *datadriven.TestData) string {
	var end string
	d.ScanArgs(t, "end", &end)
	system := func() *sim.System {
		s := sc.system()
		w := s.World.(*clocked)
		s.Judge = &verdict{object: end, badEnd: func() bool {
			return fmt.Sprintf("%d%d%d%d", w.Cell[cellA], w.Cell[cellB], w.Cell[cellC], w.Cell[lockL]) == end
		}}
		return s
	}
	r := walk(system(), 1, explore.Options{SchedulesMax: 2000})
	f := slices.IndexFunc(r.Finds, func(f explore.Find) bool { return f.AtRest })
	if f < 0 {
		require.Empty(t, slices.DeleteFunc(seen(plain(t, system(), explore.Options{})), func(what string) bool {
			return !strings.HasPrefix(what, "at-rest")
		}), "there is one, and it was not met")
		return "never\n"
	}
	shrunk, err := explore.Shrink(r.Finds[f], one(system))
	require.NoError(t, err)
	m := sim.New(system())
	defer m.Close()
	s := &sim.Schedule{Lines: told(m, shrunk.Choices)}
	_, lines, _ := strings.Cut(s.Text(), "\n")
	return fmt.Sprintf("%s%d forced switches, %d faults\n", lines, shrunk.Cost.Switches, shrunk.Cost.Faults)
}
