package catalogue

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/model"
	"fermata/model/history"
	"fermata/model/spec"
)

// HistoryOptions are what a check of a history may be told.
type HistoryOptions struct {
	// Stop is asked now and then whether to give up; nil never does.
	Stop func() bool
}

// HistoryReport is what the specifications say of a recorded history.
type HistoryReport struct {
	File                  string
	Operations, Workflows int
	Open                  int // operations that never returned
	Verdict               Verdict
	// Reason says why the verdict is unknown.
	Reason string
	// Judged names the specifications that knew an operation of the history.
	Judged []string
	// Findings say for each specification that the history breaks which return nothing explains, that
	// which comes first in the file.
	Findings []*HistoryFinding
	// Undecided counts the workflows, tasks and locks of which nothing is known, since a limit was hit.
	Undecided int
}

// HistoryFinding is the smallest part of a history found that has no linearization.
type HistoryFinding struct {
	Spec, Object string
	// Before are the states in which the object can be before the lines.
	Before []string
	// Lines are the calls and returns of the operations that it takes, the last the one that nothing
	// explains; Line is its number in the file.
	Lines []HistoryLine
	Line  int
	// Others are the names of the object's other operations called before the last line: whatever they
	// did and returned, nothing explains the lines.
	Others []string
	// More counts the other objects that break the specification.
	More int
	// Page is where the visualisation was written; "" if it was not.
	Page    string
	finding *history.Finding
}

// HistoryLine is an event with its line in the file.
type HistoryLine struct {
	Number int
	Text   string
}

// Visualize writes porcupine's own visualisation, a page of HTML: the same bytes for the same history.
func (f *HistoryFinding) Visualize(w io.Writer) error { return f.finding.Visualize(w) }

// CheckHistory judges a recorded history (package history says in what form; file is its name in
// errors). A workflow is RUNNING and queued at its beginning, unless the history starts it: then there
// is none before. Nothing is in a task queue, and nobody holds a lock. On a violation the history is
// read a second time. What is wrong in the file is an ErrUsage with file, line and what was expected.
func CheckHistory(r io.ReadSeeker, file string, o HistoryOptions) (*HistoryReport, error) {
	result, err := history.Check(r, file, history.Options{Stop: o.Stop}, historyJudges()...)
	if errors.Is(err, spec.ErrHistory) {
		return nil, &unusable{err}
	}
	if err != nil {
		return nil, err
	}
	h := &HistoryReport{
		File: file, Operations: result.Operations, Workflows: result.Workflows, Open: result.Open,
		Verdict: historyVerdict(result.Verdict), Judged: result.Judged,
		Undecided: result.Undecided,
	}
	if h.Verdict == Unknown {
		h.Reason = historyReason(result)
	}
	for i := range result.Findings {
		if f := historyFinding(&result.Findings[i]); !h.told(f) {
			h.Findings = append(h.Findings, f)
		}
	}
	return h, nil
}

// unusable is an ErrUsage that says file and line first.
type unusable struct{ err error }

func (u *unusable) Error() string { return u.err.Error() }

// Unwrap is both.
func (u *unusable) Unwrap() []error { return []error{ErrUsage, u.err} }

// historyJudges judge by every specification that there is.
func historyJudges() []history.Judge {
	running := spec.WorkflowState{Status: model.Running}
	return []history.Judge{
		history.NewJudge(history.Subject[spec.WorkflowState]{
			Spec: spec.Workflow{}, Initial: spec.Always(running), Started: spec.Always(spec.WorkflowState{}),
		}),
		history.NewJudge(history.Subject[spec.EntryState]{
			Spec: spec.Entry{}, Initial: spec.Always(spec.EntryState{Workflow: running, Present: true}),
			Started: spec.Always(spec.EntryState{}), Needs: spec.Inspect,
		}),
		history.NewJudge(history.Subject[spec.Epoch]{
			Spec: spec.TaskQueue{}, Initial: spec.Always(spec.EpochClosed),
		}),
		history.NewJudge(history.Subject[spec.LockState]{
			Spec: spec.Lock{}, Initial: spec.Always(spec.LockState{}),
		}),
	}
}

func historyVerdict(v spec.Verdict) Verdict {
	switch v {
	case spec.Ok:
		return OK
	case spec.Violation:
		return Violated
	}
	return Unknown
}

func historyReason(r *history.Result) string {
	switch {
	case r.Stopped:
		return fmt.Sprintf("stopped after %d operations", r.Operations)
	case len(r.Judged) == 0:
		return "no specification knows an operation of it"
	}
	return fmt.Sprintf("a limit was hit: of %d workflows, tasks or locks nothing is known", max(1, r.Undecided))
}

func historyFinding(f *history.Finding) *HistoryFinding {
	out := &HistoryFinding{
		Spec:   f.Spec,
		Object: strings.TrimSpace(string(f.Object.Workflow) + " " + string(f.Object.Task)),
		Before: f.Before, Line: f.Line, Others: f.Others, More: f.More, finding: f,
	}
	for _, l := range f.Lines {
		out.Lines = append(out.Lines, HistoryLine(l))
	}
	return out
}

// told tells whether another specification has the same to say: a status that nothing explains is
// nothing that is explained with the queue beside it.
func (h *HistoryReport) told(f *HistoryFinding) bool {
	return slices.ContainsFunc(h.Findings, func(g *HistoryFinding) bool {
		return g.Object == f.Object && g.Line == f.Line && slices.Equal(g.Lines, f.Lines)
	})
}
