package mutation

import (
	"fmt"
	"path"
	"strings"
)

// Row is a mutant with all that is known of it.
type Row struct {
	Mutant *Mutant
	Trial  *Trial
	// Same are the spaces of the scenarios in which its function is called, if it survives and all of them are the
	// engine's own; Parted is the first scenario whose space is another, or was not walked to its end.
	Same   []Walked
	Parted string
}

// Outcome is what became of a mutant.
type Outcome int

// The outcomes. A mutant is Red where it changes a scenario's verdict; Seen where an oracle that is silent without it
// rings beside the verdict. An Equal one is the engine, state by state. An Open one survives and is not.
const (
	Red Outcome = iota
	Seen
	Equal
	Open
)

// Outcome is the mutant's.
func (r *Row) Outcome() Outcome {
	switch {
	case r.Trial.Killed != nil:
		return Red
	case len(r.Trial.Beside) > 0:
		return Seen
	case r.Parted == "":
		return Equal
	}
	return Open
}

// Line is the mutant's line of the page.
func (r *Row) Line() string {
	calls := ""
	if d := r.Trial.Traces; d != nil {
		calls = fmt.Sprintf("%s `%s`, and %d more", d.Release, d.Situation, r.Trial.Differing-1)
	}
	m := r.Mutant
	wrong := m.Wrong
	if on := m.On(); on != "" {
		wrong += " (on " + on + ")"
	}
	return fmt.Sprintf("| `%s` | %s | `%s` %s | %s | %s |\n", m.Name, wrong, path.Base(m.File), m.Func, r.fate(), calls)
}

// fate says what became of the mutant.
func (r *Row) fate() string {
	switch r.Outcome() {
	case Red:
		k := r.Trial.Killed
		return fmt.Sprintf("`%s` | %s | %s, %d steps", k.Scenario, k.Oracle, k.Severity, k.Steps)
	case Seen:
		k := r.Trial.Beside[0]
		return fmt.Sprintf("`%s` | %s, beside | %s", k.Scenario, k.Oracle, k.Severity)
	case Equal:
		return "none | none | equivalent"
	}
	return "none | none | **survives**"
}

// Page is the kill table, in Markdown, of mutants that ran in so many scenarios.
func Page(rows []*Row, scenarios int) string {
	var of [Open + 1]int
	held, unknown := 0, 0
	for _, r := range rows {
		of[r.Outcome()]++
		if r.Trial.Traces != nil {
			held++
		}
		if len(r.Trial.Unknown) > 0 {
			unknown++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, len(rows), scenarios, of[Red]+of[Seen], of[Red], of[Seen], of[Equal], of[Open], held)
	b.WriteString("| mutant | what is wrong | where | scenario | oracle | how | recorded calls that differ |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		b.WriteString(r.Line())
	}
	b.WriteString("\n## Equivalent\n\n")
	section(&b, rows, Equal, (*Row).same)
	b.WriteString("\n## What survives\n\n")
	section(&b, rows, Open, (*Row).open)
	return b.String()
}

// section lists the rows of an outcome.
func section(b *strings.Builder, rows []*Row, of Outcome, text func(*Row) string) {
	none := true
	for _, r := range rows {
		if r.Outcome() == of {
			fmt.Fprintf(b, "- `%s`: %s.\n", r.Mutant.Name, text(r))
			none = false
		}
	}
	if none {
		b.WriteString("None.\n")
	}
}

func (r *Row) same() string {
	if len(r.Same) == 0 {
		return "its function is called in no scenario"
	}
	states, names := int64(0), ""
	for i, w := range r.Same {
		states += w.States
		if i > 0 {
			names += ", "
		}
		names += "`" + w.Scenario + "`"
	}
	return fmt.Sprintf("the same %d states in %s", states, names)
}

func (r *Row) open() string {
	text := fmt.Sprintf("%s; it differs in `%s`", r.Mutant.Wrong, r.Parted)
	for _, u := range r.Trial.Unknown {
		text += fmt.Sprintf("; unknown in `%s`: %s", u.Scenario, u.Reason)
	}
	return text + ". Missing: " + r.Mutant.Missing
}

const pageHead = `# Mutants

Small wrong edits of the proposed engine, its locks, its queue, its store and the repair, and what kills each. The
edits are data, testdata/mutants.txt, and this page is written by ` + "`go test ./internal/mutation -rewrite`" + `, which
runs all of them. The same test fails if the text that an edit replaces is no longer there, or if what is said here of
a mutant is no longer so.

A mutant runs in every scenario of the catalogue that is proved without it, in its own scope, those with few states
first, up to the first that kills it. It is killed by a scenario whose verdict it turns red. It is also killed by an
oracle that rings beside the verdict (*beside*), in a scenario which it does not judge, if it is silent there in every
schedule without the mutant. A verdict *unknown* kills nothing.

A mutant that nothing kills is compared with the engine: every state of every scenario in which its function is
called, and every choice in it with its step and its reply, in a search that leaves nothing out. If all of it is the
same, the mutant is equivalent within those scopes; where its function is not called it does what the engine does.

Mutants of what the releases share are also held against the recorded calls of the released classes (conformance.md):
the last column has the first trace that the mutated text does not give, with its release.

%d mutants in %d scenarios: %d killed, %d of them by a verdict and %d beside one; %d equivalent; %d survive. %d give
other calls than the released classes did.

`
