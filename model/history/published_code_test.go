package history_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/history"
	"fermata/model/spec"
)

// opReadPart reads some of what a nondeterministic register holds.
const opReadPart = spec.Inspect

// set is the specification of a set that is added to and read; its states are the members in order. A read
// that gives a member twice is of no state.
type set struct{ register }

func (set) Name() string { return "set" }

func (s set) Step(state string, op spec.Operation, reply spec.Reply) []string {
	if op.Name == opRead {
		return s.register.Step(state, op, reply)
	}
	members := append(strings.Fields(state), string(op.Task)[1:])
	slices.Sort(members)
	return []string{strings.Join(slices.Compact(members), " ")}
}

// anyOf is the specification of a register of sets: a write leaves any part of what is written, and nobody is
// told which. Its states are the members, a bit each.
type anyOf struct {
	flat bool // every state has the same hash
}

func (anyOf) Name() string { return "nondeterministic register" }

func (anyOf) Object(op spec.Operation) (spec.Object, bool) { return register{}.Object(op) }

func (a anyOf) Hash(s uint8) uint64 {
	if a.flat {
		return 0
	}
	return uint64(s)
}

func (anyOf) Step(s uint8, op spec.Operation, _ spec.Reply) []uint8 {
	came := bitsOf(string(op.Owner))
	switch {
	case op.Name == opWrite:
		all := bitsOf(string(op.Task))
		var parts []uint8
		for part := all; ; part = (part - 1) & all {
			if parts = append(parts, part); part == 0 {
				return parts
			}
		}
	case op.Name == opReadPart && came&^s == 0, op.Name == opRead && came == s:
		return []uint8{s}
	}
	return nil
}

// bitsOf reads "=1 2 4".
func bitsOf(text string) (s uint8) {
	for _, digit := range strings.Fields(strings.TrimPrefix(text, "=")) {
		s |= 1 << (digit[0] - '0')
	}
	return s
}

// interval is an operation from its begin to its end, both included.
type interval struct {
	client, begin, end int
	name               spec.OperationName
	key, in, out       string
}

func writing(client, begin, end int, value string) interval {
	return interval{client, begin, end, opWrite, "x", "=" + value, "ok"}
}

func reading(client, begin, end int, value string) interval {
	return interval{client, begin, end, opRead, "x", "", "=" + value}
}

func adding(client, begin, end int, value string) interval {
	return interval{client, begin, end, opAppend, "x", "=" + value, "ok"}
}

// under is the operation on another key than x.
func (i interval) under(key string) interval {
	i.key = key
	return i
}

// inCode is a history that stands in the code of porcupine's tests. Where it is a list of events there, the
// times are the events' places.
type inCode struct {
	tests      string // whose it is; a number tells histories of one test apart
	by         subject
	operations []interval
	ok         bool
}

// subject is by what a history is judged.
type subject func(t *testing.T, h inCode)

var (
	byRegister = subjectOf[string](register{}, "0")
	byStore    = subjectOf[string](register{}, "")
	bySet      = subjectOf[string](set{}, "")
	byAnyOf    = subjectOf[uint8](anyOf{}, 0)
	byAnyFlat  = subjectOf[uint8](anyOf{flat: true}, 0)
)

// inTheirCode are all that have a verdict there. Tests of cancelled contexts, of pages and of notes have none,
// or no history.
var inTheirCode = []inCode{
	{"RegisterModel 1, RegisterModelMetadata", byRegister, []interval{
		writing(0, 0, 100, "100"), reading(1, 25, 75, "100"), reading(2, 30, 60, "0"),
	}, true},
	{"RegisterModel 1 as events, RegisterModelReadme 1", byRegister, []interval{
		writing(0, 0, 5, "100"), reading(1, 1, 4, "100"), reading(2, 2, 3, "0"),
	}, true},
	{"RegisterModel 2", byRegister, []interval{
		writing(0, 0, 100, "200"), reading(1, 10, 30, "200"), reading(2, 40, 90, "0"),
	}, false},
	{"RegisterModel 2 as events, RegisterModelReadme 2", byRegister, []interval{
		writing(0, 0, 5, "200"), reading(1, 1, 2, "200"), reading(2, 3, 4, "0"),
	}, false},
	{"ZeroDuration 1", byRegister, []interval{
		writing(0, 0, 100, "100"), reading(1, 25, 75, "100"), reading(2, 30, 30, "0"), reading(3, 30, 30, "0"),
	}, true},
	{"ZeroDuration 2", byRegister, []interval{
		writing(0, 0, 100, "200"), reading(1, 10, 10, "200"), reading(2, 10, 10, "200"), reading(3, 40, 90, "0"),
	}, false},
	{"VisualizationEventMetadata", byRegister, []interval{
		writing(0, 0, 5, "100"), reading(1, 1, 3, "100"), reading(2, 2, 4, "100"),
	}, true},
	{"SetModel 1", bySet, []interval{adding(0, 0, 5, "100"), adding(1, 1, 4, "0"), reading(2, 2, 3, "100")}, true},
	{"SetModel 2", bySet, []interval{
		adding(0, 0, 5, "100"), adding(1, 1, 4, "110"), reading(2, 2, 3, "100 110"),
	}, true},
	{"SetModel 3", bySet, []interval{
		adding(0, 0, 5, "100"), adding(1, 1, 4, "110"), {2, 2, 3, opRead, "x", "", "?"},
	}, true},
	{"SetModel 4", bySet, []interval{
		adding(0, 0, 5, "100"), adding(1, 1, 4, "110"), reading(2, 2, 3, "100 100 110"),
	}, false},
	{"NondeterministicRegisterModel", byAnyFlat, putAny, false},
	{"NondeterministicRegisterModelWithHash", byAnyOf, putAny, false},
	{"VisualizationMultipleLengths, VisualizationAnnotations", byStore, []interval{
		reading(0, 0, 100, "w"), writing(1, 5, 10, "y"), writing(2, 0, 10, "z"), reading(1, 20, 30, "y"),
		writing(1, 35, 45, "w"), reading(5, 25, 35, "z"), reading(3, 30, 40, "y"),
		reading(4, 50, 90, "a").under("y"), writing(2, 55, 85, "a").under("y"),
	}, false},
	{"VisualizePointInTimeAnnotationsEnd", byStore, []interval{
		reading(0, 0, 100, "w"), writing(1, 50, 60, "y"),
	}, false},
	{"VisualizeMatchingStartEnd", byStore, []interval{reading(0, 0, 50, "w"), writing(1, 50, 80, "y")}, false},
	{"VisualizationCallAndReturnTime 1", byStore, []interval{writing(0, 0, 100, "a")}, true},
	{"VisualizationCallAndReturnTime 2", byStore, []interval{
		writing(0, 0, 100, "a"), reading(1, 10, 110, "b"),
	}, false},
	{"VisualizationCallAndReturnTime 3", byStore, []interval{
		writing(0, 0, 100, "a"), reading(1, 10, 110, "b"), reading(2, 120, 130, "a"),
	}, false},
	{"CheckNoPartitions", byStore, nil, true},
}

