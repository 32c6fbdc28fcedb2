package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios"
)

// hostile is a name that means something in every format: tags, quotes, strokes, fences, links, a placeholder, workflow
// commands, line ends, broken UTF-8, and control characters that XML cannot hold.
const hostile = "<script>alert('1')</script>\"&|`*_[x](y){0}</details>\n```\n" +
	"::error::100%\r\x00\x1b[31m\xff]]>,é\u2028:"

func hostileReports() []*scenarios.Report {
	r := sited()
	r.Case = caseOf(hostile, hostile)
	f := r.Findings[0]
	f.Oracle, f.Object, f.Message, f.Case = hostile, hostile, hostile, r.Case
	f.Trace.Notes = []string{hostile}
	f.Trace.Final = []string{hostile}
	s := &f.Trace.Steps[6]
	s.Text, s.Reply, s.Call, s.Note = hostile, hostile, hostile, hostile
	s.Sites = []scenarios.Site{{Function: hostile, File: fork + hostile, Line: 3}}
	f.Schedule = scheduleOf(f.Trace)
	unknown := &scenarios.Report{Case: r.Case, Command: "find", Verdict: scenarios.Unknown, Reason: hostile}
	return []*scenarios.Report{r, unknown}
}

func TestHostileNames(t *testing.T) {
	d := documentOf("find")
	for _, format := range []string{report.FormatJUnit, report.FormatSARIF, report.FormatMarkdown} {
		got := written(t, format, d, hostileReports())
		if format != report.FormatSARIF {
			golden(t, "hostile."+format, got)
		}
		require.True(t, utf8.ValidString(got), format)
		for _, r := range got {
			require.False(t, r < ' ' && r != '\n' && r != '\t', "%s holds %q", format, r)
		}
	}
	require.True(t, json.Valid([]byte(written(t, report.FormatSARIF, d, hostileReports()))))
	requireXML(t, written(t, report.FormatJUnit, d, hostileReports()))
}

func requireXML(t *testing.T, text string) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

// TestHostileMarkdown: no tag but ours is outside a fence, and every fence is closed before the next one is opened.
func TestHostileMarkdown(t *testing.T) {
	fence := ""
	for _, line := range strings.Split(written(t, report.FormatMarkdown, documentOf("find"), hostileReports()), "\n") {
		mark := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(mark) >= 3:
			fence = mark
		case fence != "" && mark == line && len(mark) >= len(fence):
			fence = ""
		case fence == "":
			plain := strings.NewReplacer("<details>", "", "</details>", "", "<summary><b>", "", "</b>", "",
				"</summary>", "", "<code>", "", "</code>", "").Replace(line)
			require.NotRegexp(t, `[<>]`, plain)
			if strings.HasPrefix(line, "|") {
				require.Equal(t, 5, strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"), line)
			}
		}
	}
	require.Empty(t, fence)
}

// TestAnnotations: a line is one command, whatever is in it.
func TestAnnotations(t *testing.T) {
	var b bytes.Buffer
	d := documentOf("find")
	for _, r := range append(reports(), hostileReports()...) {
		require.NoError(t, d.Annotate(&b, r, optionsOf(r)))
	}
	m := matrix()
	require.NoError(t, d.AnnotateMatrix(&b, m, nil, nil))
	golden(t, "annotations.txt", b.String())
	for _, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		require.Regexp(t, `^::(error|warning|notice) (file=[^:,]+,line=[0-9]+,)?title=[^:,]+::`, line)
	}
}

// TestAnnotationsAgainstAnExpectation: what is as expected is not annotated, red or not, unless it is unknown.
func TestAnnotationsAgainstAnExpectation(t *testing.T) {
	d := documentOf("matrix")
	m := matrix()
	want := report.GridOf(m, nil)
	said := func() []string {
		var b bytes.Buffer
		require.NoError(t, d.AnnotateMatrix(&b, m, nil, &want))
		return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	}
	require.Len(t, said(), 1)
	require.Contains(t, said()[0],
		"::error title=unknown%3A repair-in-schedule-gap on proposed::Expected unknown, got unknown.")

	row := &want.Rows[0] // expected the other way round
	row.Cells[0].Verdict, row.Cells[0].Oracle, row.Cells[0].Severity = "ok", "", ""
	row.Cells[1].Verdict, row.Cells[1].Oracle, row.Cells[1].Severity = "violation", "terminal-stays", "permanent"
	row.Cells = append(row.Cells, report.GridCell{Engine: "gone", Verdict: "ok"})
	require.Len(t, said(), 4)
	require.Contains(t, said()[0], "Expected ok, got violation terminal-stays permanent.")
	require.Contains(t, said()[1], "not as expected%3A stale-lookup on proposed::"+
		"Expected violation terminal-stays permanent, got ok.")
	require.Contains(t, said()[3], "not in the matrix any more%3A stale-lookup on gone")
}

// TestMarkdownFitsAComment: however much was found, it is no more than a comment holds, and it says what is left out.
func TestMarkdownFitsAComment(t *testing.T) {
	var many []*scenarios.Report
	for range 60 {
		many = append(many, sited())
	}
	got := written(t, report.FormatMarkdown, documentOf("find"), many)
	require.LessOrEqual(t, len(got), 65536)
	require.Greater(t, len(got), 60000)
	require.Regexp(t, `\n0 cases and [0-9]+ violations are left out: a comment holds 65536 characters.`, got)
	require.Equal(t, strings.Count(got, "<details>"), strings.Count(got, "</details>"))

	var cases []*scenarios.Report
	for range 1000 {
		cases = append(cases, reports()[2])
	}
	cases = append(cases, sited())
	got = written(t, report.FormatMarkdown, documentOf("find"), cases)
	require.LessOrEqual(t, len(got), 65536)
	require.Contains(t, got, "| stale-lookup on conductor-3.17.0 |", "what is not ok comes first")
	require.Regexp(t, `\n[0-9]+ cases and 0 violations are left out`, got)

	huge := sited()
	huge.Findings = huge.Findings[:1]
	huge.Findings[0].Schedule.Lines[0].Step = strings.Repeat("x", 70000)
	got = written(t, report.FormatMarkdown, documentOf("find"), []*scenarios.Report{huge})
	require.Contains(t, got, "<details>")
	require.NotContains(t, got, "The schedule")
}
