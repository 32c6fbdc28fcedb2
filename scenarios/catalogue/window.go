package catalogue

import (
	"fmt"
	"strings"

	"fermata/model"
)

// openWindow marks the race of a violation that is no stale write: a push that should not have been,
// from what its operation read, or from the creation of the task, to the push; an end that is still
// queued, from the release of the lock to the removal from the decider queue.
func (n *narrator) openWindow(f *Finding) {
	n.trace.WindowFrom, n.trace.WindowTo = n.trace.At, n.trace.At
	if n.trace.At == 0 || n.trace.At > len(n.trace.Steps) {
		return
	}
	if f.Oracle == "task-once" {
		if push := n.lastPush(f.Object); push > 0 {
			n.openAtRead(f.Object, push)
			return
		}
	}
	if f.Oracle == "terminal-is-not-queued" {
		n.trace.WindowTo = n.removal(f.Object)
	}
}

// removal is the first step from the violation on that takes the workflow out of the decider queue.
func (n *narrator) removal(workflow string) int {
	for _, s := range n.trace.Steps[n.trace.At-1:] {
		if s.Text == "queue.remove "+model.DeciderQueue+" "+workflow {
			return s.Number
		}
	}
	return n.trace.At
}

// lastPush is the step that put the task's message, delivered at the violation, into its queue.
func (n *narrator) lastPush(task string) int {
	for i := n.trace.At - 1; i >= 0; i-- {
		words := strings.Fields(n.trace.Steps[i].Text)
		pushes := words[0] == "queue.push" || words[0] == "repair.task" && n.trace.Steps[i].Reply == "pushed"
		if pushes && words[2] == task {
			return i + 1
		}
	}
	return 0
}

// openAtRead opens the window at the look at the workflow that the pushing operation relied on.
func (n *narrator) openAtRead(task string, push int) {
	step := &n.trace.Steps[push-1]
	n.trace.WindowFrom, n.trace.WindowTo = push, push
	read, verb := n.before(step.Actor, push, "dao.createTasks "+task), "created"
	if read == 0 {
		read, verb = n.before(step.Actor, push, "dao.getWorkflow"), "read"
	}
	if read == 0 {
		return
	}
	n.trace.WindowFrom = read
	n.trace.Joins = append(n.trace.Joins, Join{From: read, To: push})
	handed := 0
	for i := read; i < push; i++ {
		if n.trace.Steps[i].Text == "dao.updateTask "+task+" IN_PROGRESS" {
			handed = i + 1
		}
	}
	step.Note = fmt.Sprintf("from what step %d %s", read, verb)
	if handed > 0 {
		n.trace.Notes = append(n.trace.Notes, fmt.Sprintf(
			"Step %d pushed %s on what step %d had %s; a worker had it since step %d.",
			push, task, read, verb, handed))
		return
	}
	n.trace.Notes = append(n.trace.Notes,
		fmt.Sprintf("Step %d pushed %s on what step %d had %s.", push, task, read, verb))
}

// before is the actor's last step whose words begin so before a step, within the same operation; 0 if there
// is none.
func (n *narrator) before(actor string, step int, words string) int {
	for i := step - 2; i >= 0; i-- {
		s := n.trace.Steps[i]
		if s.Actor != actor {
			continue
		}
		if strings.HasPrefix(s.Text+" ", words+" ") {
			return i + 1
		}
		if s.Call != "" {
			return 0
		}
	}
	return 0
}
