package report

import (
	"fmt"

	"fermata/scenarios/catalogue"
)

// passingPart and besidePart set a second run beside the finding's.
type passingPart struct {
	At             int
	Failing, Other string
	Table          pairTable
}

type besidePart struct {
	Engine, About, Class, Verdict string
	Table                         pairTable
}

type pairTable struct {
	Left, Right string
	Rows        []pairRow
}

type pairRow struct {
	Number      int
	Left, Right string
	Parts       bool
}

// compare fills the parts.
func (h *htmlPage) compare() {
	p := h.picture
	if p.Passing != nil {
		h.Passing = &passingPart{
			At: p.Passing.At, Failing: p.Passing.Failing, Other: p.Passing.Other,
			Table: pairs("this schedule: "+p.Finding.Oracle, p.Finding.Trace, "the one that passes", p.Passing.Trace,
				p.Passing.At),
		}
	}
	if p.Beside != nil {
		h.Beside = beside(p)
	}
}

func beside(p *catalogue.Picture) *besidePart {
	b := p.Beside
	part := &besidePart{
		Engine: b.Case.Engine.Name, Class: "good", Verdict: "Nothing that judges the scenario is violated.",
		About: fmt.Sprintf("Actor by actor it is led where this run went. The two part at step %d.", b.PartsAt),
		Table: pairs(p.Finding.Case.Engine.Name, p.Finding.Trace, b.Case.Engine.Name, b.Trace, b.PartsAt),
	}
	if b.PartsAt == 0 {
		part.About = "Actor by actor it is led where this run went, and does the same."
	}
	if b.Violated != "" {
		part.Class, part.Verdict = "bad", fmt.Sprintf("It violates %s: %s.", b.Violated, b.Message)
	}
	return part
}

// pairContext is how many steps are shown before two runs part, and pairsMax the most after.
const (
	pairContext = 3
	pairsMax    = 200
)

// pairs sets two traces side by side from a little before they part.
func pairs(left string, a *catalogue.Trace, right string, b *catalogue.Trace, parts int) pairTable {
	t := pairTable{Left: left, Right: right}
	first := max(1, parts-pairContext)
	last := min(max(len(a.Steps), len(b.Steps)), first+pairsMax)
	for n := first; n <= last; n++ {
		t.Rows = append(t.Rows, pairRow{Number: n, Left: words(a, n), Right: words(b, n), Parts: n == parts})
	}
	return t
}

// words are a step with who takes it; empty beyond the end.
func words(t *catalogue.Trace, step int) string {
	if step > len(t.Steps) {
		return ""
	}
	s := &t.Steps[step-1]
	text := s.Actor + "  " + s.Text
	if s.Reply != "" {
		text += " ⇒ " + s.Reply
	}
	return text
}
