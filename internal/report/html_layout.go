package report

import (
	"fmt"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// The interleaving of a page is a grid: a column for the step's number, one for each join of a read and the write that
// relied on it, one for each workflow's lock, and one for each actor; a row for the heads, and one for each step.

// joinsMax is the most joins that are drawn.
const joinsMax = 3

// colours is how many colours there are for actors.
const colours = 6

// layout is who has which column.
type layout struct {
	joins  []catalogue.Join
	locks  []string
	actors []string
	rows   int
}

func (h *htmlPage) layOut() layout {
	t := h.picture.Finding.Trace
	l := layout{actors: actorsOf(t), rows: h.last - h.first + 1}
	for _, j := range t.Joins {
		if j.From >= h.first && j.To <= h.last && len(l.joins) < joinsMax {
			l.joins = append(l.joins, j)
		}
	}
	for _, hold := range h.picture.Holds {
		if !slices.Contains(l.locks, hold.Workflow) {
			l.locks = append(l.locks, hold.Workflow)
		}
	}
	return l
}

// The columns, from 1.
func (l *layout) join(i int) int { return 2 + i }
func (l *layout) lock(workflow string) int {
	return 2 + len(l.joins) + slices.Index(l.locks, workflow)
}
func (l *layout) lane(actor string) int {
	return 2 + len(l.joins) + len(l.locks) + max(slices.Index(l.actors, actor), 0)
}

// colour is the class of an actor's colour.
func (l *layout) colour(actor string) string {
	return fmt.Sprintf("a%d", max(slices.Index(l.actors, actor), 0)%colours)
}

// style places every column and row. A page may not say it in place, since its policy allows its own style sheet alone.
func (l *layout) style() string {
	var b strings.Builder
	before := "2.6rem"
	if n := len(l.joins); n > 0 {
		before += fmt.Sprintf(" repeat(%d, .8rem)", n)
	}
	if n := len(l.locks); n > 0 {
		before += fmt.Sprintf(" repeat(%d, 1.4rem)", n)
	}
	fmt.Fprintf(&b, ".lanes{grid-template-columns:%s repeat(%d, minmax(0, 1fr))}\n", before, max(len(l.actors), 1))
	first, last := l.lane(""), 1+len(l.joins)+len(l.locks)+max(len(l.actors), 1)
	for c := 1; c <= last; c++ {
		fmt.Fprintf(&b, ".c%d{grid-column:%d}", c, c)
	}
	fmt.Fprintf(&b, "\n.wide{grid-column:1/%d}\n", last+1)
	for r := 0; r <= l.rows; r++ {
		fmt.Fprintf(&b, ".r%d{grid-row:%d}", r, r+1)
	}
	fmt.Fprintf(&b, "\n@media (max-width:700px){.lanes{grid-template-columns:%s minmax(0, 1fr)}.step{grid-column:%d}"+
		".wide{grid-column:1/%d}.head.lane{display:none}.step .who{display:inline}}\n",
		strings.NewReplacer("2.6rem", "2rem", ".8rem", ".6rem", "1.4rem", "1.15rem").Replace(before), first, first+1)
	return b.String()
}

// span is the class of a stretch of steps, and its rule.
func (h *htmlPage) span(from, to int) string {
	from, to = max(from, h.first)-h.first+1, min(to, h.last)-h.first+1
	name := fmt.Sprintf("s%d-%d", from, to)
	h.rule(fmt.Sprintf(".%s{grid-row:%d/%d}", name, from+1, to+2))
	return name
}
