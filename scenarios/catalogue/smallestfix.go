package catalogue

import (
	"errors"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// FixOptions bound the search for a fix. The zero value is the default.
type FixOptions struct {
	// StatesMax limits the states of each search, so that what comes out depends on no clock; 0 is FixStatesDefault.
	StatesMax int64
	Stop      func() bool
}

// FixStatesDefault is the limit of states for each text that SmallestFix and AlsoOn look at.
const FixStatesDefault = 300_000

// ErrStopped is what SmallestFix and AlsoOn give where Stop ended them: a part of an answer is none.
var ErrStopped = errors.New("stopped before every text was looked at")

// FixKind is what a trial changes.
type FixKind uint8

// The kinds, in the order in which they are tried.
const (
	// OtherLock is the same text on the first of Locks.
	OtherLock FixKind = 1 + iota
	// ChangedRelease is the engine's own text with changes, MeasuresOn3170 3.17.0's with measures.
	ChangedRelease
	MeasuresOn3170
	// WholeText is an engine of Engines that is no release.
	WholeText
)

// FixTrial is one change, and what searching every interleaving came to with it.
type FixTrial struct {
	Kind FixKind
	// Names are the changes: the measures, and what they do not have. Terminates tells that terminateWorkflow is among
	// what they change.
	Names      []string
	Terminates bool
	Case       *Case
	Verdict    Verdict
	Proved     bool
	Oracle     string // the oracle that is violated; empty if none is
	States     int64
	Reason     string // of a verdict that is neither ok nor a violation
}

// FixSearch is what was tried, in order, in one scope. It ends at the first change of the code that is proved.
type FixSearch struct {
	Scope  Scope
	Trials []FixTrial
}

// Proved is the first change of code that is proved; nil if none is.
func (f *FixSearch) Proved() *FixTrial {
	for i := range f.Trials {
		if t := &f.Trials[i]; t.Kind != OtherLock && t.Proved {
			return t
		}
	}
	return nil
}

// Lock is the trial of the same engine on the other lock; nil if the case has that lock.
func (f *FixSearch) Lock() *FixTrial {
	if len(f.Trials) > 0 && f.Trials[0].Kind == OtherLock {
		return &f.Trials[0]
	}
	return nil
}

// SmallestFix looks for the least change of the engine with which the scenario is proved, on the parts of the case and
// in FixScope: the changes of its own text, fewest first, then the measures on that of 3.17.0, then the whole texts
// that are no release. Each is searched in every interleaving. That the engine itself is red is known.
func SmallestFix(c *Case, o FixOptions) (*FixSearch, error) {
	out := &FixSearch{Scope: c.FixScope()}
	for _, t := range c.fixes() {
		if err := c.try(&t, out.Scope, o); err != nil {
			return nil, err
		}
		if t.Kind == OtherLock && t.Verdict == NotApplicable {
			continue // there is nothing to see on that lock
		}
		out.Trials = append(out.Trials, t)
		if t.Proved && t.Kind != OtherLock {
			break
		}
	}
	return out, nil
}

// FixScope is the scenario's own scope, grown by what the case has beyond it, so that a fix is proved where the
// violation was.
func (c *Case) FixScope() Scope {
	s, own := c.Scope, c.Scenario.Scope
	s.Sweepers, s.Sweeps = max(s.Sweepers, own.Sweepers), max(s.Sweeps, own.Sweeps)
	s.Advances, s.Faults = max(s.Advances, own.Advances), max(s.Faults, own.Faults)
	return s
}

// measured is the release whose text the measures are written for.
const measured = "conductor-3.17.0"

// fixes lists what is to be tried.
func (c *Case) fixes() []FixTrial {
	var all []FixTrial
	add := func(kind FixKind, change proposed.Change, on string, e sweeper.Engine) {
		if e.Name != c.Engine.Name {
			all = append(all, FixTrial{Kind: kind, Names: change.Names(), Terminates: change.Terminates(on),
				Case: &Case{Engine: e}})
		}
	}
	if c.Lock() != Locks()[0] && c.Engine.Memoisable {
		all = append(all, FixTrial{Kind: OtherLock, Case: &Case{Engine: c.Engine, Parts: Parts{Lock: Locks()[0]}}})
	}
	for _, change := range proposed.Changes(c.Engine.Name) {
		add(ChangedRelease, change, c.Engine.Name, change.On(c.Engine.Name))
	}
	if c.Engine.Name != measured { // else these were the same
		for _, m := range proposed.AllMeasures() {
			add(MeasuresOn3170, proposed.Change{Measures: m}, measured, m.Engine())
		}
	}
	for _, e := range wholeTexts() {
		add(WholeText, proposed.Change{}, "", e)
	}
	return all
}

// wholeTexts are the engines that are no release, the single repairs before those of several.
func wholeTexts() []sweeper.Engine {
	var all []sweeper.Engine
	for _, e := range Engines() {
		if !IsRelease(e.Name) {
			all = append(all, e)
		}
	}
	return slices.Insert(all, 1, Repairs()...)
}

// try searches every interleaving with a change.
func (c *Case) try(t *FixTrial, scope Scope, o FixOptions) error {
	parts := c.parts()
	if t.Case.Parts.Lock != "" {
		parts.Lock = t.Case.Parts.Lock
	}
	t.Case = &Case{Scenario: c.Scenario, Engine: t.Case.Engine, Scope: scope, Parts: parts}
	if why, err := t.Case.notApplicableWords(); err != nil || why != "" {
		t.Verdict, t.Reason = NotApplicable, why
		return err
	}
	if t.refuted(o) {
		return o.stopped()
	}
	r, err := Verify(t.Case, o.bounded(VerifyOptions{First: true}))
	if err == nil {
		err = o.stopped()
	}
	if err != nil {
		return err
	}
	t.Verdict, t.Proved, t.States, t.Reason = r.Verdict, r.Proved, r.States, r.Reason
	if len(r.Findings) > 0 {
		t.Oracle = r.Findings[0].Oracle
	}
	return nil
}

// refuted looks for any violation, and not for the least: which run shows it is nobody's question.
func (t *FixTrial) refuted(o FixOptions) bool {
	in := t.Case.instance()
	v := o.bounded(VerifyOptions{})
	eo := options(v.Stop, nil)
	eo.StatesMax, eo.FirstOnly = v.StatesMax, true
	m := sim.NewMemo(in.system)
	defer m.Close()
	found := explore.Cached(m, eo)
	f := found.Judging()
	if f == nil || found.Failure != nil {
		return false
	}
	t.Verdict, t.Oracle, t.States = Violated, f.Violation.Oracle, found.States
	return true
}

// bounded has one worker, so that a search that is cut is cut at the same state.
func (o FixOptions) bounded(v VerifyOptions) VerifyOptions {
	v.StatesMax, v.Workers, v.Stop = o.StatesMax, 1, o.Stop
	if v.StatesMax == 0 {
		v.StatesMax = FixStatesDefault
	}
	return v
}

func (o FixOptions) stopped() error {
	if o.Stop != nil && o.Stop() {
		return ErrStopped
	}
	return nil
}

// AlsoOn verifies the case's scenario, on its parts and in FixScope, on every release: which show the same. The case's
// engine is among them if it is a release.
func AlsoOn(c *Case, o FixOptions) ([]MatrixCell, error) {
	var cells []MatrixCell
	for _, e := range conductor.Releases() {
		on := &Case{Scenario: c.Scenario, Engine: e, Scope: c.FixScope(), Parts: c.parts()}
		r, err := Verify(on, o.bounded(VerifyOptions{Decided: true}))
		if err == nil {
			err = o.stopped()
		}
		if err != nil {
			return nil, err
		}
		cells = append(cells, cellOf(on, r))
	}
	return cells, nil
}

// OwnParts are those that the scenario is told of.
func (s *Scenario) OwnParts() Parts { return s.parts() }

// Definitions are the workflow definitions of the case.
func (c *Case) Definitions() []model.WorkflowDef { return c.definitions() }

// Settings are the engine's settings in the case.
func (c *Case) Settings() sweeper.Settings {
	on := *c
	on.Backing, on.Host = nil, nil
	return on.instance().cast.settings()
}

// IsRelease tells whether the engine is a release of Conductor, or of a fork of it.
func IsRelease(engine string) bool {
	return slices.ContainsFunc(conductor.Releases(), func(e sweeper.Engine) bool { return e.Name == engine })
}

// ChangeNames are the names of all changes that can be put into a release; none for an engine that is no release.
func ChangeNames(release string) []string {
	var names []string
	for _, c := range proposed.Changes(release) {
		names = append(names, c.Names()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
