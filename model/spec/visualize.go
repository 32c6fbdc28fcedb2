package spec

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"

	"github.com/anishathalye/porcupine"
)

// visualOperationsMax is how many operations of an explanation's part are drawn; of a longer part only
// those that it takes.
const visualOperationsMax = 200

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
	if len(p.records) > visualOperationsMax {
		hidden := make([]bool, len(p.records))
		for n, r := range p.records {
			hidden[n] = !slices.Contains(x.Operations, r.number)
		}
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
	model := nondeterministic.ToModel()
	_, info := porcupine.CheckEventsVerbose(model, p.drawn(), 0)
	for _, orders := range info.PartialLinearizations() {
		slices.SortFunc(orders, func(a, b []int) int { // porcupine collects them in a map
			return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
		})
	}
	return porcupine.Visualize(model, info, w)
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
