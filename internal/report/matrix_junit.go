package report

import (
	"io"

	"fermata/scenarios"
)

// WriteJUnit writes the grid as JUnit's XML: a suite for each engine on its parts, a case for each scenario. Without an
// expectation a violation is a failure; with one, what differs from it is. An unknown cell is an error either way, and
// one that is not applicable is skipped, if nothing else was expected.
func (g Grid) WriteJUnit(w io.Writer, want *Grid) error {
	all := junitSuites{Name: "fermata matrix"}
	var expected map[place]string
	if want != nil {
		expected = want.words()
	}
	for _, parts := range g.tables() {
		for _, e := range g.engines() {
			s := junitSuite{Name: e + ", " + parts}
			for _, r := range g.Rows {
				p := place{r.Scenario, e, parts}
				if c := g.cell(p); c != nil {
					s.add(junitOf(p, c, expected))
				}
			}
			all.add(s)
		}
	}
	return all.write(w)
}

func junitOf(p place, c *GridCell, expected map[place]string) junitCase {
	out := junitCase{Class: p.engine + ", " + p.parts, Name: p.scenario}
	said := c.word()
	reason := &junitReason{Message: said, Type: c.Oracle, Text: inXML(c.message)}
	want := expected[p]
	differs := expected != nil && want != said
	if differs {
		if want == "" {
			want = nothing
		}
		reason.Message = "expected " + want + ", got " + said
	}
	switch {
	case c.Verdict == scenarios.Unknown.String():
		out.Error = reason
	case differs, expected == nil && c.Verdict == cellRed:
		out.Failure = reason
	case c.Verdict == cellNotApplicable:
		out.Skipped = &junitReason{Message: c.message}
	}
	return out
}
