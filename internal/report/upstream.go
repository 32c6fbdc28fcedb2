package report

import (
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"fermata/model"
	"fermata/scenarios/catalogue"
)

// Upstream is what an issue text for the engine's maintainers is written from.
type Upstream struct {
	Report *catalogue.Report
	// Fix and Cells are what was searched beside the replay; nil without a violation.
	Fix   *catalogue.FixSearch
	Cells []catalogue.MatrixCell
	// Replay is the command that replays the schedule.
	Replay string
	// File, if not empty, leads to the schedule's file, which is then not written out.
	File string
	// Full folds no step.
	Full bool
	// Level is the number of marks before the title; 0 is 1.
	Level int
}

// issueLines is the most lines that the interleaving of an issue gets without Full.
const issueLines = 100

// issue is an issue text while it is written.
type issue struct {
	strings.Builder
	u    *Upstream
	f    *catalogue.Finding
	c    *catalogue.Case
	at   upstreamEngine
	deep int
}

// WriteIssue writes an issue text, ready to file, of the violation that a replay shows; of any other replay it says
// what came out. The same input gives the same bytes.
func WriteIssue(w io.Writer, u *Upstream) error {
	x := &issue{u: u, c: u.Report.Case, at: upstreamOf(u.Report.Case.Engine.Name), deep: max(u.Level, 1)}
	if u.Report.Verdict != catalogue.Violated {
		x.nothing()
	} else {
		x.f = u.Report.Findings[0]
		x.violation()
	}
	_, err := io.WriteString(w, x.String())
	return err
}

// nothing says that there is nothing to report.
func (x *issue) nothing() {
	r := x.u.Report
	x.heading(0, fmt.Sprintf("No violation: %s on %s", x.c.Scenario.Name, x.at.title))
	switch {
	case r.Verdict == catalogue.OK:
		x.paragraph(fmt.Sprintf("The schedule was replayed on %s: %s, scope %s. It shows no violation of what judges "+
			"the scenario (%s). That is one interleaving, and no proof.", partsOf(x.c), x.at.title, x.c.Scope,
			codes(x.c.Scenario.Judged)))
	default:
		x.paragraph(fmt.Sprintf("Verdict: **%s**. %s", r.Verdict, prose(sentence(r.Reason))))
	}
	for _, f := range r.AlsoSeen {
		x.paragraph(fmt.Sprintf("Also seen, and not judging the scenario: `%s`: %s", f.Oracle,
			prose(sentence(f.Message))))
	}
	x.replayIt()
}

func (x *issue) violation() {
	x.heading(0, x.title())
	x.what()
	x.details()
	x.interleaving()
	x.consequence()
	x.releases()
	x.fix()
	x.reproduce()
	x.known()
}

// title is the scenario's own sentence. On another lock than the scenario is told of it is what the run shows.
func (x *issue) title() string {
	said := x.c.Scenario.About
	if !x.told() {
		said = x.f.Message
	}
	return fmt.Sprintf("%s (%s%s)", capital(said), x.at.title, x.otherParts())
}

// told tells whether the scenario's story is of the lock of this run.
func (x *issue) told() bool { return x.c.Lock() == x.c.Scenario.OwnParts().Lock }

// otherParts names the parts in the title that are not the first of their kind.
func (x *issue) otherParts() string {
	said := ""
	for _, p := range [][3]string{
		{"lock", x.c.Lock(), catalogue.Locks()[0]}, {"queue", x.c.Queue(), catalogue.Queues()[0]},
		{"store", x.c.Store(), catalogue.Stores()[0]},
	} {
		if p[1] != p[2] {
			said += ", " + p[0] + " " + p[1]
		}
	}
	return said
}

func (x *issue) heading(below int, text string) {
	if x.Len() > 0 {
		x.WriteByte('\n')
	}
	fmt.Fprintf(x, "%s %s\n", strings.Repeat("#", x.deep+below), prose(text))
}

func (x *issue) section(title string) { x.heading(1, title) }

// paragraph adds Markdown in lines of the width of the repository's pages.
func (x *issue) paragraph(text string) { x.WriteString("\n" + filled(text, "") + "\n") }

func (x *issue) items(items []string) {
	x.WriteByte('\n')
	for _, i := range items {
		x.WriteString("- " + filled(i, "  ") + "\n")
	}
}

