package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the grid as tables, one for each lock, queue and store, with an engine a row and a scenario
// a column. A red cell says its oracle and its severity, and leads to its schedule where there is one.
func (g Grid) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	for i, parts := range g.tables() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", capital(parts))
		g.markdownTable(&b, parts)
	}
	g.markdownLegend(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func (g Grid) markdownTable(b *strings.Builder, parts string) {
	b.WriteString("| engine |")
	for _, r := range g.Rows {
		fmt.Fprintf(b, " %s |", r.Scenario)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(g.Rows)) + "\n")
	for _, e := range g.engines() {
		name, line := e, ""
		for _, r := range g.Rows {
			c := g.cell(place{r.Scenario, e, parts})
			if c != nil && c.NotImplementable {
				name = e + "\\*"
			}
			line += " " + markdownCell(c) + " |"
		}
		fmt.Fprintf(b, "| %s |%s\n", name, line)
	}
}

func markdownCell(c *GridCell) string {
	switch {
	case c == nil:
		return "-"
	case c.Verdict != cellRed:
		return c.Verdict
	}
	said := "**" + c.Oracle + "**, " + c.Severity
	if c.Schedule != "" {
		said += fmt.Sprintf(" ([schedule](%s))", c.Schedule)
	}
	return said
}

func (g Grid) markdownLegend(b *strings.Builder) {
	var notes []string
	g.each(func(_ place, _ *GridRow, c *GridCell) {
		if c.NotImplementable && len(notes) == 0 {
			notes = append(notes, "\\* needs one transaction over store and queue, and these are two databases: it "+
				"cannot be built there.")
		}
	})
	for _, part := range g.Uncompared {
		notes = append(notes, capital(part)+" is modelled from the source, and compared with no real one.")
	}
	for _, n := range notes {
		b.WriteString("\n" + n + "\n")
	}
}
