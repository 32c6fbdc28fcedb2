package spec

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"

	"github.com/anishathalye/porcupine"
)

// What is drawn of an explanation's part: of one that has more operations, or that takes porcupine more
// calls of Step, only the operations that it takes.
const (
	visualOperationsMax = 200
	visualStepsMax      = 200_000
)

// Visualize writes porcupine's own visualisation of an explanation, a page of HTML: the part of the
// history with the longest orders that porcupine could make of it. Note gives a remark for an
// operation, by its number. The same explanation gives the same bytes.
func Visualize[S comparable](w io.Writer, spec Spec[S], x Explanation[S], note func(number int) string) error {
	divided, err := parts(spec, x.Part)
	if err != nil {
		return err
	}
	if len(divided) != 1 {
		return fmt.Errorf("%w: %d objects: expected one", ErrHistory, len(divided))
	}
	p := divided[0]
	hidden := make([]bool, len(p.records))
	for n, r := range p.records {
		hidden[n] = !slices.Contains(x.Operations, r.number)
	}
	few := Limits{OperationsMax: visualOperationsMax, StepsMax: visualStepsMax}
	if checkPart(few, spec, x.Before, p) == Unknown {
		p = p.only(hidden)
	}
	nondeterministic := modelOf(spec, x.Before)
	nondeterministic.DescribeOperation = func(op, reply any) string {
		return op.(Operation).String() + " => " + reply.(Reply).String()
	}
	nondeterministic.DescribeState = func(state any) string { return html.EscapeString(fmt.Sprint(state)) }
	nondeterministic.DescribeOperationMetadata = func(number any) string {
		return html.EscapeString(note(number.(int)))
	}
	info := orders(nondeterministic, p)
	return porcupine.Visualize(nondeterministic.ToModel(), info, w)
}

// orders are the longest that porcupine finds, within the limit.
func orders(m porcupine.NondeterministicModel, p part) porcupine.LinearizationInfo {
	w := &work{steps: visualStepsMax, comparisons: visualStepsMax * comparisonsPerStep}
	w.bound(&m)
	_, info := porcupine.CheckEventsVerbose(m.ToModel(), p.drawn(), 0)
	for _, list := range info.PartialLinearizations() {
		slices.SortFunc(list, func(a, b []int) int { // porcupine collects them in a map
			return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
		})
	}
	return info
}

// drawn gives the part's events with their actors and numbers.
func (p part) drawn() []porcupine.Event {
	clients := map[Actor]int{}
	events := p.events()
	for i := range events {
		r := &p.records[events[i].Id]
		if _, known := clients[r.actor]; !known {
			clients[r.actor] = len(clients)
		}
		events[i].ClientId, events[i].Metadata = clients[r.actor], r.number
	}
	return events
}
