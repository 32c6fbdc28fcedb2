package load

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper/conductor"
)

// whole is a preset with every figure of the default, and more lines behind it.
func whole(more ...string) string {
	lines := []string{presetHead, "# a comment", ""}
	for _, f := range Figures() {
		lines = append(lines, fmt.Sprintf("%s: %s | assumed | for the test", f.Name, f.Text(Default())))
	}
	return strings.Join(append(lines, more...), "\n")
}

// without is a preset that lacks a figure.
func without(figure string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(whole(), "\n"), func(line string) bool {
		return strings.HasPrefix(line, figure+":")
	}), "\n")
}

// A preset of every figure is the setup that it says, and keeps who says it.
func TestPreset(t *testing.T) {
	p, err := ParsePreset("p", without("servers")+"\n servers :  30|reported|#213: at least 30 | replicas \n")
	require.NoError(t, err)
	line := p.Line("servers")
	require.Equal(t, Line{"servers", "30", Reported, "#213: at least 30 | replicas", len(Figures()) + 3}, *line)
	s, err := p.Setup(nil)
	require.NoError(t, err)
	want := Default()
	want.Servers = 30
	require.Equal(t, want, s)
}

// A preset in which a figure is missing, unknown, twice there, unmarked or without a note is refused with its line.
func TestPresetsThatAreRefused(t *testing.T) {
	next := len(Figures()) + 4
	for _, c := range []struct{ text, said string }{
		{"", `p:1: expected "fermata load 1", which begins a preset`},
		{"fermata load 2\n", `p:1: expected "fermata load 1"`},
		{"\n" + whole(), `p:1: expected "fermata load 1"`},
		{without("servers"), "p: expected every figure: servers is missing"},
		{whole("servers: 3 | assumed | again"),
			fmt.Sprintf("p:%d: servers is in line 7 already: expected it once", next)},
		{whole("shards: 3 | assumed | why"),
			fmt.Sprintf(`p:%d: unknown figure "shards": expected one of rate, for,`, next)},
		{whole("shards"), fmt.Sprintf("p:%d: expected FIGURE: TEXT | reported | NOTE", next)},
		{without("wake") + "\nwake: 1ms", fmt.Sprintf("p:%d: wake is marked neither reported nor assumed", next-1)},
		{without("wake") + "\nwake: 1ms | guessed | why", "wake is marked neither reported nor assumed"},
		{without("wake") + "\nwake: 1ms | assumed |", "wake says neither who reported it nor why it is assumed"},
		{without("wake") + "\nwake: 1ms | reported", "wake says neither who reported it nor why it is assumed"},
	} {
		_, err := ParsePreset("p", c.text)
		require.ErrorIs(t, err, ErrUsage, c.text)
		require.ErrorContains(t, err, c.said)
	}
}

// A figure that cannot be meant is refused with its line.
func TestPresetsOfWrongFigures(t *testing.T) {
	p, err := ParsePreset("p", without("wake")+"\nwake: -1ms | assumed | why")
	require.NoError(t, err)
	_, err = p.Setup(nil)
	require.ErrorIs(t, err, ErrUsage)
	require.EqualError(t, err, fmt.Sprintf(
		`wrong usage: p:%d: wake -1ms: "-1ms" is negative: expected 0s or more`, len(Figures())+3))
}

// The preset of the reports is read, goes together, and has what the reports say: the figures that #213 gives are
// marked so, and no other.
func TestPresetReport(t *testing.T) {
	text, err := os.ReadFile("../../testdata/load/report.preset")
	require.NoError(t, err)
	p, err := ParsePreset("report", string(text))
	require.NoError(t, err)
	s, err := p.Setup(nil)
	require.NoError(t, err)
	s.Engine = conductor.Release3170()
	require.NoError(t, s.Check())
	reported := map[string]string{}
	for _, line := range p.Lines {
		if line.Mark == Reported {
			reported[line.Figure] = line.Text
		}
	}
	require.Equal(t, map[string]string{
		"rate": "poisson:82.5", "servers": "30", "sweep-interval": "25ms", "lock-enabled": "on", "repair": "on",
		"lock": "redisson", "queue": "orkes", "store": "sql",
	}, reported)
}

// No text panics, and what is taken has every figure once and makes a setup or says in which line it cannot.
func FuzzParsePreset(f *testing.F) {
	f.Add(whole())
	f.Add(without("wake") + "\nwake: -1ms | assumed | why")
	f.Add("fermata load 1\nservers: 30 | reported")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePreset("p", text)
		if err == nil {
			require.Len(t, p.Lines, len(Figures()))
			_, err = p.Setup(func(string) ([]byte, error) { return nil, os.ErrNotExist })
		}
		if err != nil {
			require.ErrorIs(t, err, ErrUsage)
			require.Regexp(t, `^wrong usage: p(:\d+)?: `, err.Error())
		}
	})
}
