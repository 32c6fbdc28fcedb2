package catalogue

import (
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// Verdict is what became of a case. Only OK is green.
type Verdict uint8

// The verdicts. Unknown means that a limit was hit, that not everything the scenario expects was
// reached, or that the engine broke out of the machine. NotApplicable means that the engine has no operation which the
// scenario needs; nothing was run.
const (
	OK Verdict = 1 + iota
	Violated
	Unknown
	NotApplicable
)

var verdictNames = [...]string{"none", "ok", "violation", "unknown", "not applicable"}

// String gives the verdict's word in output.
func (v Verdict) String() string { return verdictNames[v] }

// Severity tells whether the engine gets over a violation by itself. The zero value is not known.
type Severity uint8

// The severities, found by settling: sweeps, polls and timeouts go on, fairly, until nothing changes.
const (
	// Permanent violations stay, or are about something that cannot be taken back.
	Permanent Severity = 1 + iota
	// Heals violations go away by themselves.
	Heals
)

var severityNames = [...]string{"", "permanent", "heals"}

// String gives the severity's word in output.
func (s Severity) String() string { return severityNames[s] }

// Report is what one search found out about a case.
type Report struct {
	Case    *Case
	Command string // find, verify or replay
	// Strategy chose the schedules; Seed is 0 for one that draws nothing.
	Strategy string
	Seed     uint64

	Verdict Verdict
	// Proved tells that every interleaving of the case's scope was covered and none violated.
	Proved bool
	// Reason says why the verdict is unknown or not applicable, or a violation perhaps not the least.
	Reason string

	Schedules, Steps, States, Histories int64
	// Checks say how the verdicts on the histories were come to.
	Checks Checks
	// Exhausted tells that every schedule of the scope was covered or, of a search that reduces, one of each trace
	// class. Limit names the limit that cut the search; "" if none did.
	Exhausted bool
	Limit     string
	// Bounds is what the search bounds, "preemption" or "delay", with Bound the most of them in a schedule; "" for
	// neither. BoundCut tells that the bound left schedules out.
	Bounds   string
	Bound    int
	BoundCut bool
	// Redundant are the runs that a search which reduces began and found to be covered.
	Redundant int64
	// Memory is how many bytes the states or classes take that the search has to tell apart.
	Memory int64
	// Bounded are those of the schedules that are every one with at most Preemptions preemptions, or the first of them
	// if BoundedCut; the others were sampled. 0 for a search that does not do both.
	Bounded     int64
	BoundedCut  bool
	Preemptions int
	// Accounts say what each strategy did, of a search that samples. Classes and Pairs are the different trace classes
	// (also of a search that reduces) and reads-from pairs that all had; 0 if they were not counted.
	Accounts       []explore.Account
	Classes, Pairs int64
	// ClassesExact is how many trace classes the scope has, beside the estimates of Accounts or, if ClassesMore, only
	// how many were counted before that was given up; 0 if nobody counted.
	ClassesExact int64
	ClassesMore  bool
	// Plan is how a budget was to be spent, and Stages are the searches that it was spent on; nil without a budget.
	Plan   *Plan
	Stages []Stage
	// Findings decide the verdict; AlsoSeen are of oracles that do not judge this scenario.
	Findings, AlsoSeen []*Finding
	// NotJudged are the oracles that this search did not run: those that judge histories, in a search
	// that caches states, on a scenario that they do not judge.
	NotJudged []string
	// InTheseRuns are the oracles that saw the runs which were made, of a search that does not make them in every order
	// that these tell apart.
	InTheseRuns []string
	// Reached and Unreached are the scenario's sometimes.
	Reached, Unreached []string
	// Called are the port calls that the engine made in the search.
	Called []sweeper.Verb
}

// Finding is one violation with the smallest schedule found for it.
type Finding struct {
	Oracle   string
	Object   string
	Message  string
	Severity Severity
	// HealsAfter is the virtual time until a violation that heals is gone.
	HealsAfter model.Millis
	// HealedBy is who it is by, in words; an actor of the run itself has its name.
	HealedBy string
	// Steps is the length of the schedule; Switches the choices that a scheduler which lets each
	// actor go on until it blocks would not have made.
	Steps, Switches int
	Fingerprint     uint64
	// Case is what the schedule runs on: the scope may be smaller than the report's.
	Case     *Case
	Schedule *sim.Schedule
	Trace    *Trace
}

// Trace is a schedule with its effects, for reading.
type Trace struct {
	Case   *Case
	Actors []string // in the order of the columns
	Steps  []TraceStep
	// At is the step of the violation; the steps after it let everybody go on to the end of the run.
	At int
	// WindowFrom and WindowTo are the steps between which the race is open; 0 if it has no window.
	WindowFrom, WindowTo int
	// Joins lead from a read to the write or push that relied on it when it was no longer so.
	Joins []Join
	// Notes say what was lost and where it came from, a sentence each.
	Notes []string
	// Final is the state at the end of the run and Settled the state after settling, a line a fact.
	// SettleTime is the virtual time that settling took.
	Final, Settled []string
	SettleTime     model.Millis
}

// Join is a step that relied on what an earlier one had read. Lost are the writes between the two that it wrote over.
type Join struct {
	From, To int
	Lost     []int
}

// TraceStep is one choice taken.
type TraceStep struct {
	Number int
	Actor  string
	Text   string // verb and arguments
	Reply  string
	// Call and Return name the operation that the step opens and the result of the one it closes.
	Call, Return string
	// Note explains the step where it matters to the finding.
	Note string
	// Sites are the lines of the engine's code that made the step, the port call first; empty where its code is in
	// another process.
	Sites []Site
}

// Site is a line of an engine's code.
type Site struct {
	Function string // with its package's path
	File     string // as the compiler names it: absolute, or from the module's path on with -trimpath
	Line     int
}

// Ours tells whether the line is of this module: of an engine that comes with it.
func (s Site) Ours() bool { return strings.HasPrefix(s.Function, module+"/") }
