package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"fermata/scenarios/catalogue"
)

// A picture of a race for a page that runs no script: the steps that matter, in columns, with who holds the lock, where
// the race is open, and the read that the violating write relied on.

const (
	svgRows   = 18 // lines of the interleaving, at most
	svgWidth  = 880
	svgRow    = 24
	svgTop    = 74
	svgNumber = 64 // where the numbers end
	svgLock   = 14 // the width of a lock's bar
	svgLetter = 7.9
	svgLine   = 106 // letters across
	svgEnds   = 2   // lines of the state in the end
)

const svgStyle = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1a1a1e; }
.title { font-weight: 700; font-size: 14px; } .soft { fill: #55565e; } .bad { fill: #b3142c; font-weight: 700; }
.paper { fill: #ffffff; } .shade { fill: #fff3cf; } .rail { stroke: #d3d4dc; }
.join { fill: none; stroke: #b3142c; stroke-width: 2; } .tip { fill: #b3142c; }
.f0 { fill: #0b57d0; } .f1 { fill: #6a1fd1; } .f2 { fill: #00695c; }
.f3 { fill: #a33d00; } .f4 { fill: #5d4037; } .f5 { fill: #ad1457; }
@media (prefers-color-scheme: dark) {
text { fill: #ececf1; } .soft { fill: #a9abb8; } .bad { fill: #ff8a96; }
.paper { fill: #16171b; } .shade { fill: #3a3317; } .rail { stroke: #3a3b45; }
.join { stroke: #ff8a96; } .tip { fill: #ff8a96; }
.f0 { fill: #8ab4f8; } .f1 { fill: #c9a6ff; } .f2 { fill: #73d0c4; }
.f3 { fill: #ffab76; } .f4 { fill: #cdb4a8; } .f5 { fill: #f49ac1; }
}
`

// svg is a drawing in the making.
type svg struct {
	strings.Builder
	picture *catalogue.Picture
	layout  layout
	rows    []row
	locks   int
}

// SVG writes a picture that needs nothing else, in the reader's own light or dark.
func SVG(w io.Writer, p *catalogue.Picture) error {
	t := p.Finding.Trace
	s := &svg{picture: p, rows: foldRows(t, heaviest(t, svgRows))}
	s.layout.actors = actorsOf(t)
	for i := range p.Holds {
		if s.lockColumn(p.Holds[i].Workflow) < 0 {
			s.layout.locks = append(s.layout.locks, p.Holds[i].Workflow)
		}
	}
	s.locks = len(s.layout.locks)
	s.draw()
	_, err := io.WriteString(w, s.String())
	return err
}

func (s *svg) lockColumn(workflow string) int {
	for i, w := range s.layout.locks {
		if w == workflow {
			return i
		}
	}
	return -1
}

func (s *svg) draw() {
	f := s.picture.Finding
	height := svgTop + svgRow*len(s.rows) + 72
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" `+
		`aria-label="%s"><style>%s</style>`+"\n", svgWidth, height, svgWidth, height, escaped(s.label()), svgStyle)
	fmt.Fprintf(s, `<rect class="paper" width="%d" height="%d" rx="8"/>`+"\n", svgWidth, height)
	s.text(16, 26, "title", f.Case.Scenario.Name+" on "+f.Case.Engine.Name+": "+f.Message)
	s.shade()
	s.heads()
	s.holds()
	for i := range s.rows {
		s.row(i)
	}
	s.joins()
	s.ends(height)
	s.WriteString("</svg>\n")
}

// label says in words what the picture shows.
func (s *svg) label() string {
	f := s.picture.Finding
	return strings.Join(append([]string{f.Message + "."}, f.Trace.Notes...), " ")
}

func (s *svg) text(x, y float64, class, text string) {
	fmt.Fprintf(s, `<text x="%.0f" y="%.0f" class="%s" xml:space="preserve">%s</text>`+"\n", x, y, class, escaped(text))
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// lane is where an actor's column begins, y where a row's line stands.
func (s *svg) lane(actor string) float64 {
	left := float64(svgNumber + 34 + s.locks*(svgLock+6))
	for i, a := range s.layout.actors {
		if a == actor {
			return left + float64(i)*(svgWidth-left-8)/float64(len(s.layout.actors))
		}
	}
	return left
}

func (s *svg) y(row int) float64 { return svgTop + svgRow*float64(row) + 17 }

// rowOf is the row that shows a step.
func (s *svg) rowOf(step int) int {
	for i := range s.rows {
		if step <= s.rows[i].last.Number {
			return i
		}
	}
	return len(s.rows) - 1
}

func (s *svg) shade() {
	t := s.picture.Finding.Trace
	if t.WindowFrom == 0 {
		return
	}
	from, to := s.rowOf(t.WindowFrom), s.rowOf(t.WindowTo)
	fmt.Fprintf(s, `<rect class="shade" x="8" y="%.0f" width="%d" height="%d" rx="4"/>`+"\n",
		s.y(from)-16, svgWidth-16, svgRow*(to-from+1)-2)
}

func (s *svg) heads() {
	for i, a := range s.layout.actors {
		x := s.lane(a)
		s.text(x, svgTop-14, fmt.Sprintf("title f%d", i%colours), a)
		fmt.Fprintf(s, `<line class="rail" x1="%.0f" x2="%.0f" y1="%d" y2="%.0f"/>`+"\n",
			x-8, x-8, svgTop-4, s.y(len(s.rows)-1)+6)
	}
	if s.locks > 0 {
		s.text(svgNumber+8, svgTop-14, "soft", "lock")
	}
}

func (s *svg) holds() {
	for _, h := range s.picture.Holds {
		from, to := s.rowOf(h.From), s.rowOf(h.To)
		top, bottom := s.y(from)-14, s.y(to)+7
		if s.rows[from].first.Number != h.From {
			top += svgRow / 2 // within a folded row
		}
		if s.rows[to].last.Number != h.To {
			bottom -= svgRow / 2
		}
		x := svgNumber + 22 + s.lockColumn(h.Workflow)*(svgLock+6)
		fmt.Fprintf(s, `<rect class="%s" x="%d" y="%.0f" width="%d" height="%.0f" rx="4"><title>%s</title></rect>`+
			"\n", s.colour(h.Actor), x, top, svgLock, max(bottom-top, 6),
			escaped(fmt.Sprintf("%s holds the lock of %s, steps %d to %d", h.Actor, h.Workflow, h.From, h.To)))
	}
}

func (s *svg) colour(actor string) string { return "f" + s.layout.colour(actor)[1:] }

func (s *svg) row(i int) {
	r := &s.rows[i]
	t := s.picture.Finding.Trace
	y, x := s.y(i), s.lane(r.first.Actor)
	s.text(svgNumber-float64(width(r.number))*svgLetter-8, y, "soft", r.number)
	class := ""
	switch {
	case r.first.Number == t.At:
		class = "bad"
	case r.first != r.last:
		class = "soft"
	}
	room := int((svgWidth - 12 - x) / svgLetter)
	s.text(x, y, class, cutTo(r.text, room))
	if note := s.note(r); note != "" {
		at := x + float64(width(r.text)+2)*svgLetter
		s.text(at, y, "soft", cutTo(note, int((svgWidth-12-at)/svgLetter)))
	}
	fmt.Fprintf(s, `<circle class="%s" cx="%.0f" cy="%.0f" r="4"/>`+"\n", s.colour(r.first.Actor), x-8, y-4)
}

// note says of a step what it relied on, or who will rely on it.
func (s *svg) note(r *row) string {
	if r.first != r.last {
		return ""
	}
	for _, j := range s.picture.Finding.Trace.Joins {
		switch r.first.Number {
		case j.From:
			return fmt.Sprintf("used at %d", j.To)
		case j.To:
			return fmt.Sprintf("from %d", j.From)
		}
	}
	return ""
}

// cutTo is a text of at most so many letters.
func cutTo(text string, letters int) string {
	if width(text) <= letters {
		return text
	}
	return string([]rune(text)[:max(letters-1, 0)]) + "…"
}

// joins leads from a read to the write that relied on it.
func (s *svg) joins() {
	t := s.picture.Finding.Trace
	for i, j := range t.Joins[:min(len(t.Joins), joinsMax)] {
		from, to := s.rowOf(j.From), s.rowOf(j.To)
		actor := t.Steps[j.To-1].Actor
		x := s.lane(actor) - 14
		bow := x - 22 - float64(i)*10
		fmt.Fprintf(s, `<path class="join" d="M%.0f %.0f C%.0f %.0f %.0f %.0f %.0f %.0f"><title>%s</title></path>`+"\n",
			x, s.y(from)-4, bow, s.y(from)+20, bow, s.y(to)-28, x-4, s.y(to)-5,
			escaped(fmt.Sprintf("step %d relies on the copy read at step %d", j.To, j.From)))
		fmt.Fprintf(s, `<path class="tip" d="M%.0f %.0f l-8 -5 l1 8 z"/>`+"\n", x+2, s.y(to)-3)
	}
}

// ends says what is left in the end.
func (s *svg) ends(height int) {
	t := s.picture.Finding.Trace
	s.text(16, float64(height-48), "bad", cutTo(strings.Join(t.Notes, " "), svgLine))
	for i, line := range wrapHanging("In the end: "+joinedFacts(t.Final), svgLine, "  ") {
		if i < svgEnds {
			s.text(16, float64(height-30+18*i), "soft", line)
		}
	}
}

// joinedFacts puts a state in one line.
func joinedFacts(facts []string) string {
	var said []string
	for _, f := range facts {
		said = append(said, strings.TrimSpace(f))
	}
	return strings.Join(said, "; ")
}
