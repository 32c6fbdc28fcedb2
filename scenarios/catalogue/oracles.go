package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// oracle is one named judgement.
type oracle struct {
	name  string
	about string
	text  []string
	watch func(in *instance) monitor
	// histories tells that the oracle judges histories. A search that caches states keeps histories
	// apart only where an oracle that judges the scenario needs them.
	histories bool
	// heals tells whether the world no longer shows the violation of that object; nil if it is about
	// something that cannot be taken back.
	heals func(w *world.World, object string) bool
}

// OracleInfo says what an oracle judges.
type OracleInfo struct {
	Name, About string
	Text        []string
}

// Oracles lists every oracle in the order in which they are shown.
func Oracles() []OracleInfo {
	infos := make([]OracleInfo, len(oracles))
	for i, o := range oracles {
		infos[i] = OracleInfo{o.name, o.about, o.text}
	}
	return infos
}

// oracleNamed gives an oracle by its name; nil if there is none.
func oracleNamed(name string) *oracle {
	for i := range oracles {
		if oracles[i].name == name {
			return &oracles[i]
		}
	}
	return nil
}

// historyOracles names the oracles that judge histories.
func historyOracles() []string {
	var names []string
	for i := range oracles {
		if oracles[i].histories {
			names = append(names, oracles[i].name)
		}
	}
	return names
}

var oracles []oracle

func init() { oracles = allOracles() }

