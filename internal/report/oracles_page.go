package report

import (
	"fmt"
	"io"
	"strings"

	"fermata/scenarios"
)

// OraclesPage writes the page that explains the oracles, which a SARIF log leads to: a section each.
func OraclesPage(w io.Writer, oracles []scenarios.OracleInfo, all []*scenarios.Scenario) error {
	var b strings.Builder
	b.WriteString("# The oracles\n\n" +
		"What is judged, and by which scenarios. This page is written from what `fermata explain ORACLE` says,\n" +
		"which has the interleavings too.\n")
	for _, o := range oracles {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", o.Name, capital(o.About))
		if len(o.Text) > 0 {
			b.WriteString("\n" + strings.Join(o.Text, "\n") + "\n")
		}
		var judged []string
		for _, s := range all {
			for _, name := range s.Judged {
				if name == o.Name {
					judged = append(judged, "`"+s.Name+"`")
				}
			}
		}
		if len(judged) > 0 {
			b.WriteString("\nJudges " + strings.Join(judged, ", ") + ".\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
