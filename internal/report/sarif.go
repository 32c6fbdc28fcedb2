package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"fermata/scenarios"
)

// sarifSchema is the schema that a log follows: SARIF 2.1.0 with errata 01.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sourceRoot is the name of the folder that every file is given from.
const sourceRoot = "SRCROOT"

// linearizable begins the rule of a specification that a history is checked against.
const linearizable = "linearizable-"

// writeSARIF writes the entries as a SARIF log with one run.
func (d *Document) writeSARIF(w io.Writer, entries []entry) error {
	run := sarifRun{
		Tool:    sarifTool{Driver: d.driver(entries)},
		Details: sarifDetails{ID: "fermata/" + d.Command + "/"},
		OriginalBases: map[string]sarifBase{
			sourceRoot: {Description: sarifText{Text: "The folder that --source-root names."}},
		},
		Results: []sarifResult{},
	}
	for i := range entries {
		for j := range entries[i].results {
			run.Results = append(run.Results, d.sarifResult(&run.Tool.Driver, &entries[i], &entries[i].results[j]))
		}
	}
	run.Invocations = []sarifInvocation{invocation(entries)}
	run.Properties = map[string]sarifVerdicts{"cases": sarifCounts(entries)}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func countVerdicts(entries []entry) map[scenarios.Verdict]int {
	counts := map[scenarios.Verdict]int{}
	for i := range entries {
		counts[entries[i].verdict]++
	}
	return counts
}

func sarifCounts(entries []entry) sarifVerdicts {
	counts := countVerdicts(entries)
	return sarifVerdicts{
		OK: counts[scenarios.OK], Violation: counts[scenarios.Violated], Unknown: counts[scenarios.Unknown],
		NotApplicable: counts[scenarios.NotApplicable],
	}
}

// driver describes the program and its rules: the oracles, and the specifications that a history was checked against.
func (d *Document) driver(entries []entry) sarifDriver {
	out := sarifDriver{
		Name: "fermata", Version: d.Version, Address: d.Docs,
		About: sarifText{Text: "Finds, shrinks, replays and rules out races in the sweeper of a workflow engine."},
		Notifications: []sarifRule{
			{ID: notificationID(scenarios.Unknown), Short: sarifText{Text: "A case has no verdict, which is no pass."}},
			{
				ID:    notificationID(scenarios.NotApplicable),
				Short: sarifText{Text: "The engine lacks an operation that the scenario needs."},
			},
		},
	}
	for _, o := range scenarios.Oracles() {
		out.Rules = append(out.Rules, d.rule(o))
	}
	for i := range entries {
		for _, r := range entries[i].results {
			if out.index(r.rule) < 0 {
				about := "a history of " + strings.TrimPrefix(r.rule, linearizable) +
					" operations has an order that explains it"
				out.Rules = append(out.Rules, d.rule(scenarios.OracleInfo{Name: r.rule, About: about}))
			}
		}
	}
	return out
}

func (d *Document) rule(o scenarios.OracleInfo) sarifRule {
	full := strings.Join(o.Text, " ")
	if full == "" {
		full = capital(o.About) + "."
	}
	help, oracle := full, !strings.HasPrefix(o.Name, linearizable)
	if oracle {
		help += " More: fermata explain " + o.Name
	}
	r := sarifRule{
		ID: o.Name, Short: sarifText{Text: inSARIF(capital(o.About) + ".")}, Full: &sarifText{Text: inSARIF(full)},
		Help: &sarifText{Text: inSARIF(help)}, Default: &sarifDefault{Level: levelError},
		Tags: &sarifProperties{Tags: []string{"concurrency", "race"}},
	}
	if oracle && d.Docs != "" {
		r.HelpURI = d.Docs + "#" + url.PathEscape(o.Name)
	}
	return r
}

// index is where a rule stands; -1 if it does not.
func (d *sarifDriver) index(rule string) int {
	return slices.IndexFunc(d.Rules, func(r sarifRule) bool { return r.ID == rule })
}

// invocation says whether all was done that was asked for, and what has no verdict.
func invocation(entries []entry) sarifInvocation {
	counts := countVerdicts(entries)
	applied := len(entries) > counts[scenarios.NotApplicable]
	out := sarifInvocation{Successful: applied && counts[scenarios.Unknown] == 0}
	for i := range entries {
		e := &entries[i]
		n := sarifNotification{
			Descriptor: sarifReference{ID: notificationID(e.verdict)}, Level: levelError,
			Message: sarifText{Text: inSARIF(fmt.Sprintf("%s, %s: %s: %s", e.title, e.parts, e.verdict, e.summary))},
		}
		switch e.verdict {
		case scenarios.OK, scenarios.Violated:
			continue
		case scenarios.NotApplicable:
			n.Level, n.Descriptor.Index = levelNote, 1
		}
		out.Notifications = append(out.Notifications, n)
	}
	return out
}

// notificationID is a verdict as the name of a notification.
func notificationID(v scenarios.Verdict) string { return strings.ReplaceAll(v.String(), " ", "-") }

func (d *Document) sarifResult(driver *sarifDriver, e *entry, r *result) sarifResult {
	said := fmt.Sprintf("%s Seen in %s, %s.", r.said(), e.title, e.parts)
	if r.level == levelNote {
		said += " The scenario is not judged by it."
	}
	var related []sarifLocation
	if r.finding != nil {
		related = d.related(r)
	}
	said = inSARIF(said)
	if related != nil {
		said += fmt.Sprintf(" It begins at [step %d](%d).", r.finding.Trace.WindowFrom, related[0].ID)
	}
	if r.replay != "" {
		said += " Replay it: " + inSARIF(r.replay)
	}
	out := sarifResult{
		Rule: r.rule, RuleIndex: driver.index(r.rule), Level: r.level, Message: sarifText{Text: said},
		Locations:    []sarifLocation{r.at.sarif("")},
		Related:      related,
		Fingerprints: map[string]string{"fermata/v1": r.fingerprint},
		Properties:   r.properties,
	}
	if r.finding != nil && r.level != levelNote {
		out.CodeFlows = d.codeFlows(r)
	}
	return out
}

// sarif is the spot as a location; what is said of it may be empty.
func (s spot) sarif(said string) sarifLocation {
	l := sarifLocation{Physical: &sarifPhysical{
		Artifact: sarifArtifact{URI: (&url.URL{Path: s.file}).String(), Base: sourceRoot},
		Region:   sarifRegion{StartLine: max(s.line, 1)},
	}}
	if s.function != "" {
		l.Logical = []sarifLogical{{Name: s.function, Kind: "function"}}
	}
	if said != "" {
		l.Message = &sarifText{Text: inSARIF(said)}
	}
	return l
}

// related is the line where the race begins: the read whose copy was written later, if that is what went wrong.
func (d *Document) related(r *result) []sarifLocation {
	t := r.finding.Trace
	if t.WindowFrom <= 0 || t.WindowFrom > len(t.Steps) {
		return nil
	}
	said := "The race begins with " + stepWords(&t.Steps[t.WindowFrom-1]) + "."
	if len(t.Notes) > 0 {
		said += " " + t.Notes[0]
	}
	l := d.spot(r, t.WindowFrom).sarif(said)
	l.ID = 1
	return []sarifLocation{l}
}

// codeFlows is the interleaving: a thread of steps for each actor, in one order.
func (d *Document) codeFlows(r *result) []sarifCodeFlow {
	t := r.finding.Trace
	said := fmt.Sprintf("The interleaving of %s, step by step.", r.name())
	flow := sarifCodeFlow{Message: sarifText{Text: inSARIF(said)}}
	for _, actor := range actorsOf(t) {
		thread := sarifThreadFlow{ID: actor}
		for i := range t.Steps {
			if s := &t.Steps[i]; s.Actor == actor {
				thread.Locations = append(thread.Locations, sarifThreadFlowLocation{
					Location: d.spot(r, s.Number).sarif(stepSaid(t, s)), Order: s.Number, Importance: importance(t, s),
				})
			}
		}
		flow.ThreadFlows = append(flow.ThreadFlows, thread)
	}
	return []sarifCodeFlow{flow}
}

// stepWords are a step's number, actor, effect and reply.
func stepWords(s *scenarios.TraceStep) string {
	said := fmt.Sprintf("step %d, %s: %s", s.Number, s.Actor, s.Text)
	if s.Reply != "" {
		said += " => " + s.Reply
	}
	return said
}

func stepSaid(t *scenarios.Trace, s *scenarios.TraceStep) string {
	said := stepWords(s)
	if s.Call != "" {
		said += " (begins " + s.Call + ")"
	}
	if s.Note != "" {
		said += ", " + s.Note
	}
	if s.Number == t.At {
		said += "; this is the violation"
	}
	return said
}

// importance tells the steps that make the race from the others, and from what follows it.
func importance(t *scenarios.Trace, s *scenarios.TraceStep) string {
	switch {
	case s.Number == t.At, s.Note != "", t.WindowFrom > 0 && (s.Number == t.WindowFrom || s.Number == t.WindowTo):
		return "essential"
	case s.Number > max(t.At, t.WindowTo):
		return "unimportant"
	}
	return "important"
}

// propertiesOf are the facts of a finding that a tool may want one by one.
func propertiesOf(r *scenarios.Report, f *scenarios.Finding, of *result) resultProperties {
	c := r.Case
	p := resultProperties{
		Verdict: r.Verdict.String(), Severity: of.severity, Object: of.object, Scenario: c.Scenario.Name,
		Engine: c.Engine.Name, Lock: c.Lock(), Queue: c.Queue(), Store: c.Store(), Scope: c.Scope.String(),
		Schedule: of.schedule, Replay: of.replay,
	}
	if f.Case != nil {
		p.Scope = f.Case.Scope.String()
	}
	return p
}

// sarifEscapes are the characters that SARIF's messages give a meaning to: links and placeholders.
var sarifEscapes = strings.NewReplacer("[", `\[`, "]", `\]`, "{", "{{", "}", "}}")

// inSARIF is a text as it stands in a message.
func inSARIF(text string) string { return sarifEscapes.Replace(text) }
