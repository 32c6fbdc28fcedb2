package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the grid as tables, one for each lock, queue and store, with a scenario a row and an engine a
// column. A red cell is a letter, which stands for its oracle and its severity, and leads to its schedule where there
// is one.
func (g Grid) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	var met reds
	for i, parts := range g.tables() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", capital(parts))
		g.markdownTable(&b, parts, &met)
	}
	g.markdownLegend(&b, met)
	_, err := io.WriteString(w, b.String())
	return err
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func (g Grid) markdownTable(b *strings.Builder, parts string, met *reds) {
	engines, rows := g.on(parts)
	b.WriteString("| scenario |")
	for _, e := range engines {
		if g.notImplementable(e, parts) {
			e += "\\*"
		}
		fmt.Fprintf(b, " %s |", e)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(engines)) + "\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s |", r)
		for _, e := range engines {
			fmt.Fprintf(b, " %s |", markdownCell(g.cell(place{r, e, parts}), met))
		}
		b.WriteString("\n")
	}
}

func markdownCell(c *GridCell, met *reds) string {
	switch {
	case c == nil:
		return "-"
	case c.Verdict == cellNotApplicable:
		return "n/a"
	case c.Verdict != cellRed:
		return c.Verdict
	}
	said := met.letter(c)
	if c.Schedule != "" {
		said = fmt.Sprintf("[%s](%s)", said, c.Schedule)
	}
	return "**" + said + "**"
}

func (g Grid) markdownLegend(b *strings.Builder, met reds) {
	for i, said := range met {
		oracle, severity, _ := strings.Cut(said, " ")
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "- **%s**: %s, %s\n", letterOf(i), oracle, severity)
	}
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