// putAny is the history of both tests of the nondeterministic register.
var putAny = []interval{
	writing(0, 0, 7, "1 2 3 4"), {1, 1, 5, opReadPart, "x", "", "=1 4"}, {2, 2, 4, opReadPart, "x", "", "=2"},
	reading(3, 3, 6, "1 2 3"),
}

// TestPublishedInCode holds us against the verdicts on the histories that stand in the code of porcupine's
// tests: each as calls and returns, as closed intervals, and by porcupine itself through package spec.
func TestPublishedInCode(t *testing.T) {
	for _, h := range inTheirCode {
		t.Run(h.tests, func(t *testing.T) { h.by(t, h) })
	}
}

// operation is the interval's, as package spec has it.
func (i interval) operation() spec.Operation {
	return spec.Operation{
		Name: i.name, Workflow: model.WorkflowID(i.key), Task: model.TaskID(i.in), Owner: spec.Actor(i.out),
	}
}

func (i interval) actor() spec.Actor { return spec.Actor(fmt.Sprint("client ", i.client)) }

// events lists the calls and returns in the order of time, at one moment the calls first: what touches is
// concurrent.
func (h inCode) events() []spec.Event {
	type at struct {
		time int
		spec.Event
	}
	var list []at
	for n, i := range h.operations {
		list = append(list,
			at{i.begin, spec.Event{Kind: spec.Call, Actor: i.actor(), Op: n, Operation: i.operation()}},
			at{i.end, spec.Event{Kind: spec.Return, Actor: i.actor(), Op: n}})
	}
	slices.SortStableFunc(list, func(a, b at) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.Kind, b.Kind))
	})
	var events []spec.Event
	for _, a := range list {
		events = append(events, a.Event)
	}
	return events
}

// asEvents is the history as calls and returns, and asIntervals as operations with timestamps.
func (h inCode) asEvents() []byte {
	b := AppendHeader(nil, 0)
	for _, e := range h.events() {
		if e.Kind == spec.Call {
			b = AppendCall(b, e.Op, e.Actor, e.Operation)
		} else {
			b = AppendReturn(b, e.Op, h.operations[e.Op].name, e.Reply)
		}
	}
	return b
}

func (h inCode) asIntervals() []byte {
	b := AppendHeader(nil, 0)
	sorted := slices.Clone(h.operations)
	slices.SortStableFunc(sorted, func(i, j interval) int { return cmp.Compare(i.begin, j.begin) })
	for n, i := range sorted {
		b = AppendTimed(b, Timed{
			ID: n, Actor: i.actor(), Operation: i.operation(), Begin: int64(i.begin), End: int64(i.end),
		})
	}
	return b
}

func subjectOf[S comparable](by spec.Spec[S], initial S) subject {
	return func(t *testing.T, h inCode) {
		verdict, err := spec.Check(by, spec.Always(initial), h.events())
		require.NoError(t, err)
		require.Equal(t, verdictOf(h.ok), verdict)
		if len(h.operations) == 0 {
			_, err := Check(bytes.NewReader(h.asEvents()), "published.jsonl", Options{}, judgeOf(by, initial))
			require.ErrorContains(t, err, "no operation", "a file without an operation is no history")
			return
		}
		requireVerdict(t, h.asEvents(), judgeOf(by, initial), h.ok)
		requireVerdict(t, h.asIntervals(), judgeOf(by, initial), h.ok)
	}
}
