package report

import (
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// WalkView is how a walk along a schedule is shown.
type WalkView struct {
	// Height is how many lines there are; at least walkHeightMin are used.
	Height int
	Colour bool
	// Message is said above the keys, if there is something to say.
	Message string
}

// walkHeightMin is the least height of a screen.
const walkHeightMin = 16

// choicesMax is the most open choices that are shown: they are chosen by one digit.
const choicesMax = 9

// keys are the keys of a walk.
const keys = "n next  b back  v violation  g start  G end  1-9 choose  s save  q quit"

// Walk draws one screen of a walk: the steps so far, the state, and what is open. It is at most 80 columns wide.
func Walk(w *catalogue.Stepper, v WalkView) string {
	head, foot := &lines{palette: palette(v.Colour)}, &lines{palette: palette(v.Colour)}
	head.walkHead(w)
	foot.walkState(w)
	foot.walkOpen(w)
	foot.walkSeen(w)
	if v.Message != "" {
		foot.add(indented("  ", v.Message)...)
	}
	foot.add(foot.dim(keys))
	room := max(v.Height, walkHeightMin) - len(head.text) - len(foot.text) - 1
	head.add(walkTable(w, max(room, 3))...)
	return strings.Join(append(head.text, foot.text...), "\n")
}

func (l *lines) walkHead(w *catalogue.Stepper) {
	c := w.Case
	title := fmt.Sprintf("%s on %s, after step %d", c.Scenario.Name, c.Engine.Name, len(w.Steps()))
	if w.Over() {
		title += ", the end"
	}
	if n := w.Left(); n > 0 {
		title += fmt.Sprintf("; left the schedule at step %d", n)
	}
	for _, t := range wrap(title, Width) {
		l.add(l.bold(t))
	}
}

// walkTable is the end of the interleaving, as many lines as there are.
func walkTable(w *catalogue.Stepper, room int) []string {
	t := &catalogue.Trace{Actors: w.Actors(), Steps: w.Steps()}
	if len(t.Steps) == 0 {
		return append([]string{"", "  before the first step"}, make([]string, max(room-2, 0))...)
	}
	shown := make([]bool, len(t.Steps))
	for i := range shown {
		shown[i] = true
	}
	heads := stagger(actorsOf(t), offsetsOf(t), 0)
	all := layOut(t, foldRows(t, shown), true)
	body := all[min(len(heads), len(all)):]
	if most := room - len(heads); len(body) > most {
		body = body[len(body)-max(most, 1):]
	}
	table := append(append([]string(nil), all[:min(len(heads), len(all))]...), body...)
	return append(table, make([]string, max(room-len(table), 0))...)
}

// offsetsOf are the columns that the table of a trace has.
func offsetsOf(t *catalogue.Trace) []int {
	b := &table{trace: t, actors: actorsOf(t), prefix: width(fmt.Sprint(len(t.Steps))) + 3}
	shown := make([]bool, len(t.Steps))
	for i := range shown {
		shown[i] = true
	}
	b.columns(foldRows(t, shown))
	offsets := make([]int, len(b.offsets))
	for i, o := range b.offsets {
		offsets[i] = b.prefix + o
	}
	return offsets
}

// walkState says what is so now; a star marks what the last step changed.
func (l *lines) walkState(w *catalogue.Stepper) {
	now, before := w.State()
	was := map[string]string{}
	for _, f := range before.Facts {
		was[f.Kind+" "+f.Name] = f.Value
	}
	var facts []string
	for _, f := range now.Facts {
		text := f.Kind + " " + f.Name + ": " + f.Value
		if was[f.Kind+" "+f.Name] != f.Value {
			text = "*" + text
		}
		facts = append(facts, text)
	}
	l.add(indented("state  ", strings.Join(facts, "; "))...)
}

func (l *lines) walkOpen(w *catalogue.Stepper) {
	open, due := w.Open()
	if len(open) == 0 {
		l.add("open   nothing: the run is over")
	}
	for i, text := range open[:min(len(open), choicesMax)] {
		label, mark := "       ", " "
		if i == 0 {
			label = "open   "
		}
		if i == due {
			mark = ">"
		}
		l.add(shorten(fmt.Sprintf("%s%s%d %s", label, mark, i+1, text)))
	}
	if more := len(open) - choicesMax; more > 0 {
		l.add(fmt.Sprintf("         and %d more", more))
	}
}

// walkSeen names the violations so far: those that judge, and how many others were seen.
func (l *lines) walkSeen(w *catalogue.Stepper) {
	others := 0
	for _, s := range w.Seen() {
		if !s.Judging {
			others++
			continue
		}
		text := fmt.Sprintf("VIOLATION at step %d: %s: %s", s.Step, s.Oracle, s.Message)
		l.add(l.red(shorten(text)))
	}
	if others > 0 {
		l.add(l.dim("also seen: " + count(int64(others), "violation") + " of oracles that do not judge this scenario"))
	}
}
