package report

import (
	"fmt"
	"strings"
	"unicode"

	"fermata/scenarios/catalogue"
)

// releases says which releases show the same, and how that is known.
func (x *issue) releases() {
	if len(x.u.Cells) == 0 {
		return
	}
	x.section("Which releases")
	var words []string
	names := map[string][]string{}
	for i := range x.u.Cells {
		c := &x.u.Cells[i]
		word := cellWords(c)
		if names[word] == nil {
			words = append(words, word)
		}
		name := strings.TrimPrefix(upstreamOf(c.Case.Engine.Name).title, "Conductor ")
		if c.Proved {
			name += fmt.Sprintf(" (%s)", count(c.Report.States, "state"))
		}
		names[word] = append(names[word], name)
	}
	var items []string
	for _, w := range words {
		items = append(items, w+": "+strings.Join(names[w], ", "))
	}
	x.items(items)
	x.paragraph(fmt.Sprintf("Each was searched for the scenario `%s` on this lock, queue and store: every "+
		"interleaving of the scope %s, up to %d "+
		"states.%s", x.c.Scenario.Name, x.c.FixScope(), catalogue.FixStatesDefault, x.pairs()))
}

// pairs warns of pairs of release and lock that were never released together.
func (x *issue) pairs() string {
	if x.told() {
		return ""
	}
	return " Some of these releases were never shipped with this lock: of them it is what their text would do on it."
}

// cellWords are what a search came to, for a reader who does not know the verdicts.
func cellWords(c *catalogue.MatrixCell) string {
	switch {
	case c.Verdict == catalogue.Violated:
		return fmt.Sprintf("**show it** (`%s`, %s)", c.Oracle, c.Severity)
	case c.Proved:
		return "free of it, proved within that scope"
	case c.Verdict == catalogue.OK:
		return "not found"
	}
	return c.Verdict.String() + " (" + prose(c.Report.Reason) + ")"
}

// fix says which is the smallest change that is proved, and what was tried before.
func (x *issue) fix() {
	if x.u.Fix == nil {
		return
	}
	x.section("The smallest fix that is proved")
	if lock := x.u.Fix.Lock(); lock != nil {
		x.lockFix(lock)
	}
	t := x.u.Fix.Proved()
	if t == nil {
		x.paragraph("**None of those that were tried.** " + x.triedScope() + " What would fix it, this search " +
			"does not say.")
		x.tried()
		return
	}
	x.proved(t)
	x.paragraph(fmt.Sprintf("Proved: every interleaving of that scope, %s (`%s`). That holds within the scope, "+
		"and for what judges this scenario; `fermata matrix --engine %s` shows the "+
		"others.%s", count(t.States, "state"),
		verifyCommand(t.Case), t.Case.Engine.Name, implementable(t.Case)))
	x.paragraph(x.triedScope())
	x.tried()
}

// proved says what is changed in a trial that is proved.
func (x *issue) proved(t *catalogue.FixTrial) {
	release := catalogue.IsRelease(x.c.Engine.Name)
	switch {
	case t.Kind == catalogue.ChangedRelease:
		x.paragraph(fmt.Sprintf("On the text of %s itself, with nothing else changed:", x.at.title))
		x.items(changes(t, &x.at))
		return
	case t.Kind == catalogue.WholeText && release:
		x.paragraph("No change of the release's own text; what is proved is a whole text that comes with Fermata:")
	case t.Kind == catalogue.WholeText:
		x.paragraph("What is proved is a whole text that comes with Fermata:")
	case len(t.Names) == 0:
		x.paragraph("The text of Conductor 3.17.0 as it is.")
		return
	case release:
		x.paragraph("No change of the release's own text; what is proved is the text of Conductor 3.17.0 with:")
	default:
		x.paragraph("What is proved is the text of Conductor 3.17.0 with:")
	}
	if t.Kind == catalogue.WholeText {
		e := t.Case.Engine
		x.items([]string{fmt.Sprintf("`%s`: %s.", e.Name, wholeText(e.Name, e.About))})
		return
	}
	old := upstreamOf("conductor-3.17.0")
	x.items(changes(t, &old))
}

// lockFix is the same engine on the lock of the reports.
func (x *issue) lockFix(t *catalogue.FixTrial) {
	on := "with Redisson's lock (`conductor.app.workflow-execution-lock-enabled=true`, " +
		"`conductor.workflow-execution-lock.type=redis`)"
	if t.Proved {
		x.paragraph(fmt.Sprintf("Without a change of code: the same release %s is free of it, proved in %s.", on,
			count(t.States, "state")))
		return
	}
	x.paragraph(fmt.Sprintf("Another lock does not help: the same release %s: %s.", on, trialWords(t)))
}

