package report

import (
	"strings"
	"unicode/utf8"
)

// Width is the most columns of a line of text.
const Width = 80

func width(s string) int { return utf8.RuneCountInString(s) }

// wrap breaks a text at spaces into lines of at most columns; a word longer than that is cut. The
// text's own indentation is kept on every line, and what follows the first is indented by two more.
func wrap(text string, columns int) []string { return wrapHanging(text, columns, "  ") }

func wrapHanging(text string, columns int, hang string) []string {
	body := strings.TrimLeft(text, " ")
	indent := strings.Repeat(" ", min(len(text)-len(body), columns/2))
	line := indent
	var lines []string
	fresh := true
	for _, word := range strings.Fields(body) {
		for {
			gap := " "
			if fresh {
				gap = ""
			}
			if width(line)+width(gap)+width(word) <= columns {
				line, fresh = line+gap+word, false
				break
			}
			if !fresh {
				lines = append(lines, line)
			} else {
				head := []rune(word)
				room := columns - width(line)
				lines = append(lines, line+string(head[:room]))
				word = string(head[room:])
			}
			line, fresh = indent+hang, true
		}
	}
	return append(lines, line)
}

// indented wraps a text behind a label; further lines are indented as far, or by two more if the
// label is only space.
func indented(label, text string) []string { return indentedTo(Width, label, text) }

// indentedTo is indented for lines of at most so many columns.
func indentedTo(columns int, label, text string) []string {
	indent, hang := strings.Repeat(" ", width(label)), ""
	if strings.TrimSpace(label) == "" {
		hang = "  "
	}
	var lines []string
	for _, l := range wrapHanging(text, max(columns-width(label), 1), hang) {
		lines = append(lines, indent+l)
	}
	lines[0] = label + lines[0][len(indent):]
	return lines
}

// pad fills a text with spaces up to the columns.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-width(s)))
}
