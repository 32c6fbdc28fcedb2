package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// HistoryDocument writes what became of a checked history, which is in the file, as a document: junit, sarif or
// markdown.
func HistoryDocument(w io.Writer, format string, d Document, file string, h *scenarios.HistoryReport, o Options) error {
	c := &documentWriter{w: w, format: format, document: d, entries: []entry{d.historyEntry(file, h, o)}}
	return c.End()
}

// historyEntry makes the entry of a checked history.
func (d *Document) historyEntry(file string, h *scenarios.HistoryReport, o Options) entry {
	var story bytes.Buffer
	_ = History(&story, h, Options{}) // a buffer takes everything
	e := entry{
		suite: "check", name: file, title: file,
		parts:   "judged by " + strings.Join(h.Judged, ", "),
		verdict: h.Verdict, story: strings.TrimRight(story.String(), "\n"), seconds: o.Seconds,
		properties: [][2]string{
			{"command", "check"}, {"operations", fmt.Sprint(h.Operations)}, {"workflows", fmt.Sprint(h.Workflows)},
		},
	}
	e.summary = historySummary(h)
	for i := range h.Findings {
		e.results = append(e.results, d.historyResult(file, h, &h.Findings[i]))
	}
	return e
}

// historySummary is a history's verdict in a line.
func historySummary(h *scenarios.HistoryReport) string {
	switch {
	case len(h.Findings) > 0:
		f := &h.Findings[0]
		return fmt.Sprintf("%s, %s: no order of the operations explains what they returned", f.Spec, f.Object)
	case h.Verdict == scenarios.OK:
		return fmt.Sprintf("an order of the operations explains what they returned: %s of %s",
			count(int64(h.Operations), "operation"), count(int64(h.Workflows), "workflow"))
	}
	return "no order of the operations was found, nor that there is none"
}

func (d *Document) historyResult(file string, h *scenarios.HistoryReport, f *scenarios.HistoryFinding) result {
	said := fmt.Sprintf("No order of the operations on %s explains what they returned", f.Object)
	if n := len(f.Lines); n > 0 {
		said += ", up to: " + f.Lines[n-1]
	}
	return result{
		rule: linearizable + f.Spec, object: f.Object, message: said, level: levelError,
		story:       strings.Join(f.Lines, "\n"),
		at:          spot{file: d.fileOf(file), line: 1, source: true},
		fingerprint: digest(append([]string{f.Spec, f.Object}, f.Lines...)),
		properties:  resultProperties{Verdict: h.Verdict.String(), Object: f.Object},
	}
}