func (x *issue) triedScope() string {
	return fmt.Sprintf("Tried in this order, each in every interleaving of the scope %s, of at most %d states: "+
		"the changes of the release's own text, one, then two, then all; the three measures on the text of "+
		"3.17.0; whole texts.", x.u.Fix.Scope,
		catalogue.FixStatesDefault)
}

// tried lists the changes by what they came to.
func (x *issue) tried() {
	var words []string
	names := map[string][]string{}
	for i := range x.u.Fix.Trials {
		t := &x.u.Fix.Trials[i]
		if t.Kind == catalogue.OtherLock {
			continue
		}
		word := trialWords(t)
		if names[word] == nil {
			words = append(words, word)
		}
		names[word] = append(names[word], t.Case.Engine.Name)
	}
	var items []string
	for _, w := range words {
		items = append(items, w+": "+codes(names[w]))
	}
	x.items(items)
}

func trialWords(t *catalogue.FixTrial) string {
	switch {
	case t.Proved:
		return "**proved**, " + count(t.States, "state")
	case t.Verdict == catalogue.Violated:
		return "violation of `" + t.Oracle + "`"
	}
	return t.Verdict.String() + " (" + prose(t.Reason) + ")"
}

// verifyCommand is what proves it again.
func verifyCommand(c *catalogue.Case) string {
	words := []string{"fermata", "verify", "--scenario", c.Scenario.Name, "--engine", c.Engine.Name}
	own := c.Scenario.OwnParts()
	for _, p := range [][3]string{
		{"--lock", c.Lock(), own.Lock}, {"--queue", c.Queue(), own.Queue}, {"--store", c.Store(), own.Store},
	} {
		if p[1] != p[2] {
			words = append(words, p[0], p[1])
		}
	}
	if c.Scope != c.Scenario.Scope {
		words = append(words, "--scope", quoted(c.Scope.String()))
	}
	return strings.Join(words, " ")
}

// findCommand is the command that searches every interleaving of a case's scenario, in its scope for fixes.
func findCommand(c *catalogue.Case) string {
	on := *c
	on.Scope = c.FixScope()
	return verifyCommand(&on)
}

// implementable says what a change needs that these parts do not have.
func implementable(c *catalogue.Case) string {
	if c.Implementable() {
		return ""
	}
	return " It needs a transaction over the task store and the task queue. This queue and store are two " +
		"databases, and have none: the proof is of a deployment that has them in one."
}

// changes are what to change, a text for each name, in the engine's own methods.
func changes(t *catalogue.FixTrial, u *upstreamEngine) []string {
	var items []string
	for _, n := range t.Names {
		text := changeWords[n]
		if n == "atomic-repair" && u.repairsAlways {
			text = repairInSweep
		}
		if n == "remove-first" && t.Terminates {
			text += terminateToo
		}
		items = append(items, fmt.Sprintf("*%s*: %s", n, u.classes().Replace(text)))
	}
	return items
}

// terminateToo is remove-first where terminateWorkflow takes the decider message out at its end, up to 3.21.
const terminateToo = " Nor does `terminateWorkflow` call `deleteLock`: it releases its own hold."

// repairInSweep is the atomic repair where the sweep repairs by itself, since 3.21.23.
const repairInSweep = "in `SWEEPER.sweep`, where a repairable task is looked for by `containsMessage` and then " +
	"pushed: one step in place of the two, which reads the task and its queue again and pushes only if the task " +
	"is SCHEDULED and has no message (one transaction, or one script, over both)."

// changeWords say what each change is, in the classes' names.
var changeWords = map[string]string{
	"lock-first": "`SWEEPER.sweep` acquires the workflow's lock before it reads anything, decides on the copy " +
		"that it read under the lock (`decide(workflow)`), and holds the lock until it has removed or postponed " +
		"the message. If it misses the lock it only postpones.",
	"atomic-repair": "`WorkflowRepairService.verifyAndRepairTask`: in place of `containsMessage` and then `push`, " +
		"one step that reads the task and its queue again and pushes only if the task is SCHEDULED and has no " +
		"message (one transaction, or one script, over both).",
	"remove-first": "`EXECUTOR.completeWorkflow` does not call `releaseLock` and `deleteLock`: whoever acquired " +
		"the lock releases it, which is after `cancelNonTerminalTasks` has taken the workflow out of the decider " +
		"queue.",
	"postpone-missed": "`EXECUTOR.decide(workflowId)`, where it misses the lock: `setUnackTimeoutIfShorter` on " +
		"the decider queue in place of `push`. It brings a message forward that is there, and brings back none " +
		"that was removed.",
	"lock-operators": "`EXECUTOR.retry`, `rerun`, `restart`, `resumeWorkflow`, `pauseWorkflow`, " +
		"`terminateWorkflow(workflowId, reason)`, `skipTaskFromWorkflow` and `resetCallbacksForWorkflow`, " +
		"`ExecutionDAOFacade.removeWorkflow` and `AdminServiceImpl.requeueSweep` acquire the workflow's lock " +
		"before they read it and release it when they are done (the lock is re-entrant: what they call acquires " +
		"again); an operator who cannot have it is refused.",
	"finalize-once": "`EXECUTOR.decide(workflow)` of a workflow that has ended without success, and has no task " +
		"left to cancel, only removes the decider message: no listener is told again.",
	"start-in-decide": "`SubWorkflow.isAsync` is false, as in 3.21.0 to 3.23.0: whoever decides the parent, under " +
		"its lock, starts the sub-workflow.",
	"lock-parent": "where repair makes sure that a parent is in the decider queue: it acquires the parent's lock, " +
		"reads its status again, and pushes only if it has not ended.",
}

