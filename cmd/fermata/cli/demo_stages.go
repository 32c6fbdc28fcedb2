package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// switchesMax is the most forced switches that the shrunk race may need.
const switchesMax = 4

// replays is how often the demo replays the race.
const replays = 100

// stages are the demo, in order; each relies on those before it.
var stages = []stage{
	{"Finding a race", (*demo).find},
	{"Shrinking it", (*demo).shrink},
	{"Telling it", (*demo).tell},
	{"Replaying it", (*demo).replay},
	{"Comparing its end with the reports", (*demo).reported},
	{"Ruling it out in the proposed fix", (*demo).prove},
	{"What the released fix, " + releasedFix + ", leaves", (*demo).released},
	{"What to type next", (*demo).next},
}

// find looks for the race where it is known to be.
func (d *demo) find() error {
	c, err := catalogue.NewCase(d.scenario, d.racy, "", d.a.extra...)
	if err != nil {
		return err
	}
	progress, done := d.a.progress("finding", catalogue.SchedulesDefault)
	d.found, err = catalogue.Find(c, catalogue.FindOptions{Seed: 1, Stop: d.a.stopped, Progress: progress})
	done()
	if err != nil {
		return err
	}
	if err := want(d.found.Verdict == catalogue.Violated, "a violation on "+d.racy, "%s %s in %d schedules",
		d.found.Verdict, d.found.Reason, d.found.Schedules); err != nil {
		return err
	}
	d.finding = d.found.Findings[0]
	d.say("   %s breaks %s", d.racy, d.finding.Oracle)
	d.say("   found by schedule %d, after %d steps", d.found.Schedules+1, d.found.Steps)
	return nil
}

// shrink checks that the finding is as small as it gets.
func (d *demo) shrink() error {
	again, err := catalogue.ShrinkSchedule(d.finding.Schedule, "", d.a.extra...)
	if err != nil {
		return err
	}
	f := d.finding
	d.say("   %d steps and %d forced switches are left, in the scope", f.Steps, f.Switches)
	d.say("   %s", f.Case.Scope)
	g := again.Findings[0]
	return errors.Join(
		want(f.Switches <= switchesMax, fmt.Sprintf("at most %d forced switches", switchesMax), "%d", f.Switches),
		want(g.Steps == f.Steps && g.Switches == f.Switches, "that it cannot be made smaller",
			"%d steps and %d switches", g.Steps, g.Switches))
}

// tell shows the one screen of it.
func (d *demo) tell() error {
	var b strings.Builder
	if err := report.Outcome(&b, d.found, d.a.options()); err != nil {
		return err
	}
	d.say("%s", strings.TrimRight(b.String(), "\n"))
	if d.a.colour {
		return nil // escapes would count as columns
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > report.Width {
			return want(false, fmt.Sprintf("at most %d columns", report.Width), "%d", n)
		}
	}
	return nil
}

// replay runs the schedule again and again.
func (d *demo) replay() error {
	r, _, err := catalogue.Replay(d.finding.Schedule, catalogue.ReplayOptions{Times: replays, Extra: d.a.extra})
	if err != nil {
		return err
	}
	if err := want(len(r.Findings) > 0, "the same violation", "%s", r.Verdict); err != nil {
		return err
	}
	d.say("   %d replays, one fingerprint: %016x", replays, d.finding.Fingerprint)
	got := r.Findings[0]
	return errors.Join(
		want(got.Oracle == d.finding.Oracle, d.finding.Oracle, "%s", got.Oracle),
		want(got.Fingerprint == d.finding.Fingerprint, fmt.Sprintf("fingerprint %016x", d.finding.Fingerprint),
			"%016x", got.Fingerprint))
}

