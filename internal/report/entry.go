package report

import (
	"bytes"
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// entry is what a document holds of one case, whatever its format.
type entry struct {
	// suite and name are the group of cases and the case in it, as build servers show them; title is both in a line.
	suite, name, title string
	engine, parts      string
	verdict            catalogue.Verdict
	// summary is the verdict in a line, and story its text as on a terminal.
	summary, story string
	seconds        float64
	// properties are facts of the suite: a name and a value each.
	properties [][2]string
	// results are the findings that decide the verdict, then those that were also seen.
	results []result
}

// result is one finding of a document.
type result struct {
	rule, object, message string
	// severity is in words; level is SARIF's.
	severity, level string
	story           string
	notes           []string
	at              spot
	// schedule is the file of the schedule, if it is in one, and replay the command that runs it again.
	schedule, replay string
	fingerprint      string
	properties       resultProperties
	// finding is what the result is of, and report where it was found; nil for one of a history.
	finding *catalogue.Finding
	report  *catalogue.Report
}

// The levels of results.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNote    = "note"
)

// entryOf makes the entry of a report.
func (d *Document) entryOf(r *catalogue.Report, o Options) entry {
	seconds := o.Seconds
	o.Colour, o.Full, o.Seconds, o.PeakMiB = false, false, 0, 0 // what differs from call to call is in no story
	c := r.Case
	parts := partsOf(c)
	e := entry{
		suite: c.Engine.Name + ", " + parts, name: c.Scenario.Name, title: c.Scenario.Name + " on " + c.Engine.Name,
		engine: c.Engine.Name, parts: parts, verdict: r.Verdict, summary: summary(r), story: storyOf(r, o),
		seconds: seconds,
		properties: [][2]string{
			{"command", r.Command}, {"engine", c.Engine.Name}, {"lock", c.Lock()}, {"queue", c.Queue()},
			{"store", c.Store()}, {"strategy", r.Strategy},
		},
	}
	if r.Seed != 0 {
		e.properties = append(e.properties, [2]string{"seed", fmt.Sprint(r.Seed)})
	}
	for _, f := range r.Findings {
		e.results = append(e.results, d.resultOf(r, f, &o, level(f)))
	}
	for _, f := range r.AlsoSeen {
		e.results = append(e.results, d.resultOf(r, f, &o, levelNote))
	}
	return e
}

// partsOf names the lock, the queue and the store of a case.
func partsOf(c *catalogue.Case) string {
	return fmt.Sprintf("lock %s, queue %s, store %s", c.Lock(), c.Queue(), c.Store())
}

// level is the level of a finding that decides: what heals is a warning.
func level(f *catalogue.Finding) string {
	if f.Severity == catalogue.Heals {
		return levelWarning
	}
	return levelError
}

// summary is a report in a line.
func summary(r *catalogue.Report) string {
	switch r.Verdict {
	case catalogue.OK:
		return cleanWords(r)
	case catalogue.Violated:
		var said []string
		for _, f := range r.Findings {
			said = append(said, f.Oracle+severity(f, ", %s")+": "+f.Message)
		}
		return strings.Join(said, "; ")
	}
	return r.Reason
}

// storyOf is a report's text as on a terminal without colour.
func storyOf(r *catalogue.Report, o Options) string {
	var b bytes.Buffer
	_ = Outcome(&b, r, o) // a buffer takes everything
	return strings.TrimRight(b.String(), "\n")
}

// resultOf makes the result of a finding.
func (d *Document) resultOf(r *catalogue.Report, f *catalogue.Finding, o *Options, level string) result {
	out := result{
		rule: f.Oracle, object: f.Object, message: f.Message, severity: severity(f, "%s"), level: level,
		notes: f.Trace.Notes, schedule: o.path(f), finding: f, report: r, fingerprint: fingerprint(r, f),
	}
	if out.schedule != "" {
		out.replay = ReplayCommand(out.schedule, o.ReplayFlags...)
	}
	out.at = d.spot(&out, 0)
	out.properties = propertiesOf(r, f, &out)
	if level != levelNote {
		one := *r
		one.Findings = []*catalogue.Finding{f}
		if f != r.Findings[0] {
			one.AlsoSeen, one.NotJudged = nil, nil
		}
		out.story = storyOf(&one, *o)
	}
	return out
}

// name is the oracle and what it is about.
func (r *result) name() string {
	if r.object == "" {
		return r.rule
	}
	return r.rule + " of " + r.object
}

// said is the message and what is known beside it, as sentences.
func (r *result) said() string {
	said := r.message + "."
	for _, n := range r.notes {
		said += " " + n
	}
	return said
}