func allOracles() []oracle {
	return []oracle{
		{
			name: "terminal-stays", about: "no workflow leaves a terminal status without retry, rerun or restart",
			text: []string{
				"A workflow that is COMPLETED, FAILED, TIMED_OUT or TERMINATED stays so until an operator",
				"retries, reruns or restarts it. The oracle looks at every write of a workflow's record.",
			},
			watch: func(*instance) monitor { return terminalStays{} }, heals: workflowEnded,
		},
		{
			name: "first-terminal-wins", about: "the first terminal status of a workflow is the one that stays",
			text: []string{
				"A terminal status is never replaced by another one: COMPLETED stays COMPLETED.",
			},
			watch: func(*instance) monitor { return firstTerminalWins{} },
		},
		{
			name: "listener-once", about: "a workflow's end is announced once",
			text: []string{
				"The completed or terminated listener is called at most once for each time that a workflow",
				"ends, and the finalized listener at most once. At rest each of the two has been called for a",
				"workflow that ended, unless a fault hit the operation that ended it.",
			},
			watch: func(in *instance) monitor { return newListenerOnce(in) },
		},
		{
			name:  "listener-order",
			about: "the finalized listener is called after the completed or terminated one",
			text: []string{
				"Who hears that a workflow is finalized has heard before how it ended. Since 3.21.9 the releases",
				"tell of a termination after it is final.",
			},
			watch: func(in *instance) monitor { return newListenerOrder(in) },
		},
		{
			name: "running-is-queued", about: "at rest, a RUNNING workflow has a message in the decider queue",
			text: []string{
				"Only the decider queue leads the sweeper to a workflow. One that is RUNNING without a message",
				"there is swept no more, and stays RUNNING for ever. The oracle looks at the end of a run.",
			},
			watch: func(*instance) monitor { return runningIsQueued{} }, heals: queuedOrNotRunning,
		},
		{
			name:  "terminal-is-not-queued",
			about: "whenever nobody holds its lock, a workflow at its end has left the decider queue",
			text: []string{
				"Others may look at a workflow as soon as its lock is free. By then it must have left the",
				"decider queue, or they find a finished workflow that asks to be decided. It may stay where a",
				"fault hit the operation that ended it: the next sweep takes it out.",
			},
			watch: func(*instance) monitor { return terminalIsNotQueued{said: map[ended]phrase{}} },
			heals: notQueuedOrNotEnded,
		},
		{
			name: "ended-is-dequeued", about: "at rest, a workflow that has ended has no message in the decider queue",
			text: []string{
				"A message of a workflow that has ended is swept for nothing. That it is there for a moment is what",
				"terminal-is-not-queued sees; this oracle looks at the end of a run, when nobody is about to take it.",
			},
			watch: func(*instance) monitor { return endedIsDequeued{} }, heals: notQueuedOrNotEnded,
		},
		{
			name: "status-and-entry", about: "status and decider entry, looked at under the lock, change together",
			text: []string{
				"The operations of a run, with an audit that reads status and decider entry under the lock, must",
				"be linearizable: as if the operation that ends the workflow set (terminal, absent) at once.",
				"Of one that a fault hit the entry may stay. A history without a witness is judged by porcupine.",
			},
			watch: func(in *instance) monitor { return watchLinear(in, newEntryLinear) }, histories: true,
		},
		{
			name: "workflow-linearizable", about: "what operations return about a workflow's status is linearizable",
			text: []string{
				"Each operation takes effect at one moment between its call and its return, makes only the",
				"transitions that its name allows, and a terminal status is left only by retry, rerun or restart.",
				"A history without a witness is judged by porcupine.",
			},
			watch: func(in *instance) monitor { return watchLinear(in, newWorkflowLinear) }, histories: true,
		},
		{
			name: "task-unique", about: "a workflow has one task for each reference, retry and iteration",
			text: []string{
				"Two task rows of one workflow with the same reference, retry count and iteration are one task",
				"scheduled twice.",
			},
			watch: func(*instance) monitor { return &taskUnique{} },
		},
		{
			name: "task-once", about: "a task is handed out at most once an epoch",
			text: []string{
				"An epoch opens when a task is scheduled or retried, when its worker postpones it, and when a",
				"delivered message becomes visible again; a repair's push opens one only if the task was SCHEDULED",
				"and without a message at that very step. Scheduling and a repair that came before its push are one",
				"epoch. A task that is handed out a second time in one epoch is executed twice. A task that the",
				"engine executes itself is with who popped it until the result is written, and meanwhile a repair's",
				"push opens no epoch.",
			},
			watch: func(in *instance) monitor { return newTaskOnce(in) },
		},
		{
			name:  "first-terminal-task-wins",
			about: "a worker's task that has ended stays as it has ended",
			text: []string{
				"The status of a SIMPLE task that is COMPLETED, FAILED, TIMED_OUT or CANCELED is not replaced, but for",
				"that of an optional task, which becomes COMPLETED_WITH_ERRORS, and by an operator's retry, rerun or",
				"restart. The oracle looks at every write of a task's row.",
			},
			watch: func(*instance) monitor { return firstTerminalTaskWins{} },
		},
		{
			name:  "message-has-task",
			about: "what is pushed into a task's queue is the id of a task",
			text: []string{
				"A message whose task the store does not have leads a worker to nothing, and was pushed for a task",
				"that was never made.",
			},
			watch: func(*instance) monitor { return messageHasTask{} }, heals: messageGone,
		},
		{
			name:  "lock-discipline",
			about: "what deciding writes, it writes under the lock; no one releases what another holds",
			text: []string{
				"While a sweep, a decide or a task update writes a workflow's record, creates tasks, calls the",
				"listener, or moves the workflow in the decider queue, the same actor holds the workflow's lock.",
				"A release by an actor that does not hold the lock is a violation too, though RedisLock swallows it.",
			},
			watch: func(*instance) monitor { return lockDiscipline{said: map[breach]phrase{}} },
		},
		{
			name: "mutual-exclusion", about: "whoever was told that it has a lock has it alone until it gives it up",
			text: []string{
				"An actor has a workflow's lock from an acquire that succeeds to as many releases of its own. If",
				"another is told meanwhile that it has it, and the first lives, two decide one workflow at once: the",
				"lease ended, the lock was deleted under its holder, or someone released what it did not hold.",
				"Where locks are disabled an actor is inside from its read of the workflow to the end of its",
				"operation. The oracle watches only where it judges.",
			},
			watch: watchExclusion,
		},
		{
			name: "no-orphan", about: "at rest, no sub-workflow runs whose parent has ended",
			text: []string{
				"A workflow that ends ends its sub-workflows. One that runs on does work that nobody waits for",
				"any more, and that a termination was to stop. The oracle looks at the end of a run.",
			},
			watch: func(*instance) monitor { return noOrphan{} },
		},
		{
			name: "parent-agrees", about: "after settling, a SUB_WORKFLOW task has the status of its sub-workflow",
			text: []string{
				"The end of a sub-workflow is written into its parent's task by whoever ends it, without the",
				"parent's lock. After sweeps, polls and completions went on fairly, the two must say the same, or",
				"the parent waits for an end that has been, or goes on after one that has not.",
			},
			watch: func(in *instance) monitor { return &settling{in: in, judge: parentAgrees} },
		},
		{
			name: "no-self-wait", about: "nobody waits for a lock that it holds itself",
			text: []string{
				"Who asks for a lock that it holds, and that is not re-entrant, waits for itself: half a second in a",
				"decide, a minute in a termination, and in vain.",
			},
			watch: func(*instance) monitor { return noSelfWait{} },
		},
		{
			name: "lock-freed", about: "at rest, nobody alive holds a lock",
			text: []string{
				"When every operation has come to its end, whoever took a lock has given it up. One that is kept until",
				"its lease ends keeps everyone else out meanwhile. A crashed server's locks are left to their leases.",
			},
			watch: func(*instance) monitor { return lockFreed{} }, heals: notHeld,
		},
		{
			name: "no-deadlock", about: "at rest, nobody waits for a lock",
			text:  []string{"A run ends with every actor at the end of its script."},
			watch: func(*instance) monitor { return noDeadlock{} },
		},
		{
			name: "progress", about: "after settling, every workflow has ended",
			text: []string{
				"From each end of a run, sweeps, polls and completions go on fairly until nothing changes any",
				"more. An engine that does nothing fails here.",
			},
			watch: func(in *instance) monitor { return &settling{in: in, judge: progress} },
		},
		{
			name: "bounded-completion", about: "a workflow ends within the scenario's bound after its last task",
			text: []string{
				"The virtual time, while settling, from the end of the last task that a worker has to end to the end",
				"of the workflow is at most the bound of the scenario. A task whose worker is gone should end with its",
				"response timeout, and counts from there.",
			},
			watch: func(in *instance) monitor { return &settling{in: in, judge: boundedCompletion} },
			heals: func(w *world.World, _ string) bool {
				return all(w, func(wf model.Workflow) bool { return wf.Status.Terminal() })
			},
		},
	}
}
