package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// The elements of JUnit's XML, as the schema junit-10.xsd of the Jenkins xUnit plugin has them.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string           `xml:"name,attr"`
	Tests      int              `xml:"tests,attr"`
	Failures   int              `xml:"failures,attr"`
	Errors     int              `xml:"errors,attr"`
	Skipped    int              `xml:"skipped,attr,omitempty"`
	Properties *junitProperties `xml:"properties,omitempty"`
	Cases      []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	Properties []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr,omitempty"`
	Failure *junitReason `xml:"failure,omitempty"`
	Error   *junitReason `xml:"error,omitempty"`
	Skipped *junitReason `xml:"skipped,omitempty"`
	Out     *junitText   `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",innerxml"`
}

type junitText struct {
	Text string `xml:",innerxml"`
}

// writeJUnit writes the entries: a suite for each engine on its parts, a case for each scenario. A violation is a
// failure, an unknown an error, and what is not applicable is skipped.
func (d *Document) writeJUnit(w io.Writer, entries []entry) error {
	all := junitSuites{Name: "fermata " + d.Command}
	var names []string
	bySuite := map[string][]*entry{}
	for i := range entries {
		e := &entries[i]
		if bySuite[e.suite] == nil {
			names = append(names, e.suite)
		}
		bySuite[e.suite] = append(bySuite[e.suite], e)
	}
	for _, name := range names {
		s := junitSuite{Name: name, Properties: &junitProperties{}}
		for _, p := range bySuite[name][0].properties {
			s.Properties.Properties = append(s.Properties.Properties, junitProperty{p[0], p[1]})
		}
		for _, e := range bySuite[name] {
			s.add(e.junit())
		}
		all.add(s)
	}
	return all.write(w)
}

func (e *entry) junit() junitCase {
	c := junitCase{Class: e.suite, Name: e.name}
	if e.seconds > 0 {
		c.Time = fmt.Sprintf("%.3f", e.seconds)
	}
	reason := &junitReason{Message: e.summary, Text: inXML(e.story)}
	switch e.verdict {
	case scenarios.OK:
		c.Out = &junitText{inXML(e.story)}
	case scenarios.Violated:
		reason.Type = e.results[0].rule
		c.Failure = reason
	case scenarios.NotApplicable:
		c.Skipped = &junitReason{Message: e.summary}
	default:
		reason.Type = e.verdict.String()
		c.Error = reason
	}
	return c
}

func (all *junitSuites) add(s junitSuite) {
	if s.Tests == 0 {
		return
	}
	all.Suites = append(all.Suites, s)
	all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (all *junitSuites) write(w io.Writer) error {
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

// readable are the references that text between elements needs no reference for.
var readable = strings.NewReplacer("&#xA;", "\n", "&#x9;", "\t", "&#34;", `"`, "&#39;", "'")

// inXML is a text as it stands between elements. What XML 1.0 cannot hold (most control characters, broken UTF-8)
// becomes the replacement character.
func inXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return readable.Replace(b.String())
}
