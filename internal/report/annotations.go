package report

import (
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// Annotate writes what is not green in a report as workflow commands of GitHub Actions, a line each: an error for what
// is permanent or unknown, a warning for what heals, a notice for what is not applicable. The line that it stands at
// is the one that a SARIF log gives.
func (d *Document) Annotate(w io.Writer, r *scenarios.Report, o Options) error {
	e := d.entryOf(r, o)
	return writeAnnotations(w, annotationsOf(&e))
}

// annotation is one workflow command.
type annotation struct {
	level          string // error, warning or notice
	file           string
	line           int
	title, message string
}

func annotationsOf(e *entry) []annotation {
	switch e.verdict {
	case scenarios.Unknown:
		return []annotation{{level: levelError, title: "unknown: " + e.title, message: e.parts + ": " + e.summary}}
	case scenarios.NotApplicable:
		return []annotation{{level: "notice", title: "not applicable: " + e.title, message: e.parts + ": " + e.summary}}
	}
	var out []annotation
	for i := range e.results {
		r := &e.results[i]
		if r.level == levelNote {
			continue
		}
		a := annotation{
			level: r.level, file: r.at.file, line: r.at.line, title: r.name() + ": " + e.title,
			message: r.said() + " On " + e.parts + ".",
		}
		if r.severity != "" {
			a.title = r.name() + ", " + r.severity + ": " + e.title
		}
		if r.replay != "" {
			a.message += "\nReplay it: " + r.replay
		}
		out = append(out, a)
	}
	return out
}

func writeAnnotations(w io.Writer, as []annotation) error {
	var b strings.Builder
	for _, a := range as {
		b.WriteString("::" + a.level + " ")
		if a.file != "" {
			fmt.Fprintf(&b, "file=%s,line=%d,", inProperty(a.file), max(a.line, 1))
		}
		b.WriteString("title=" + inProperty(a.title) + "::" + inCommand(a.message) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// The characters that end a workflow command, and those that end a property of one.
var (
	commandEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func inCommand(text string) string { return commandEscapes.Replace(visible(text)) }

func inProperty(text string) string { return propertyEscapes.Replace(visible(text)) }
