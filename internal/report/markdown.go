package report

import (
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// markdownMax is as much as a comment on GitHub may hold. It counts characters there and bytes here, which are never
// fewer.
const markdownMax = 65536

// markdownReserve is what the closing sentence may need, and markdownTableMax what the table may take.
const (
	markdownReserve  = 300
	markdownTableMax = markdownMax / 2
)

// page is a Markdown text of bounded length.
type page struct {
	text strings.Builder
	max  int
}

// fits adds a text if there is room for it, and tells whether there was.
func (p *page) fits(text string) bool {
	if p.text.Len()+len(text) > p.max {
		return false
	}
	p.text.WriteString(text)
	return true
}

// writeMarkdown writes the entries as a comment on a pull request: the counts, a table of the cases with what is not
// ok first, and each violation to unfold.
func (d *Document) writeMarkdown(w io.Writer, entries []entry) error {
	p := &page{max: markdownMax - markdownReserve}
	p.text.WriteString("## fermata " + inMarkdown(d.Command) + ": " + countsInWords(entries) + "\n\n")
	rows := p.table(entries)
	shown, all := 0, 0
	for i := range entries {
		for j := range entries[i].results {
			r := &entries[i].results[j]
			if r.level == levelNote {
				continue
			}
			all++
			if p.fits(d.details(&entries[i], r, true)) || p.fits(d.details(&entries[i], r, false)) {
				shown++
			}
		}
	}
	if rows < len(entries) || shown < all {
		fmt.Fprintf(&p.text, "\n%s and %s are left out: a comment holds %d characters. "+
			"The other formats have everything.\n",
			count(int64(len(entries)-rows), "case"), count(int64(all-shown), "violation"), markdownMax)
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// countsInWords says how many cases came to what; what none came to is left out.
func countsInWords(entries []entry) string {
	counts := countVerdicts(entries)
	var said []string
	for _, v := range []struct {
		verdict scenarios.Verdict
		words   string
	}{
		{scenarios.Violated, "with a violation"}, {scenarios.Unknown, "unknown"}, {scenarios.OK, "ok"},
		{scenarios.NotApplicable, "not applicable"},
	} {
		if n := counts[v.verdict]; n > 0 {
			said = append(said, fmt.Sprintf("%d %s", n, v.words))
		}
	}
	if len(said) == 0 {
		return "no case"
	}
	return strings.Join(said, ", ")
}

// table adds a row for each case, what is not ok first, and gives how many there was room for.
func (p *page) table(entries []entry) int {
	whole := p.max
	p.max = min(p.max, markdownTableMax)
	defer func() { p.max = whole }()
	p.text.WriteString("| case | on | verdict | |\n| --- | --- | --- | --- |\n")
	rows := 0
	for _, green := range []bool{false, true} {
		for i := range entries {
			e := &entries[i]
			if (e.verdict == scenarios.OK) != green {
				continue
			}
			row := fmt.Sprintf("| %s | %s | %s | %s |\n",
				inMarkdown(e.title), inMarkdown(e.parts), verdictMarked(e.verdict), inMarkdown(e.summary))
			if p.fits(row) {
				rows++
			}
		}
	}
	return rows
}

// verdictMarked is the word of a verdict, bold unless it is green.
func verdictMarked(v scenarios.Verdict) string {
	if v == scenarios.OK {
		return v.String()
	}
	return "**" + v.String() + "**"
}

// markdown names the line behind a label; nothing if neither line nor function is known.
func (s spot) markdown(label string) string {
	switch {
	case s.source && s.function != "":
		return fmt.Sprintf("\n%s: %s, in %s\n", label, coded(fmt.Sprintf("%s:%d", s.file, s.line)), coded(s.function))
	case s.source:
		return fmt.Sprintf("\n%s: %s\n", label, coded(fmt.Sprintf("%s:%d", s.file, s.line)))
	case s.function != "":
		return fmt.Sprintf("\n%s: in %s, which is not below the source root\n", label, coded(s.function))
	}
	return ""
}

// details is a violation to unfold: its story, where in the source it happens, its schedule if that is asked for, and
// how to run it again.
func (d *Document) details(e *entry, r *result, schedule bool) string {
	var b strings.Builder
	title := r.name()
	if r.severity != "" {
		title += ", " + r.severity
	}
	fmt.Fprintf(&b, "\n<details>\n<summary><b>%s</b>: %s</summary>\n\n", inHTML(title), inHTML(e.title))
	fmt.Fprintf(&b, "%s\n\n%s", inMarkdown(r.said()), fenced(r.story))
	b.WriteString(r.at.markdown("Where"))
	if r.finding != nil && r.finding.Trace.WindowFrom > 0 {
		b.WriteString(d.spot(r, r.finding.Trace.WindowFrom).markdown("Begins"))
	}
	if schedule && r.finding != nil && r.finding.Schedule != nil {
		b.WriteString("\nThe schedule")
		if r.schedule != "" {
			b.WriteString(", which is in " + coded(r.schedule))
		}
		b.WriteString(":\n\n" + fenced(r.finding.Schedule.Text()))
	}
	if r.replay != "" {
		b.WriteString("\nReplay it:\n\n" + fenced(r.replay))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}
