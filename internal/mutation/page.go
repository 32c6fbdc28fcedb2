package mutation

import (
	"fmt"
	"path"
	"slices"
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

// Add adds what came out in one more scope.
func (r *Row) Add(t *Trial) {
	if r.Trial == nil {
		r.Trial = t
		return
	}
	r.Trial.Killed = t.Killed
	r.Trial.Beside = append(r.Trial.Beside, t.Beside...)
	r.Trial.Unknown = append(r.Trial.Unknown, t.Unknown...)
}

// Outcome is what became of a mutant.
type Outcome int

// The outcomes, the first that holds.
const (
	Red   Outcome = iota // it turns a scenario's verdict red
	Seen                 // an oracle rings beside the verdict that is silent without it
	Held                 // the released classes make other calls, and no oracle rings
	Equal                // it is the engine, state by state
	Open                 // it survives, and is not
	outcomes
)

// Outcome is the mutant's.
func (r *Row) Outcome() Outcome {
	switch {
	case r.Trial.Killed != nil:
		return Red
	case len(r.Trial.Beside) > 0:
		return Seen
	case r.Trial.Traces != nil:
		return Held
	case r.Parted == "":
		return Equal
	}
	return Open
}

// Killed tells whether an oracle rings.
func (r *Row) Killed() bool { return r.Outcome() <= Seen }

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

// fate says what became of the mutant, in three cells.
func (r *Row) fate() string {
	switch r.Outcome() {
	case Red:
		k := r.Trial.Killed
		return fmt.Sprintf("%s | %s | %s, in %d", k.where(), k.Oracle, k.Severity, k.Steps)
	case Seen:
		k := r.Trial.Beside[0]
		return fmt.Sprintf("%s | %s, beside | %s", k.where(), k.Oracle, k.Severity)
	case Held:
		return "none | none | by the recorded calls alone"
	case Equal:
		return "none | none | equivalent"
	}
	return "none | none | **survives**"
}

// where names the scenario, with what was changed of its scope.
func (k *Kill) where() string {
	if k.Scope == "" {
		return "`" + k.Scenario + "`"
	}
	return "`" + k.Scenario + "`, " + k.Scope
}

// Page is the kill table, in Markdown, of mutants that ran in so many scenarios.
func Page(rows []*Row, scenarios int) string {
	var of [outcomes]int
	held := 0
	for _, r := range rows {
		of[r.Outcome()]++
		if r.Trial.Traces != nil {
			held++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, len(rows), scenarios, of[Red], of[Seen], of[Held], of[Equal], of[Open], held)
	b.WriteString("| mutant | what is wrong | where | scenario | oracle | how | recorded calls that differ |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		b.WriteString(r.Line())
	}
	b.WriteString("\n## Equivalent\n\n")
	section(&b, rows, (*Row).same, Equal)
	b.WriteString("\n## What no oracle sees\n\n")
	section(&b, rows, (*Row).open, Held, Open)
	return b.String()
}

// section lists the rows of some outcomes.
func section(b *strings.Builder, rows []*Row, text func(*Row) string, of ...Outcome) {
	none := true
	for _, r := range rows {
		if slices.Contains(of, r.Outcome()) {
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
	states := int64(0)
	for _, w := range r.Same {
		states += w.States
	}
	return fmt.Sprintf("the same %d states in the %d scenarios in which its function is called",
		states, len(r.Same))
}

func (r *Row) open() string {
	text := fmt.Sprintf("%s; it differs in `%s`", r.Mutant.Wrong, r.Parted)
	if r.Parted == "" {
		text = r.Mutant.Wrong + "; " + r.same()
	}
	for _, u := range r.Trial.Unknown[:min(1, len(r.Trial.Unknown))] {
		text += fmt.Sprintf("; unknown in `%s`: %s", u.Scenario, u.Reason)
	}
	return text + ". Missing: " + r.Mutant.Missing
}

const pageHead = `# Mutants

Small wrong edits of the proposed engine, its locks, its queue, its store and the repair, and what kills each. The
edits are data, testdata/mutants.txt; ` + "`go test ./internal/mutation -rewrite`" + ` runs all of them and writes this
page. The same test fails if the text that an edit replaces is no longer there, or if what is said here of
a mutant is no longer so.

A mutant runs in every scenario of the catalogue that is proved without it, on what it is proved on and in its own
scope, those with few states first, up to the first whose verdict it turns red: in so many steps, shrunk. If there is
none, it is killed by an oracle that rings *beside* the verdict, in a scenario which it does not judge, where in no
schedule without the mutant it rings as badly. If there is none either, all of it is done again with a crash of a
sweeper (faults=1). A verdict *unknown* kills nothing.

A mutant that no oracle sees is compared with the engine: every state of every scenario in which its function is
called, and every choice in it with its step and its reply, in a search that leaves nothing out. If all of it is the
same, the mutant is equivalent within those scopes; where its function is not called it does what the engine does.

Mutants of what the releases share are also held against the recorded calls of the released classes (conformance.md):
the last column has the first trace that the mutated text does not give, with its release.

%d mutants in %d scenarios: a verdict kills %d, an oracle beside it %d, the recorded calls alone %d; %d are equivalent
and %d survive. %d make other calls than the released classes.

`