// wholeTexts say what the whole texts do, in the engine's own methods.
var wholeTexts = map[string]string{
	"proposed": "the text of 3.17.0 with lock-first, atomic-repair and remove-first",
	"proposed-fenced": "`proposed`, where the lock gives a token with each hold (a number that only grows), " +
		"decide and sweep read and write with the token of their hold, and the store refuses one that is older " +
		"than the newest it has seen",
	"proposed-locked-operators": "`proposed`, and `retry`, `rerun`, `restart`, `resumeWorkflow`, `pauseWorkflow`, " +
		"`terminateWorkflow`, `removeWorkflow`, `requeueSweep`, `skipTaskFromWorkflow` and " +
		"`resetCallbacksForWorkflow` hold the workflow's lock from before they read to their end",
	"proposed-locked-updates": "`proposed`, and `WorkflowExecutor.updateTask` and, for each task that it hands " +
		"out, `ExecutionService.poll` hold the workflow's lock from before they read the task to their last write",
	"proposed-finalized-once": "`proposed`, where a decide of a workflow that has ended without success, and has " +
		"no task left to cancel, tells no listener again",
	"proposed-locked-parents": "`proposed-locked-operators`, where whoever decides a parent starts its " +
		"sub-workflows, an operator holds the locks of all that is above the workflow too, and repair pushes a " +
		"parent under the parent's lock if it has not ended",
	"proposed-whole": "`proposed` with operators, workers' results and polls, and parents under their locks, with " +
		"postponements that no result is lost in, and with an end that is told once",
	"proposed-delivery": "`proposed`; a `decide` that misses the lock makes the workflow's message due if there " +
		"is one; `sweep` postpones by the least that any open task suggests, then reads again and takes that back " +
		"if a task has changed meanwhile; an asynchronous system task's message stays in its queue until the task " +
		"is done",
}

// wholeText says what a whole text does; what is not known says about itself.
func wholeText(engine, about string) string {
	if text := wholeTexts[engine]; text != "" {
		return text
	}
	return prose(about)
}

// IssueTitles are what the releases are called upstream.
func IssueTitles(releases []string) []string {
	var titles []string
	for _, r := range releases {
		at := upstreamOf(r)
		titles = append(titles, at.title)
	}
	return titles
}

// IssueRow is the line of an issue in a table of several: its title, what each of the releases came to, and the
// smallest change that is proved.
func IssueRow(u *Upstream, releases []string) string {
	c := u.Report.Case
	x := &issue{u: u, c: c, f: u.Report.Findings[0], at: upstreamOf(c.Engine.Name)}
	words := []string{fmt.Sprintf("[%s](#%s)", prose(x.title()), anchor(x.title()))}
	for _, r := range releases {
		word := ""
		for i := range u.Cells {
			cell := &u.Cells[i]
			switch {
			case cell.Case.Engine.Name != r:
			case cell.Verdict == catalogue.Violated:
				word = "**red**, " + severityWord(cell)
			default:
				word = cell.Verdict.String()
			}
		}
		words = append(words, word)
	}
	proved := "nothing that was tried"
	if t := u.Fix.Proved(); t != nil {
		proved = "`" + t.Case.Engine.Name + "`"
		if !t.Case.Implementable() {
			proved += ", in one database"
		}
	}
	return "| " + strings.Join(append(words, proved), " | ") + " |"
}

func severityWord(c *catalogue.MatrixCell) string {
	if f := c.Finding(); f != nil {
		return severity(f, "%s")
	}
	return c.Severity.String()
}

// anchor is the name that GitHub gives a heading: small letters, digits and hyphens, and a hyphen for a space.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