// reported holds the end of the run against what the reports of the race say.
func (d *demo) reported() error {
	facts := make([]string, len(d.finding.Trace.Final))
	for i, fact := range d.finding.Trace.Final {
		facts[i] = strings.TrimSpace(fact)
	}
	for _, reported := range []struct{ words, fact string }{
		{"the workflow is RUNNING", "w1: RUNNING"},
		{"the completed listener fired", "completed listener: called once"},
		{"no message of it is in the decider queue", "decider queue: no message"},
	} {
		if err := want(slices.Contains(facts, reported.fact), reported.fact, "%q", facts); err != nil {
			return err
		}
		d.say("   %s", reported.words)
	}
	if err := tasksCompleted(facts); err != nil {
		return err
	}
	d.say("   every task is COMPLETED")
	f := d.finding
	d.say("   and it is %s: sweeps, polls and timeouts that go on do not mend it", f.Severity)
	return want(f.Severity == catalogue.Permanent, "a permanent violation", "%q", f.Severity.String())
}

// tasksCompleted looks at the facts about tasks, "t1: COMPLETED".
func tasksCompleted(facts []string) error {
	tasks := 0
	for _, fact := range facts {
		name, status, _ := strings.Cut(fact, ": ")
		if !strings.HasPrefix(name, "t") || strings.Contains(name, " ") {
			continue
		}
		tasks++
		if err := want(status == "COMPLETED", name+" COMPLETED", "%s", status); err != nil {
			return err
		}
	}
	return want(tasks >= 2, "two tasks", "%d", tasks)
}

// prove searches every interleaving of every scenario on the fixed engine, or on the one that the scenario takes.
func (d *demo) prove() error {
	for _, s := range catalogue.Scenarios() {
		fixed := cmp.Or(s.ProvedOn, d.fixed)
		r, err := d.verify(s.Name, fixed)
		if err != nil {
			return err
		}
		if err := want(r.Proved, s.Name+" proved on "+fixed, "%s %s", r.Verdict, r.Reason); err != nil {
			return err
		}
		d.say("   %-24s proved: every interleaving, %d states", s.Name, r.States)
		d.say("   %-24s   of %s", "", r.Case.Scope)
		if fixed != d.fixed {
			d.say("   %-24s   on %s", "", fixed)
		}
	}
	return nil
}

func (d *demo) verify(scenario, engine string) (*catalogue.Report, error) {
	c, err := catalogue.NewCase(scenario, engine, "", d.a.extra...)
	if err != nil {
		return nil, err
	}
	progress, done := d.a.progress(scenario+" on "+engine, -1)
	defer done()
	if engine != releasedFix {
		if c, err = c.On(c.Scenario.ProvedWith); err != nil {
			return nil, err
		}
	}
	return catalogue.Verify(c, catalogue.VerifyOptions{Stop: d.a.stopped, Progress: progress})
}

// releasedFix is the release that has the published fix.
const releasedFix = "conductor-3.21.3"

// released looks at what the published fix leaves open. What it closes is the race that was found.
func (d *demo) released() error {
	for _, s := range catalogue.Scenarios() {
		r, err := d.verify(s.Name, releasedFix)
		if err != nil {
			return err
		}
		if s.Name == d.scenario {
			if err := want(r.Proved, s.Name+" proved on "+releasedFix, "%s %s", r.Verdict, r.Reason); err != nil {
				return err
			}
		}
		if err := want(r.Verdict != catalogue.Unknown, "a verdict on "+s.Name, "%s", r.Reason); err != nil {
			return err
		}
		d.say("   %-24s %s", s.Name, leftover(r))
	}
	return nil
}

// leftover says in some words what a search of every interleaving found.
func leftover(r *catalogue.Report) string {
	if len(r.Findings) == 0 {
		return "proved"
	}
	f := r.Findings[0]
	return fmt.Sprintf("%s of %s, %s", r.Verdict, f.Oracle, f.Severity)
}

func (d *demo) next() error {
	for _, next := range [][2]string{
		{"fermata find", "look in every scenario, write schedules"},
		{"fermata replay FILE", "run one of them again"},
		{"fermata verify --engine " + d.fixed, "rule the races out"},
		{"fermata matrix --measures", "which measure cures what"},
		{"fermata explain " + d.finding.Oracle, "what was broken"},
	} {
		d.say("   %-36s %s", next[0], next[1])
	}
	return nil
}
