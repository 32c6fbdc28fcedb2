package report

import (
	"encoding/json"
	"io"
	"math"

	"fermata/scenarios/catalogue"
)

// Schema names the format of every JSON object.
const Schema = "fermata/1"

// object is the JSON of find, verify, replay and check: one line for each engine and scenario.
type object struct {
	Schema     string      `json:"schema"`
	Command    string      `json:"command"`
	Engine     string      `json:"engine"`
	Scenario   string      `json:"scenario"`
	Lock       string      `json:"lock"`
	Queue      string      `json:"queue"`
	Store      string      `json:"store"`
	Strategy   string      `json:"strategy"`
	Seed       uint64      `json:"seed"`
	Verdict    string      `json:"verdict"`
	Proved     bool        `json:"proved"`
	Reason     string      `json:"reason,omitempty"`
	Schedules  int64       `json:"schedules"`
	Steps      int64       `json:"steps"`
	States     int64       `json:"states"`
	Histories  int64       `json:"histories"`
	Violations []violation `json:"violations"`
	AlsoSeen   []violation `json:"also_seen"`
	NotJudged  []string    `json:"not_judged,omitempty"`
	Reached    []string    `json:"reached"`
	Unreached  []string    `json:"unreached"`
	Scope      string      `json:"scope"`
	// Exhausted tells that nothing of the scope is left, of find and verify, and Limit what cut the search.
	Exhausted *bool  `json:"exhausted,omitempty"`
	Limit     string `json:"limit,omitempty"`
	Bound     *limit `json:"bound,omitempty"`
	// Memory is in bytes.
	Memory      int64    `json:"memory,omitempty"`
	Redundant   int64    `json:"redundant,omitempty"`
	InTheseRuns []string `json:"in_these_runs,omitempty"`
	Classes     int64    `json:"classes,omitempty"`
	// ClassesExact is how many trace classes the scope has, at least as many if ClassesMore.
	ClassesExact int64     `json:"classes_exact,omitempty"`
	ClassesMore  bool      `json:"classes_more,omitempty"`
	Pairs        int64     `json:"pairs,omitempty"`
	Accounts     []account `json:"accounts,omitempty"`
	Stages       []stage   `json:"stages,omitempty"`
	Timing       *timing   `json:"timing,omitempty"`
}

type violation struct {
	Oracle   string `json:"oracle"`
	Severity string `json:"severity"`
	// HealsAfter is virtual time in seconds.
	HealsAfter float64 `json:"heals_after,omitempty"`
	// HealedBy is who it heals by.
	HealedBy string `json:"healed_by,omitempty"`
	Message  string `json:"message"`
	Steps    int    `json:"steps"`
	Switches int    `json:"switches"`
	Schedule string `json:"schedule"`
	// Line and Page are check's: the history's line that nothing explains, and where porcupine's page is.
	Line int    `json:"line,omitempty"`
	Page string `json:"html,omitempty"`
}

// limit is a bound on preemptions or delays, and whether it left schedules out.
type limit struct {
	Of   string `json:"of"`
	Most int    `json:"most"`
	Cut  bool   `json:"cut"`
}

type timing struct {
	Seconds float64 `json:"seconds"`
	PeakMiB float64 `json:"peak_mib,omitempty"`
	// Budget is in seconds, and Plan what was planned for it.
	Budget float64 `json:"budget,omitempty"`
	Plan   *plan   `json:"plan,omitempty"`
}

// JSON writes a report as one line.
func JSON(w io.Writer, r *catalogue.Report, o Options) error {
	c := r.Case
	return encode(w, object{
		Schema: Schema, Command: r.Command, Engine: c.Engine.Name, Scenario: c.Scenario.Name,
		Lock: c.Lock(), Queue: c.Queue(), Store: c.Store(), Strategy: r.Strategy, Seed: r.Seed,
		Verdict: r.Verdict.String(), Proved: r.Proved, Reason: r.Reason,
		Schedules: r.Schedules, Steps: r.Steps, States: r.States, Histories: r.Histories,
		Violations: violations(r.Findings, &o), AlsoSeen: violations(r.AlsoSeen, &o),
		NotJudged: r.NotJudged, Reached: list(r.Reached), Unreached: list(r.Unreached), Scope: c.Scope.String(),
		Exhausted: searched(r), Limit: r.Limit, Bound: boundOf(r), Memory: r.Memory, Redundant: r.Redundant,
		InTheseRuns: r.InTheseRuns,
		Classes:     r.Classes, ClassesExact: r.ClassesExact, ClassesMore: r.ClassesMore, Pairs: r.Pairs,
		Accounts: accounts(r), Stages: stages(r), Timing: o.timing(r.Plan),
	})
}

func (o *Options) timing(p *catalogue.Plan) *timing {
	if o.Seconds == 0 {
		return nil
	}
	return &timing{
		Seconds: math.Round(o.Seconds*1000) / 1000, PeakMiB: math.Round(o.PeakMiB),
		Budget: math.Round(o.Budget*1000) / 1000, Plan: planOf(p, o.Budget),
	}
}

// searched tells of a search whether nothing is left.
func searched(r *catalogue.Report) *bool {
	if r.Command != "find" && r.Command != "verify" {
		return nil
	}
	return &r.Exhausted
}

func boundOf(r *catalogue.Report) *limit {
	if r.Bounds == "" {
		return nil
	}
	return &limit{r.Bounds, r.Bound, r.BoundCut}
}

func violations(findings []*catalogue.Finding, o *Options) []violation {
	out := make([]violation, 0, len(findings))
	for _, f := range findings {
		v := violation{
			Oracle: f.Oracle, Severity: f.Severity.String(), Message: f.Message,
			Steps: f.Steps, Switches: f.Switches, Schedule: o.path(f),
		}
		if f.Severity == catalogue.Heals {
			v.HealsAfter, v.HealedBy = float64(f.HealsAfter)/1000, f.HealedBy
		}
		out = append(out, v)
	}
	return out
}

// list is never null in JSON.
func list(ss []string) []string { return append([]string{}, ss...) }

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
