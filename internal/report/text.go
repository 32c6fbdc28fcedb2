package report

import (
	"fmt"
	"io"
	"strings"

	"fermata/scenarios/catalogue"
)

// Setup is the full configuration of one search, said before it begins.
type Setup struct {
	Command string
	Case    *catalogue.Case
	// Strategy names what chooses the schedules, or the search; Seed is said if Seeded.
	Strategy string
	Seed     uint64
	Seeded   bool
	// Budget is when the search ends at the latest, in words.
	Budget string
}

// Options say how a report is rendered. The zero value is plain and complete.
type Options struct {
	// Colour paints for a terminal.
	Colour bool
	// Full folds no step of an interleaving.
	Full bool
	// ReplayFlags follow the file in the command that replays it.
	ReplayFlags []string
	// FullFlag is the flag that sets Full, for the reader; "" is replay --full.
	FullFlag string
	// Replay, if not nil, is the command that replays a file; else it is fermata's own.
	Replay func(path string) string
	// Path gives the file in which a finding's schedule is; empty if it is in none. May be nil.
	Path func(*catalogue.Finding) string
	// Seconds is the wall time of the search, of find, verify and check, and PeakMiB the most memory that the process
	// had until its end. 0 is not said.
	Seconds, PeakMiB float64
	// Budget is how many seconds the case was given; 0 is none.
	Budget float64
}

func (o *Options) path(f *catalogue.Finding) string {
	if o.Path == nil {
		return ""
	}
	return o.Path(f)
}

// lines collects lines of text.
type lines struct {
	palette
	text []string
}

func (l *lines) add(text ...string) { l.text = append(l.text, text...) }

func (l *lines) writeTo(w io.Writer) error {
	var b strings.Builder
	for _, t := range l.text {
		b.WriteString(strings.TrimRight(t, " "))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Header writes the configuration as a block.
func Header(w io.Writer, s Setup, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	c := s.Case
	for _, t := range wrap(s.Command+": "+c.Scenario.Name+" on "+c.Engine.Name, Width) {
		l.add(l.bold(t))
	}
	repair := "off"
	if c.RepairService() {
		repair = "on"
	}
	l.add(indented("  ", fmt.Sprintf("lock %s, queue %s, store %s, repair service %s",
		c.Lock(), c.Queue(), c.Store(), repair))...)
	if c.Backing != nil {
		l.add(indented("  ", "every step is taken on "+c.Backing.Name()+" too, and compared")...)
	}
	l.add(indented("  ", "scope "+c.Scope.String())...)
	chosen := s.Strategy
	if s.Seeded {
		chosen += fmt.Sprintf(", seed %d", s.Seed)
	}
	if s.Budget != "" {
		chosen += ", " + s.Budget
	}
	l.add(indented("  ", chosen)...)
	return l.writeTo(w)
}

// Outcome writes what came out: a line or two for a clean case, a screen for a violation.
func Outcome(w io.Writer, r *catalogue.Report, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	switch r.Verdict {
	case catalogue.OK:
		l.clean(r, &o)
	case catalogue.Violated:
		l.violated(r, &o)
	case catalogue.NotApplicable:
		l.labelled(r.Verdict.String(), l.yellow, r.Reason)
	default:
		l.labelled(r.Verdict.String(), l.yellow, r.Reason)
		if r.Command != "verify" {
			l.add(indented("  covered: ", covered(r))...)
		}
		l.covering(r, &o)
		l.spent(r)
		l.accounts(r)
		l.alsoSeen(r)
	}
	return l.writeTo(w)
}

func (l *lines) clean(r *catalogue.Report, o *Options) {
	l.labelled("ok", l.green, cleanWords(r))
	l.covering(r, o)
	l.spent(r)
	l.accounts(r)
	l.left(r)
	l.alsoSeen(r)
}

// cleanWords say what a clean verdict is worth.
func cleanWords(r *catalogue.Report) string {
	switch {
	case r.Proved && r.States > 0:
		return fmt.Sprintf("proved: every interleaving of the scope, %s", count(r.States, "state"))
	case r.Proved && r.Bounded > 0:
		return fmt.Sprintf("proved: every interleaving of the scope, %s", count(r.Bounded, "schedule"))
	case r.Proved:
		return fmt.Sprintf("proved: every interleaving of the scope, %s", count(r.Schedules, "schedule"))
	case r.Command == "replay":
		return "not found in this schedule"
	case r.Exhausted && r.Classes > 0:
		return "every trace class of the scope, " + countOf(r.Classes, "class", "classes")
	case r.BoundCut && r.Classes > 0:
		return fmt.Sprintf("not found in %s, one at least of each trace class with %s",
			count(r.Schedules, "schedule"), bound(r))
	case r.Bounded > 0:
		which := "every one"
		if r.BoundedCut {
			which = "the first"
		}
		return fmt.Sprintf("not found in %s that were sampled, nor in %s, %s with at most %s",
			count(r.Schedules-r.Bounded, "schedule"), count(r.Bounded, "schedule"), which,
			count(int64(r.Preemptions), "preemption"))
	}
	said := fmt.Sprintf("not found in %s", count(r.Schedules, "schedule"))
	if r.BoundCut {
		said += ", every one with " + bound(r)
	}
	return said
}

// labelled adds a text behind a painted label.
func (l *lines) labelled(label string, paint func(string) string, text string) {
	for i, t := range indented(label+"  ", text) {
		if i == 0 {
			t = paint(label) + t[len(label):]
		}
		l.add(t)
	}
}

// alsoSeen tells, a line each, what oracles saw that do not judge the scenario, and which of those did
// not look.
func (l *lines) alsoSeen(r *catalogue.Report) {
	var names []string
	byName := map[string][]*catalogue.Finding{}
	for _, f := range r.AlsoSeen {
		if byName[f.Oracle] == nil {
			names = append(names, f.Oracle)
		}
		byName[f.Oracle] = append(byName[f.Oracle], f)
	}
	for _, name := range names {
		first := byName[name][0]
		said := "  also seen: " + name + severity(first, " (%s)")
		if more := len(byName[name]) - 1; more > 0 {
			said += fmt.Sprintf(" and %d more", more)
		}
		l.add(shorten(said + ": " + first.Message))
	}
	if len(r.NotJudged) > 0 {
		l.add(indented("  not looked at: ", strings.Join(r.NotJudged, ", "))...)
	}
	if len(r.InTheseRuns) > 0 {
		l.add(indented("  in these runs, not in every order: ", strings.Join(r.InTheseRuns, ", "))...)
	}
}

// severity says how bad a finding is, in the given form; nothing if that is not known.
func severity(f *catalogue.Finding, form string) string {
	switch f.Severity {
	case catalogue.Permanent:
		return fmt.Sprintf(form, f.Severity)
	case catalogue.Heals:
		how := "heals at once"
		if f.HealsAfter > 0 {
			how = fmt.Sprintf("heals after %s", f.HealsAfter)
		}
		if f.HealedBy != "" {
			how += ", by " + f.HealedBy
		}
		return fmt.Sprintf(form, how)
	}
	return ""
}

// shorten cuts a line that is too wide.
func shorten(s string) string { return cut(s, Width) }

// cut cuts a line that has more than so many columns, and says so by three dots, if there is room for them.
func cut(s string, columns int) string {
	switch {
	case width(s) <= columns:
		return s
	case columns <= 3:
		return string([]rune(s)[:max(columns, 0)])
	}
	return strings.TrimRight(string([]rune(s)[:columns-3]), " ") + "..."
}

// Count is a number of things, as "1 state" or "2 states".
func Count(n int64, noun string) string { return count(n, noun) }

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
