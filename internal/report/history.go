package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// historyLinesMax is how many lines of a finding are shown, so that it fits a screen.
const historyLinesMax = 16

// History writes what became of a checked history.
func History(w io.Writer, h *catalogue.HistoryReport, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	open := ""
	if h.Open > 0 {
		open = fmt.Sprintf(", %d still open", h.Open)
	}
	l.add(fmt.Sprintf("check: %s of %s%s",
		count(int64(h.Operations), "operation"), count(int64(h.Workflows), "workflow"), open))
	l.add(indented("  judged by ", strings.Join(h.Judged, ", "))...)
	switch h.Verdict {
	case catalogue.OK:
		l.add(l.green("ok") + "  every operation can take effect at one moment between its call and its return")
	case catalogue.Violated:
		l.add(l.red("VIOLATION") + "  no order of the operations explains what they returned")
	default:
		reason := indented("unknown  ", h.Reason)
		reason[0] = l.yellow("unknown") + reason[0][len("unknown"):]
		l.add(reason...)
	}
	for _, f := range h.Findings {
		l.historyFinding(f)
	}
	if len(h.Findings) > 0 && h.Undecided > 0 {
		l.add(fmt.Sprintf("  of %d more nothing is known: a limit was hit", h.Undecided))
	}
	return l.writeTo(w)
}

func (l *lines) historyFinding(f *catalogue.HistoryFinding) {
	l.add(indented("  ", fmt.Sprintf("%s, %s; the last line is what nothing explains:", f.Spec, f.Object))...)
	if len(f.Before) > 0 {
		l.add(indented("    before: ", strings.Join(f.Before, "; or "))...)
	}
	digits := len(fmt.Sprint(f.Line))
	for _, line := range f.Lines {
		digits = max(digits, len(fmt.Sprint(line.Number)))
	}
	for i, line := range f.Lines {
		switch skipped := len(f.Lines) - historyLinesMax; {
		case skipped <= 1 || i < historyLinesMax/2 || i > historyLinesMax/2+skipped:
			l.add(indented(fmt.Sprintf("    %*d  ", digits, line.Number), line.Text)...)
		case i == historyLinesMax/2:
			l.add(fmt.Sprintf("    %*s  %d more lines", digits, "", skipped+1))
		}
	}
	if len(f.Others) > 0 {
		l.add(indented("    whatever these did besides: ", tally(f.Others))...)
	}
	if f.More > 0 {
		l.add(fmt.Sprintf("    and %d more of this kind later in the file", f.More))
	}
	if f.Page != "" {
		l.add(indented("    as a page: ", f.Page)...)
	}
}

// tally counts equal names: "Sweep 3 times, UpdateTask".
func tally(names []string) string {
	var order []string
	counts := map[string]int{}
	for _, n := range names {
		if counts[n]++; counts[n] == 1 {
			order = append(order, n)
		}
	}
	slices.Sort(order)
	for i, n := range order {
		if counts[n] > 1 {
			order[i] = fmt.Sprintf("%s %d times", n, counts[n])
		}
	}
	return strings.Join(order, ", ")
}

// HistoryJSON writes it as one line, in the form of the other commands.
func HistoryJSON(w io.Writer, h *catalogue.HistoryReport, o Options) error {
	out := object{
		Schema: Schema, Command: "check", Verdict: h.Verdict.String(), Reason: h.Reason, Histories: 1,
		Violations: []violation{}, AlsoSeen: []violation{}, Reached: []string{}, Unreached: []string{},
		Timing: o.timing(nil),
	}
	for _, f := range h.Findings {
		texts := make([]string, len(f.Lines))
		for i, l := range f.Lines {
			texts[i] = l.Text
		}
		out.Violations = append(out.Violations, violation{
			Oracle: f.Spec, Message: f.Object + ": " + strings.Join(texts, "; "), Line: f.Line, Page: f.Page,
		})
	}
	return encode(w, out)
}
