package scenarios

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/model"
	"fermata/model/spec"
)

// historyBytesMax bounds the text of a history.
const historyBytesMax = 64 << 20

// HistoryReport is what the specifications say of a recorded history.
type HistoryReport struct {
	Operations, Workflows int
	Verdict               Verdict
	// Judged names the specifications that knew an operation of the history.
	Judged []string
	// Findings say for each specification that the history breaks which return nothing explains.
	Findings []HistoryFinding
}

// HistoryFinding is a part of a history that has no linearization.
type HistoryFinding struct {
	Spec, Object string
	// Lines are the calls and returns up to the one that nothing explains, of the operations concerned.
	Lines []string
}

// CheckHistory judges a recorded history: a text of calls and returns, one a line. A workflow that
// the history does not start is RUNNING and queued at its beginning.
func CheckHistory(r io.Reader, file string) (*HistoryReport, error) {
	text, err := io.ReadAll(io.LimitReader(r, historyBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(text) > historyBytesMax {
		return nil, fmt.Errorf("%w: %s: expected at most %d MiB", ErrUsage, file, historyBytesMax>>20)
	}
	events, err := spec.Parse(file, string(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if len(events) == 0 {
		return nil, fmt.Errorf(
			"%w: %s: expected at least one call, for example \"worker-1 call 1 GetWorkflow workflow=w1\"",
			ErrUsage,
			file,
		)
	}
	report := &HistoryReport{Verdict: OK}
	report.count(events)
	return report, report.judge(file, events)
}

func (r *HistoryReport) count(events []spec.Event) {
	var ids []model.WorkflowID
	for _, e := range events {
		if e.Kind != spec.Call {
			continue
		}
		r.Operations++
		if !slices.Contains(ids, e.Operation.Workflow) {
			ids = append(ids, e.Operation.Workflow)
		}
	}
	r.Workflows = len(ids)
}

func (r *HistoryReport) judge(file string, events []spec.Event) error {
	begins := func(o spec.Object) spec.WorkflowState {
		if slices.ContainsFunc(events, func(e spec.Event) bool {
			return e.Operation.Name == spec.Start && e.Operation.Workflow == o.Workflow
		}) {
			return spec.WorkflowState{}
		}
		return spec.WorkflowState{Status: model.Running}
	}
	err := judgeBy(r, spec.Workflow{}, begins, events)
	if err == nil && has(events, spec.Inspect) {
		err = judgeBy(r, spec.Entry{}, func(o spec.Object) spec.EntryState {
			w := begins(o)
			return spec.EntryState{Workflow: w, Present: w.Status != 0}
		}, events)
	}
	if err == nil {
		err = judgeBy(r, spec.TaskQueue{}, spec.Always(spec.EpochClosed), events)
	}
	if err == nil {
		err = judgeBy(r, spec.Lock{}, spec.Always(spec.LockState{}), events)
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUsage, file, err)
	}
	if len(r.Judged) == 0 {
		r.Verdict = Unknown
	}
	return nil
}

func has(events []spec.Event, name spec.OperationName) bool {
	return slices.ContainsFunc(events, func(e spec.Event) bool { return e.Operation.Name == name })
}

// judgeBy judges the part of the history that the specification knows.
func judgeBy[S comparable](r *HistoryReport, s spec.Spec[S], initial func(spec.Object) S, events []spec.Event) error {
	known := spec.Select(s, spec.Close(events))
	if len(known) == 0 {
		return nil
	}
	r.Judged = append(r.Judged, s.Name())
	verdict, err := spec.Check(s, initial, known)
	switch {
	case err != nil:
		return err
	case verdict == spec.Ok:
		return nil
	case verdict == spec.Unknown:
		if r.Verdict == OK {
			r.Verdict = Unknown
		}
		return nil
	}
	window, _, err := spec.FindWindow(s, initial, known)
	if err != nil {
		return err
	}
	f := HistoryFinding{
		Spec:   s.Name(),
		Object: strings.TrimSpace(string(window.Object.Workflow) + " " + string(window.Object.Task)),
	}
	for _, e := range known[:window.Events] {
		if slices.Contains(window.Operations, e.Op) {
			f.Lines = append(f.Lines, e.String())
		}
	}
	r.Findings = append(r.Findings, f)
	r.Verdict = Violated
	return nil
}
