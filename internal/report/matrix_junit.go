package report

import (
	"encoding/xml"
	"io"

	"fermata/scenarios"
)

// The elements of JUnit's XML that build servers read.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Failure *junitReason `xml:"failure,omitempty"`
	Error   *junitReason `xml:"error,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the grid as JUnit's XML: a suite for each engine on its parts, a case for each scenario. Without an
// expectation a violation is a failure; with one, what differs from it is. An unknown cell is an error either way.
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
			if s.Tests == 0 {
				continue
			}
			all.Suites = append(all.Suites, s)
			all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
	s.Cases = append(s.Cases, c)
}

func junitOf(p place, c *GridCell, expected map[place]string) junitCase {
	out := junitCase{Class: p.engine + ", " + p.parts, Name: p.scenario}
	said := c.word()
	reason := &junitReason{Message: said, Type: c.Oracle, Text: c.message}
	want := expected[p]
	if expected != nil && want != said {
		if want == "" {
			want = "nothing"
		}
		reason.Message = "expected " + want + ", got " + said
	}
	switch {
	case c.Verdict == scenarios.Unknown.String():
		out.Error = reason
	case expected != nil && want != said, expected == nil && c.Verdict == cellRed:
		out.Failure = reason
	}
	return out
}
