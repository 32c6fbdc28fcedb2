package report

import (
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// passingPart and besidePart set a second run beside the finding's.
type passingPart struct {
	At                   int
	Failing, Other, Ends string
	Table                pairTable
}

type besidePart struct {
	Engine, About, Class, Verdict, Ends string
	Table                               pairTable
}

type pairTable struct {
	Left, Right string
	Rows        []pairRow
}

// pairRow is a step of both runs, or of one; or a stretch of steps that are the same in both.
type pairRow struct {
	LeftNumber, RightNumber string
	Left, Right             string
	Class                   string // same, parts, or empty
}

// compare fills the parts.
func (h *htmlPage) compare() {
	p := h.picture
	if p.Passing != nil {
		h.Passing = &passingPart{
			At: p.Passing.At, Failing: p.Passing.Failing, Other: p.Passing.Other, Ends: endsWith(p.Passing.Trace),
			Table: pairs("this schedule: "+p.Finding.Oracle, p.Finding.Trace, "the one that passes", p.Passing.Trace,
				p.Passing.At),
		}
	}
	if p.Beside != nil {
		h.Beside = beside(p)
	}
}

func endsWith(t *catalogue.Trace) string { return "It ends with " + joinedFacts(t.Final) + "." }

func beside(p *catalogue.Picture) *besidePart {
	b := p.Beside
	part := &besidePart{
		Engine: b.Case.Engine.Name, Class: "good", Verdict: "No oracle of this scenario is violated.",
		About: fmt.Sprintf("At each step the same actor goes on as in this run, as far as it can. The two part at "+
			"step %d.", b.PartsAt),
		Ends:  endsWith(b.Trace),
		Table: pairs(p.Finding.Case.Engine.Name, p.Finding.Trace, b.Case.Engine.Name, b.Trace, b.PartsAt),
	}
	if b.PartsAt == 0 {
		part.About = "At each step the same actor goes on as in this run, and does the same."
	}
	if b.Violated != "" {
		part.Class, part.Verdict = "bad", fmt.Sprintf("It violates %s: %s.", b.Violated, b.Message)
	}
	return part
}

// The most steps of a run that are set side by side, and from how many on equal ones are folded.
const (
	pairsMax = 400
	foldFrom = 4
)

// pairs sets two traces side by side: steps that both take, in the same order, share a row.
func pairs(left string, a *catalogue.Trace, right string, b *catalogue.Trace, parts int) pairTable {
	t := pairTable{Left: left, Right: right}
	x, y := stepsIn(a), stepsIn(b)
	common := longestCommon(x, y)
	for i, j := 0, 0; i < len(x) || j < len(y); {
		same := i < len(x) && j < len(y) && x[i] == y[j] && common[i][j] == common[i+1][j+1]+1
		var row pairRow
		switch {
		case same:
			row = pairRow{fmt.Sprint(i + 1), fmt.Sprint(j + 1), x[i], y[j], "same"}
			i, j = i+1, j+1
		case i+1 == parts && i < len(x) && j < len(y) && j == i:
			row = pairRow{fmt.Sprint(i + 1), fmt.Sprint(j + 1), x[i], y[j], "parts"}
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && common[i+1][j] >= common[i][j+1]:
			row = pairRow{LeftNumber: fmt.Sprint(i + 1), Left: x[i]}
			i++
		default:
			row = pairRow{RightNumber: fmt.Sprint(j + 1), Right: y[j]}
			j++
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = foldSame(t.Rows)
	return t
}

// foldSame puts one row for a long stretch of equal ones.
func foldSame(rows []pairRow) []pairRow {
	var folded []pairRow
	for i := 0; i < len(rows); {
		to := i
		for to < len(rows) && rows[to].Class == "same" {
			to++
		}
		if to-i < foldFrom {
			to = max(to, i+1)
			folded = append(folded, rows[i:to]...)
			i = to
			continue
		}
		text := fmt.Sprintf("… %d steps, the same in both", to-i)
		folded = append(folded, pairRow{
			rows[i].LeftNumber + "–" + rows[to-1].LeftNumber, rows[i].RightNumber + "–" + rows[to-1].RightNumber,
			text, text, "same",
		})
		i = to
	}
	return folded
}

// longestCommon gives for each pair of positions the length of the longest common subsequence behind it.
func longestCommon(x, y []string) [][]int {
	length := make([][]int, len(x)+1)
	for i := range length {
		length[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	return length
}

// stepsIn are the steps of a trace in words, with who takes each.
func stepsIn(t *catalogue.Trace) []string {
	var steps []string
	for _, s := range t.Steps[:min(len(t.Steps), pairsMax)] {
		text := s.Actor + "  " + s.Text
		if s.Reply != "" {
			text += " ⇒ " + s.Reply
		}
		steps = append(steps, strings.TrimSpace(text))
	}
	return steps
}
