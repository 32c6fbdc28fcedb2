package report

import (
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// History writes what became of a checked history.
func History(w io.Writer, h *scenarios.HistoryReport, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	l.add(fmt.Sprintf("check: %s of %s",
		count(int64(h.Operations), "operation"), count(int64(h.Workflows), "workflow")))
	l.add(indented("  judged by ", strings.Join(h.Judged, ", "))...)
	switch h.Verdict {
	case scenarios.OK:
		l.add(l.green("ok") + "  every operation can take effect at one moment between its call and its return")
	case scenarios.Violated:
		l.add(l.red("VIOLATION") + "  no order of the operations explains what they returned")
	default:
		l.add(l.yellow("unknown") + "  no specification knows an operation of it, or a check found no end")
	}
	for _, f := range h.Findings {
		l.add(indented("  ", fmt.Sprintf("%s, %s; the last line is what nothing explains:", f.Spec, f.Object))...)
		for _, line := range f.Lines {
			l.add(indented("    ", line)...)
		}
	}
	return l.writeTo(w)
}

// HistoryJSON writes it as one line, in the form of the other commands.
func HistoryJSON(w io.Writer, h *scenarios.HistoryReport, o Options) error {
	out := object{
		Schema: Schema, Command: "check", Verdict: h.Verdict.String(), Histories: 1,
		Violations: []violation{}, AlsoSeen: []violation{}, Reached: []string{}, Unreached: []string{},
		Timing: o.timing(),
	}
	for _, f := range h.Findings {
		out.Violations = append(out.Violations,
			violation{Oracle: f.Spec, Message: f.Object + ": " + strings.Join(f.Lines, "; ")})
	}
	return encode(w, out)
}
