package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// The README opens with the race of this schedule, as a picture and in so many lines.
const (
	readme      = "../../../README.md"
	readmeRace  = "../../../testdata/schedules/stale-lookup.conductor-3.17.0.sched"
	readmeSVG   = "../../../docs/race.svg"
	readmeLines = 12
)

// TestReadmePicture: the picture is the schedule's.
func TestReadmePicture(t *testing.T) {
	a, _, said := inProcess(t.Context())
	made := filepath.Join(t.TempDir(), "race.svg")
	require.Equal(t, exitViolation, a.main([]string{"replay", readmeRace, "--svg", made}), said.String())
	got, err := os.ReadFile(made)
	require.NoError(t, err)
	want, err := os.ReadFile(readmeSVG)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "make pictures")
	page, err := os.ReadFile(readme)
	require.NoError(t, err)
	require.True(t, strings.Contains(string(page), "(docs/race.svg)"), "README.md does not show docs/race.svg")
}

// TestReadmeTrace: and so is the trace in words.
func TestReadmeTrace(t *testing.T) {
	s, err := readSchedule(readmeRace)
	require.NoError(t, err)
	r, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
	require.NoError(t, err)
	trace := report.Excerpt(r.Findings[0].Trace, readmeLines)
	require.LessOrEqual(t, strings.Count(trace, "\n")+1, readmeLines)
	page, err := os.ReadFile(readme)
	require.NoError(t, err)
	require.True(t, strings.Contains(string(page), "```\n"+trace+"\n```\n"), "README.md does not show\n%s", trace)
}
