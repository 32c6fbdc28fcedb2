package spec

import (
	"context"
	"strconv"
	"time"

	"github.com/anishathalye/porcupine"
)

// Verdict is the answer of a check. Only Ok is green; the zero value is no answer.
type Verdict uint8

// The verdicts.
const (
	Ok Verdict = 1 + iota
	Violation
	// Unknown: a limit was hit before the answer was found.
	Unknown
)

// String gives the verdict as reports spell it.
func (v Verdict) String() string {
	switch v {
	case Ok:
		return "ok"
	case Violation:
		return "violation"
	case Unknown:
		return "unknown"
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

// Limits bound a check, for each object. They are counts, so that a verdict is the same on every machine.
type Limits struct {
	OperationsMax int // operations of an object's history
	StepsMax      int // calls of Step; so many times comparisonsPerStep, comparisons of states
	// Timeout is by the wall clock; 0 is none, as in everything that must come out the same again. A Step that
	// does not return is waited for all the same.
	Timeout time.Duration
}

// comparisonsPerStep bounds what a specification costs that is never done with its states.
const comparisonsPerStep = 16

// DefaultLimits are far above what a run of the simulator makes; the steps take about a second.
var DefaultLimits = Limits{OperationsMax: 10_000, StepsMax: 4_000_000}

// Check judges whether the history is linearizable, within DefaultLimits. See CheckWithin.
func Check[S comparable](spec Spec[S], initial func(Object) S, events []Event) (Verdict, error) {
	return CheckWithin(DefaultLimits, spec, initial, events)
}

// CheckWithin judges whether the history is linearizable: object by object, from each one's initial
// state. It is Violation if an object's history has no linearization, else Unknown if a limit was hit
// for one. The error is ErrHistory: a call without a return (see Close) or a return without a call, a
// number used twice, an actor with two operations open, an operation that spec does not know (see
// Select). The events are not changed.
func CheckWithin[S comparable](
	limits Limits, spec Spec[S], initial func(Object) S, events []Event,
) (Verdict, error) {
	divided, err := parts(spec, events)
	if err != nil {
		return 0, err
	}
	verdict := Ok
	for _, p := range divided {
		switch checkPart(limits, spec, []S{initial(p.object)}, p) {
		case Violation:
			return Violation, nil
		case Unknown:
			verdict = Unknown
		}
	}
	return verdict, nil
}

// checkPart asks porcupine, from a set of initial states.
func checkPart[S comparable](limits Limits, spec Spec[S], initial []S, p part) Verdict {
	if len(p.records) > limits.OperationsMax {
		return Unknown
	}
	w := &work{steps: limits.StepsMax, comparisons: limits.StepsMax * comparisonsPerStep}
	m := modelOf(spec, initial)
	w.bound(&m)
	result := porcupine.CheckEventsTimeout(m.ToModel(), p.events(), limits.Timeout)
	switch {
	case result == porcupine.Unknown || w.spent(): // in this order: after a timeout the search may still be at work
		return Unknown
	case result == porcupine.Ok:
		return Ok
	}
	return Violation
}

// work is what a check may still do. Once it is spent every further step is illegal and all states are one, so that
// porcupine gives up soon; its answer is then no answer.
type work struct{ steps, comparisons int }

func (w *work) spent() bool { return w.steps < 0 || w.comparisons < 0 }

// bound counts the model's steps and comparisons.
func (w *work) bound(m *porcupine.NondeterministicModel) {
	step := m.StepContext
	m.StepContext = func(ctx context.Context, state, input, output any) []any {
		if w.steps--; w.spent() {
			return nil
		}
		return step(ctx, state, input, output)
	}
	m.Equal = func(a, b any) bool {
		w.comparisons--
		return w.spent() || a == b
	}
}

// modelOf is the specification in porcupine's form.
func modelOf[S comparable](spec Spec[S], initial []S) porcupine.NondeterministicModel {
	return porcupine.NondeterministicModel{
		Init: func() []any { return boxed(initial) },
		StepContext: func(ctx context.Context, state, input, output any) []any {
			if ctx.Err() != nil {
				return nil
			}
			return boxed(spec.Step(state.(S), input.(Operation), output.(Reply)))
		},
		Hash: func(state any) uint64 { return spec.Hash(state.(S)) },
	}
}

// events gives the part's events in porcupine's form, where only their order counts.
func (p part) events() []porcupine.Event {
	events := make([]porcupine.Event, 0, 2*len(p.records))
	for _, m := range p.moments() {
		e := porcupine.Event{Kind: porcupine.CallEvent, Id: m.n, Value: p.records[m.n].operation}
		if m.kind == Return {
			e.Kind, e.Value = porcupine.ReturnEvent, p.records[m.n].reply
		}
		events = append(events, e)
	}
	return events
}

func boxed[S any](states []S) []any {
	list := make([]any, len(states))
	for i, s := range states {
		list[i] = s
	}
	return list
}
