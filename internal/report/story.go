package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// screen is the most lines that a violation should take, and tableMin the least that its
// interleaving gets of them.
const (
	screen   = 40
	tableMin = 10
)

// violated tells the first finding on one screen, and of any other what is needed to look at it.
func (l *lines) violated(r *catalogue.Report, o *Options) {
	f := r.Findings[0]
	head := &lines{palette: l.palette}
	head.headline(r, f, o)
	foot := &lines{palette: l.palette}
	foot.states(f.Trace)
	foot.others(r, o)
	foot.replay(f, o)
	budget := max(screen-len(head.text)-len(foot.text), tableMin)
	if o.Full {
		budget = 0
	}
	l.add(head.text...)
	l.interleaving(f.Trace, budget, o)
	l.add(foot.text...)
}

// headline says in a sentence what happened and what is lost.
func (l *lines) headline(r *catalogue.Report, f *catalogue.Finding, o *Options) {
	title := f.Oracle
	if f.Object != "" {
		title += " of " + f.Object
	}
	title += severity(f, ", %s")
	for i, t := range indented("VIOLATION  ", title) {
		if i == 0 {
			t = l.red("VIOLATION") + t[len("VIOLATION"):]
		}
		l.add(t)
	}
	l.add(indented("  ", f.Message)...)
	for _, n := range f.Trace.Notes {
		l.add(indented("  ", n)...)
	}
	if r.Command == "replay" {
		return
	}
	if r.Reason != "" {
		l.add(indented("  ", r.Reason)...)
	}
	said := fmt.Sprintf("%s, shrunk to %s", foundIn(r), count(int64(f.Steps), "step"))
	if f.Switches == 1 {
		said += " and 1 forced switch"
	} else {
		said += fmt.Sprintf(" and %d forced switches", f.Switches)
	}
	if f.Case != nil && f.Case.Scope != r.Case.Scope {
		said += " with " + f.Case.Scope.String()
	}
	l.add(indented("  ", said)...)
	l.covering(r, o)
	l.spent(r)
	l.accounts(r)
}

// foundIn says how long a search took. find stops within the schedule that violates.
func foundIn(r *catalogue.Report) string {
	switch r.Command {
	case "find":
		if len(r.Stages) > 0 && slices.Contains(catalogue.Searches(), r.Strategy) {
			break // of a budget's searches, one that does not sample
		}
		return fmt.Sprintf("found by %sschedule %d, after %s", finder(r), r.Schedules+1, count(r.Steps, "step"))
	case "shrink":
		return fmt.Sprintf("replayed in %s", count(r.Steps, "step"))
	}
	return "found by search " + r.Strategy
}

// interleaving draws the steps; budget is the most lines for it, 0 for no limit.
func (l *lines) interleaving(t *catalogue.Trace, budget int, o *Options) {
	l.add("")
	drawn, folded := draw(t, budget-2, budget == 0)
	l.add(drawn...)
	if folded {
		l.add(l.dim("  (" + cmp.Or(o.FullFlag, "replay --full") + " shows every step)"))
	}
}

// states sets the state at the end beside the one after settling. What the listener was called is no
// state, and stands below.
func (l *lines) states(t *catalogue.Trace) {
	l.add("")
	calls := slices.DeleteFunc(slices.Clone(t.Final), func(f string) bool { return !called(f) })
	final := slices.DeleteFunc(slices.Clone(t.Final), called)
	settled := slices.DeleteFunc(slices.Clone(t.Settled), called)
	settling := "after settling"
	if t.SettleTime > 0 {
		settling += fmt.Sprintf(", %s later", t.SettleTime)
	}
	switch {
	case len(settled) == 0:
		l.facts("at the end:", t.Final)
	case slices.Equal(final, settled):
		l.facts("at the end, and the same "+settling+":", t.Final)
	default:
		l.sideBySide("at the end", final, settling, settled)
		for _, c := range calls {
			l.add(wrap(c, Width)...)
		}
	}
}

// called tells a fact about the run's calls of the listener from one about the state.
func called(fact string) bool { return strings.Contains(fact, " listener: ") }

func (l *lines) sideBySide(leftTitle string, left []string, rightTitle string, right []string) {
	const half = Width / 2
	lefts, rights := []string{leftTitle}, []string{rightTitle}
	for _, s := range left {
		lefts = append(lefts, wrap("  "+s, half-2)...)
	}
	for _, s := range right {
		rights = append(rights, wrap("  "+s, half-2)...)
	}
	for i := range max(len(lefts), len(rights)) {
		l.add(pad(at(lefts, i), half) + at(rights, i))
	}
}

// facts puts a state into few lines: what is indented below a fact follows it.
func (l *lines) facts(title string, facts []string) {
	l.add(title)
	var joined []string
	for _, f := range facts {
		if strings.HasPrefix(f, " ") && len(joined) > 0 {
			joined[len(joined)-1] += "; " + strings.TrimSpace(f)
		} else {
			joined = append(joined, f)
		}
	}
	for _, f := range joined {
		l.add(indented("  ", f)...)
	}
}

func at(ss []string, i int) string {
	if i < len(ss) {
		return ss[i]
	}
	return ""
}

// others tells what else was found, a line or two each.
func (l *lines) others(r *catalogue.Report, o *Options) {
	if len(r.Findings) > 1 || len(r.AlsoSeen) > 0 {
		l.add("")
	}
	for _, f := range r.Findings[1:] {
		l.add(shorten(fmt.Sprintf("  and: %s%s: %s", f.Oracle, severity(f, " (%s)"), f.Message)))
		if p := o.path(f); p != "" {
			l.add("    " + o.replayCommand(p))
		}
	}
	l.alsoSeen(r)
}

func (l *lines) replay(f *catalogue.Finding, o *Options) {
	if p := o.path(f); p != "" {
		l.add("", "replay it:", "  "+l.bold(o.replayCommand(p)))
	}
}

func (o *Options) replayCommand(path string) string {
	if o.Replay != nil {
		return o.Replay(path)
	}
	return ReplayCommand(path, o.ReplayFlags...)
}

// ReplayCommand is the command that replays the schedule in a file.
func ReplayCommand(path string, flags ...string) string {
	words := []string{"fermata", "replay", quoted(path)}
	for _, f := range flags {
		words = append(words, quoted(f))
	}
	return strings.Join(words, " ")
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t'\"$&;|<>()*?[]\\`") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
