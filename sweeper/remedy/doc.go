// Package remedy is what an operator can run beside a released engine, as it is, until the engine itself is mended.
//
// The state audit looks at one workflow under the workflow's lock, and asks whether anybody will look at it again. It
// uses the engine's ports alone: no engine code, and no call of the engine's API.
//
// What it costs: for each workflow and period the lock, one read with tasks, one look at the decider queue, and the
// release; a repair is one push more. While it holds the lock the engine's own decide misses it, as it would another
// server's: the audit then finds what was left undone, a period later at most.
//
// What it needs: the engine's lock with the engine's namespace, its store and its queue, and the ids of the workflows
// that may be RUNNING (an index has them). It cannot tell that a listener was not told: nobody records that, neither
// store nor queue, and to tell it again may be to tell it twice. So it leaves the listener alone.
package remedy
