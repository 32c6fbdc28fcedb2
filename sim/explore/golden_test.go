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
// them: their ends, and the smallest schedule that leads to a given one.
func TestGolden(t *testing.T) {
	datadriven.Walk(t, "testdata/golden", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			ps := parsePrograms(t, d.Input)
			switch d.Cmd {
			case "ends":
				return ends(t, ps, d)
			case "shrink":
				return shrinkTo(t, ps, d)
			}
			t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
			return ""
		})
	})
}

// parsePrograms reads "read a; write a 2" lines.
func parsePrograms(t *testing.T, text string) programs {
	verbs := map[string]sim.Verb{
		"read": tiny.Read, "write": tiny.Write, "try": tiny.TryLock, "lock": tiny.Lock, "unlock": tiny.Unlock,
		"add": tiny.Add,
	}
	objects := map[string]sim.Object{"a": cellA, "b": cellB, "c": cellC, "l": lockL, "m": cellC}
	var ps programs
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var p []instruction
		for _, step := range strings.Split(line, ";") {
			words := strings.Fields(step)
			in := instruction{verb: verbs[words[0]], object: objects[words[1]]}
			require.NotZero(t, in.verb, step)
			require.NotZero(t, in.object, step)
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
func ends(t *testing.T, ps programs, d *datadriven.TestData) string {
	bound := -1
	d.MaybeScanArgs(t, "preemptions", &bound)
	counts := map[string]int{}
	m := sim.New(ps.system())
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
		c := cachedBy(t, ps.system(), (*sim.Machine).Key)
		require.Equal(t, seen(r), seen(c))
		lines = append(lines, fmt.Sprintf("%d states", c.States))
	}
	return strings.Join(lines, "\n") + "\n"
}

func endOf(m *sim.Machine) string {
	cells := m.System().World.(*tiny.World).Cell
	text := fmt.Sprintf("a=%d b=%d c=%d l=%d", cells[cellA], cells[cellB], cells[cellC], cells[lockL])
	if open := len(m.Taken()); open < steps(m) {
		text += " blocked"
	}
	return text
}

// steps counts those that the programs have.
func steps(m *sim.Machine) (n int) {
	for i := range m.System().Actors {
		if m.Pending(sim.ActorID(i)) != nil {
			n++
		}
	}
	return n + len(m.Taken())
}

// shrinkTo finds the smallest schedule that ends as asked for, by its cells.
func shrinkTo(t *testing.T, ps programs, d *datadriven.TestData) string {
	var end string
	d.ScanArgs(t, "end", &end)
	system := func() *sim.System {
		s := ps.system()
		w := s.World.(*tiny.World)
		s.Judge = &verdict{object: end, badEnd: func() bool {
			return fmt.Sprintf("%d%d%d%d", w.Cell[cellA], w.Cell[cellB], w.Cell[cellC], w.Cell[lockL]) == end
		}}
		return s
	}
	f, ok := find(t, system(), 1)
	if !ok {
		return "never\n"
	}
	shrunk, err := explore.Shrink(f, one(system))
	require.NoError(t, err)
	m := sim.New(system())
	defer m.Close()
	s := &sim.Schedule{Lines: told(m, shrunk.Choices)}
	_, lines, _ := strings.Cut(s.Text(), "\n")
	return fmt.Sprintf("%s%d forced switches\n", lines, shrunk.Cost.Switches)
}