// filled breaks a text at spaces into lines of at most 118 columns, with an indent before each but the first. A longer
// word, as a link may be, has a line of its own.
func filled(text, indent string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case b.Len() == 0:
		case column+1+width(word) <= 118:
			b.WriteByte(' ')
			column++
		default:
			b.WriteString("\n" + indent)
			column = width(indent)
		}
		b.WriteString(word)
		column += width(word)
	}
	return b.String()
}

// what says what happens: the scenario's own words, then this run's.
func (x *issue) what() {
	x.section("What happens")
	s := x.c.Scenario
	if x.told() {
		x.paragraph(prose(strings.Join(s.Story, " ")))
		x.paragraph("Cause: " + prose(sentence(s.Cause)))
	}
	run := []string{sentence(x.f.Message)}
	for _, n := range x.f.Trace.Notes {
		run = append(run, sentence(n))
	}
	x.paragraph("In the run below: " + prose(strings.Join(run, " ")))
	x.paragraph(fmt.Sprintf("What is violated (oracle `%s`): %s", x.f.Oracle, prose(oracleWords(x.f.Oracle))))
}

// oracleWords say what an oracle judges.
func oracleWords(name string) string {
	for _, o := range catalogue.Oracles() {
		if o.Name == name {
			return strings.Join(append([]string{sentence(o.About)}, o.Text...), " ")
		}
	}
	return sentence(name)
}

// details are the versions and settings, as the project's form for bugs asks for them.
func (x *issue) details() {
	x.section("Details")
	on := x.f.Case
	x.items([]string{
		"Conductor version: " + strings.TrimPrefix(x.at.title, "Conductor "),
		"Persistence implementation: " + storeWords[on.Store()],
		"Queue implementation: " + queueWords[on.Queue()],
		"Lock: " + lockWords[on.Lock()],
		"Workflow definition: " + definitions(on.Definitions()),
		"Threads, " + x.servers(),
	})
	x.paragraph("The settings that matter, as the run had them:")
	x.WriteString("\n```properties\n" + strings.Join(properties(on, &x.at), "\n") + "\n```\n")
	x.paragraph(x.provenance())
}

// servers says who acts in the run.
func (x *issue) servers() string {
	var names []string
	for _, a := range actorsOf(x.f.Trace) {
		if a != "clock" && a != "fault" {
			names = append(names, a)
		}
	}
	said := "each on a server of its own: "
	if x.f.Case.Lock() == "local" {
		said = "threads of one server: "
	}
	return said + codes(names)
}

// definitions are the workflow definitions, in words.
func definitions(defs []model.WorkflowDef) string {
	var said []string
	for i := range defs {
		text := ""
		if len(defs) > 1 {
			text = "`" + defs[i].Name + "`: "
		}
		said = append(said, text+tasksInWords(defs[i].Tasks))
	}
	return strings.Join(said, "; ")
}

func tasksInWords(tasks []model.WorkflowTask) string {
	var said []string
	for i := range tasks {
		t := &tasks[i]
		word := fmt.Sprintf("%s `%s`", t.Type, t.Ref)
		var branches []string
		for _, b := range t.ForkTasks {
			branches = append(branches, tasksInWords(b))
		}
		if len(branches) > 0 {
			word += " of (" + strings.Join(branches, ") and (") + ")"
		}
		said = append(said, word)
	}
	return strings.Join(said, ", then ")
}

// provenance says what the run is a run of.
func (x *issue) provenance() string {
	said := "The run is of Fermata, a deterministic harness: the engine's methods as text in Go, one after the " +
		"other as in the Java, over a lock, a queue and a store in memory, where every call of one of those is a " +
		"step that a schedule orders."
	switch {
	case x.at.compared != "" && !strings.HasSuffix(x.c.Engine.Name, "-"+x.at.compared):
		said += fmt.Sprintf(" The text is held call for call against the classes of %s, which stand for it: Fermata's "+
			"`docs/conformance.md` says where the two differ.", x.at.compared)
	case x.at.compared != "":
		said += fmt.Sprintf(" The text is held call for call against the classes of %s.", x.at.compared)
	default:
		said += " No released classes are held against this text as a whole; what it shares with other releases is."
	}
	return said
}

// interleaving draws the run, a column for each actor, in the engine's own names.
func (x *issue) interleaving() {
	x.section("The interleaving")
	x.paragraph("Time goes down, a column is a thread, and a line is one call that takes effect at once. The " +
		"names that end in a colon are the methods that make the calls below them; the bar is where the race is open.")
	x.WriteString("\n" + fenced(strings.Join(x.drawn(), "\n")))
}

