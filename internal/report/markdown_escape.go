package report

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// inMarkdown is a text as it stands in a line of Markdown, and in a cell of a table: one line that means nothing but
// itself.
func inMarkdown(text string) string {
	var b strings.Builder
	for _, r := range html.EscapeString(oneLine(text)) {
		if strings.ContainsRune("\\`*_[]|~!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// inHTML is a text as it stands between the tags of a line of HTML.
func inHTML(text string) string { return html.EscapeString(oneLine(text)) }

// oneLine is a text on one line, without characters that cannot be seen.
func oneLine(text string) string { return strings.Join(strings.Fields(visible(text)), " ") }

// visible puts the replacement character for control characters and broken UTF-8; line ends and tabs stay.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), string(utf8.RuneError)))
}

// fenced is a text as a block of code, between more backticks than are in a row within it.
func fenced(text string) string {
	text = strings.TrimRight(visible(text), "\n")
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", max(3, longest+1))
	return fence + "text\n" + text + "\n" + fence + "\n"
}

// coded is a text as code within a line, which no mark in it ends and no table's stroke.
func coded(text string) string { return "<code>" + inMarkdown(text) + "</code>" }
