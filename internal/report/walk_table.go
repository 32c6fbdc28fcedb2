package report

import (
	"fmt"
	"slices"
	"strings"
)

// lastColumnWalk is the width of a walk's last column, where there is room for it. It does not go by the texts: the
// columns stay where they are from step to step.
const lastColumnWalk = 40

// table is the end of the steps so far, in as many lines as there are.
func (s *screenOf) table(room int) {
	if room <= 0 {
		return
	}
	t := s.trace
	b := &table{trace: t, actors: t.Actors}
	b.prefix = width(fmt.Sprint(max(s.walk.Length(), len(t.Steps)))) + 3
	b.offsets = walkColumns(t.Actors, Width-b.prefix)
	b.header()
	heads := b.lines
	if len(heads) > headsMax {
		heads = nil
		b.list()
	}
	b.lines = nil
	var begins []int // the first line of each step
	for i := range t.Steps {
		begins = append(begins, len(b.lines))
		b.row(stepRow(t, i), true)
		if heads == nil {
			b.name(begins[i], t.Steps[i].Actor)
		}
	}
	body, from := b.lines, 0
	if len(t.Steps) == 0 {
		body = []string{strings.Repeat(" ", b.prefix) + "before the first step"}
	} else {
		from = firstShown(begins, len(body)-max(room-len(heads), 1))
	}
	styles := stepStyles(body, begins)
	body = body[from:]
	heads = heads[:min(len(heads), max(room-len(body), 0))]
	for _, h := range heads {
		s.add(h, Faint)
	}
	for i, l := range body {
		s.add(l, styles[from+i])
	}
	for range room - len(heads) - len(body) {
		s.add("", Plain)
	}
}

// headsMax is the most lines of heads. Where the actors are so many that it takes more, the steps are a list, with the
// name of its actor before each.
const headsMax = 3

// namesMax is the most columns of the names in a list.
const namesMax = 24

// list makes one column of the table, behind the names.
func (b *table) list() {
	longest := 0
	for _, a := range b.actors {
		longest = max(longest, width(a))
	}
	b.actors, b.offsets = nil, []int{min(longest, namesMax) + 1}
}

// name puts an actor's name before a line of a list.
func (b *table) name(line int, actor string) {
	text := []rune(b.lines[line])
	copy(text[b.prefix:], []rune(cut(actor, namesMax)))
	b.lines[line] = string(text)
}

// firstShown is the first line that is shown where so many are too many: none is the rest of a step, but of the last.
func firstShown(begins []int, over int) int {
	if over <= 0 {
		return 0
	}
	for _, b := range begins {
		if b >= over {
			return b
		}
	}
	return over
}

// stepStyles are the styles of the lines of the steps: the last step stands out, and what is said of the violation.
func stepStyles(lines []string, begins []int) []Style {
	styles := make([]Style, len(lines))
	style := Plain
	for i, l := range lines {
		switch at := slices.Index(begins, i); {
		case strings.HasPrefix(strings.TrimLeft(l, " │"), "^ the violation"):
			style = Wrong
		case at >= 0 && at == len(begins)-1:
			style = Strong
		case at >= 0:
			style = Plain
		}
		styles[i] = style
	}
	return styles
}

// walkColumns are columns that keep the names of the actors apart on one line, if they have the room: what is left
// beside the last is shared out among the others.
func walkColumns(actors []string, room int) []int {
	n := len(actors)
	offsets := make([]int, n)
	needed := 0
	for _, a := range actors[:max(n-1, 0)] {
		needed += width(a) + 1
	}
	last := min(max(lastColumnMin, min(lastColumnWalk, room-needed)), room*3/5)
	spare := room - last - needed
	for i := 1; i < n; i++ {
		if spare < 0 {
			offsets[i] = i * (room - last) / (n - 1)
			continue
		}
		offsets[i] = offsets[i-1] + width(actors[i-1]) + 1 + spare*i/(n-1) - spare*(i-1)/(n-1)
	}
	return offsets
}

// open lists the open choices in at most so many lines that the steps keep some, and marks the one that is next.
func (s *screenOf) open(room int) {
	open, due := s.walk.Open()
	if len(open) == 0 {
		s.add("open   nothing: the run is over", Plain)
		return
	}
	rows := min(max(room-stepsMin, choicesMin), choicesMax)
	if s.view.Choices {
		rows = max(room-stepsFew, choicesMin)
	}
	entries := make([]string, len(open))
	for i, text := range open {
		mark := " "
		if i == due {
			mark = ">"
		}
		entries[i] = fmt.Sprintf("%s%*d %s", mark, width(fmt.Sprint(len(open))), i+1, text)
	}
	more := 0
	if most := 2 * rows; len(entries) > most {
		most -= 2 // a line to say so
		from := max(0, min(due-most/2, len(entries)-most))
		more = len(entries) - most
		entries = entries[from : from+most]
	}
	s.entries(entries, rows)
	if more > 0 {
		text := fmt.Sprintf("        and %d more", more)
		if !s.view.Choices {
			text += ": c shows all that there is room for"
		}
		s.add(text, Plain)
	}
}

// entries lays out the choices one below the other, or in two columns if they are more than the rows.
func (s *screenOf) entries(entries []string, rows int) {
	label := "open  "
	if len(entries) <= rows {
		for _, e := range entries {
			s.add(label+e, Plain)
			label = strings.Repeat(" ", width(label))
		}
		return
	}
	half := (len(entries) + 1) / 2
	room := (s.columns - width(label)) / 2
	for i := range half {
		line := label + pad(cut(entries[i], room-1), room)
		if i+half < len(entries) {
			line += cut(entries[i+half], room)
		}
		s.add(line, Plain)
		label = strings.Repeat(" ", width(label))
	}
}