func (x *issue) drawn() []string {
	t := x.f.Trace
	shown := make([]bool, len(t.Steps))
	for i := range shown {
		shown[i] = true
	}
	named := inJava(t, &x.at)
	whole := layOut(named, foldRows(named, shown), true)
	if x.u.Full || len(whole) <= issueLines {
		return whole
	}
	return layOut(named, foldRows(named, heaviest(t, issueLines/2)), true)
}

// consequence is the severity, and the state that is left.
func (x *issue) consequence() {
	x.section("Consequence")
	t := x.f.Trace
	switch {
	case x.f.Severity == catalogue.Permanent:
		x.paragraph("**Permanent**: when sweeps, polls, completions and timeouts go on after it, fairly and until " +
			"nothing changes any more, it is not undone.")
	case x.f.HealsAfter == 0:
		x.paragraph("**It heals at once**: the calls that follow undo it, before any time has passed. Whoever " +
			"looks in between sees it.")
	default:
		x.paragraph(fmt.Sprintf("**It heals after %s** of virtual time, when sweeps, polls, completions and "+
			"timeouts go on.",
			x.f.HealsAfter))
	}
	x.paragraph("At the end of the run:")
	x.WriteString("\n" + fenced(strings.Join(t.Final, "\n")))
	final := slices.DeleteFunc(slices.Clone(t.Final), called)
	settled := slices.DeleteFunc(slices.Clone(t.Settled), called)
	if len(settled) == 0 {
		return
	}
	later := ""
	if t.SettleTime > 0 {
		later = fmt.Sprintf(", %s later", t.SettleTime)
	}
	if slices.Equal(final, settled) {
		x.paragraph("After everything has settled" + later + ": the same.")
		return
	}
	x.paragraph("After everything has settled" + later + ":")
	x.WriteString("\n" + fenced(strings.Join(settled, "\n")))
}

// reproduce are the commands, and the schedule as a file.
func (x *issue) reproduce() {
	x.section("To reproduce")
	x.paragraph("With Fermata (Go, no server needed): `" + findCommand(x.f.Case) + "` finds it, and a schedule " +
		"replays it:")
	x.WriteString("\n```\n" + x.u.Replay + "\n```\n")
	if x.u.File != "" {
		x.paragraph("The schedule: [" + prose(path.Base(x.u.File)) + "](" + x.u.File + ").")
		return
	}
	x.WriteString("\n<details>\n<summary>The schedule, as the file that is replayed</summary>\n\n")
	x.WriteString(fenced(x.f.Schedule.Text()))
	x.WriteString("\n</details>\n")
}

func (x *issue) replayIt() {
	x.WriteString("\n```\n" + x.u.Replay + "\n```\n")
}

// known are the reports of the same race.
func (x *issue) known() {
	issues := x.c.Scenario.Issues
	if len(issues) == 0 {
		return
	}
	x.section("Known reports")
	var links []string
	for _, i := range issues {
		links = append(links, issueLink(i))
	}
	x.paragraph("Reports and pull requests of the race that the scenario is about: " + strings.Join(links, ", ") + ".")
}

// issueLink is a report as a link; one whose repository is not known stays a word.
func issueLink(issue string) string {
	repository, number, ok := strings.Cut(issue, "#")
	switch {
	case repository == "conductor":
		repository = "conductor-oss/conductor"
	case repository == "netflix/conductor":
		repository = "Netflix/conductor"
	case repository == "dyno-queues":
		repository = "Netflix/dyno-queues"
	case !strings.Contains(repository, "/"):
		ok = false
	}
	if !ok || strings.Trim(number, "0123456789") != "" {
		return prose(issue)
	}
	return fmt.Sprintf("[%s#%s](https://github.com/%s/issues/%s)", repository, number, repository, number)
}

// sentence ends a text with a full stop if nothing does.
func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// withinWord is an underscore that means nothing in Markdown but itself.
var withinWord = regexp.MustCompile(`(\w)\\_(\w)`)

// prose is inMarkdown for running text: a quote is a quote, and an underscore within a word one.
func prose(text string) string {
	text = strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(inMarkdown(text))
	return withinWord.ReplaceAllString(text, "${1}_${2}")
}

// codes lists names as code.
func codes(names []string) string {
	var said []string
	for _, n := range names {
		said = append(said, "`"+n+"`")
	}
	return strings.Join(said, ", ")
}
