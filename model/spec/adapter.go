package spec

import (
	"strconv"

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

// Limits bound a check, for each object. They are counts, so that a verdict is the same on every
// machine: porcupine's own timeout reads the wall clock and is not used.
type Limits struct {
	OperationsMax int // operations of an object's history
	StepsMax      int // calls of Step
}

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

// checkPart asks porcupine, from a set of initial states. Once the steps are spent every further step is
// illegal, so that porcupine gives up soon; an answer of no is then no answer.
func checkPart[S comparable](limits Limits, spec Spec[S], initial []S, p part) Verdict {
	if len(p.records) > limits.OperationsMax {
		return Unknown
	}
	steps := 0
	model := modelOf(spec, initial)
	unbounded := model.Step
	model.Step = func(state, input, output any) []any {
		if steps++; steps > limits.StepsMax {
			return nil
		}
		return unbounded(state, input, output)
	}
	switch {
	case porcupine.CheckEvents(model.ToModel(), p.events()):
		return Ok
	case steps > limits.StepsMax:
		return Unknown
	}
	return Violation
}

// modelOf is the specification in porcupine's form.
func modelOf[S comparable](spec Spec[S], initial []S) porcupine.NondeterministicModel {
	return porcupine.NondeterministicModel{
		Init: func() []any { return boxed(initial) },
		Step: func(state, input, output any) []any {
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
