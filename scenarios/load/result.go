package load

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Result is what a run measured, or several runs of one Setup that differ in nothing but the seed.
type Result struct {
	Setup *Setup
	// Seeds are those of the runs.
	Seeds  []uint64
	Counts Counts
	// Durations are in microseconds, by Measure.
	Durations [measures]*hdrhistogram.Histogram
	// PerSeed are the Counts of each run, in the order of Seeds.
	PerSeed []Counts
	// Virtual is the time that passed in all runs together.
	Virtual time.Duration
	// Used is the share of the capacity of the store, and of queue and lock, that was used; 0 without a capacity.
	StoreUsed, RedisUsed float64
	// Overloaded says what has less capacity than is asked of it, if anything: nothing was run then.
	Overloaded string
	// Lives are the worst that went wrong, at most Setup.Cutout: stuck before reopened before told twice, and of
	// those that are as bad the first.
	Lives []Life
}

// Counts are what was counted.
type Counts struct {
	// Started are the workflows, Completed those that are COMPLETED at the end, Failed those that ended otherwise.
	Started, Completed, Failed int64
	// Stuck are the workflows that have not ended and that nobody will ever touch again. Unfinished are those that
	// have not ended at the end of Drain, and may yet.
	Stuck, Unfinished int64
	// Stalled are the workflows that at some time had every task over and nobody at work on them, and had not ended.
	// Healed are those of them that ended nevertheless: by a sweep, by an audit and the sweep that it asked for, or by
	// whatever else. Stalled less Healed are Stuck or Unfinished.
	Stalled, HealedBySweep, HealedByAudit, HealedOtherwise int64
	// Reopened are the workflows that were written RUNNING after they had ended.
	Reopened int64
	// ListenerTwice are the workflows of which the listener was told the same end more than once.
	ListenerTwice int64
	// DuplicateTasks are the deliveries of a task beyond the first, and of tasks that the store does not have.
	DuplicateTasks int64
	// LostMessages are the tasks that were SCHEDULED with no message and nobody at work on the workflow.
	LostMessages int64
	// Sweeps are the sweeps of a workflow, LockMisses those whose try time ran out.
	Sweeps, LockMisses int64
	// UpdateMisses are the decides of a result that missed the lock: nobody asks again.
	UpdateMisses int64
	// StaleWrites are the writes of a workflow's record over one that was written after it had been read.
	StaleWrites int64
	// Audits are the audits, AuditRepairs those that repaired.
	Audits, AuditRepairs int64
	// Pops are the reconcilers' pops, EmptyPops those that gave nothing.
	Pops, EmptyPops int64
	// StoreCalls and the others are the port calls.
	StoreCalls, QueueCalls, LockCalls int64
	// Leases are the leases that ended under their owner.
	Leases int64
}

// Measure is what a duration is of.
type Measure uint8

// The measures. Completion is the write of the last task's result.
const (
	ToStatus    Measure = iota // from completion to the write of COMPLETED
	ToListener                 // from completion to the listener's completed
	ToDequeued                 // from completion to leaving the decider queue
	Window                     // from the release of the lock of a workflow that has ended to its leaving the queue
	StaleFor                   // from a sweep's read without the lock to its getting the lock
	ReadToWrite                // from a sweep's read to the write of the record that it makes
	HealedAfter                // from the stall to the end
	SweepTime                  // of one sweep
	LockWait                   // of an acquire that another's hold stood against
	LateBy                     // from a message's being due to its sweep
	Lifetime                   // of a workflow that completed
	measures
)

var measureNames = [measures]string{
	"completion-to-status", "completion-to-listener", "completion-to-dequeued", "release-to-dequeued",
	"read-to-lock", "read-to-write",
	"healed-after", "sweep", "lock-wait", "sweep-late-by", "lifetime",
}

// Measures lists them.
func Measures() []Measure {
	all := make([]Measure, measures)
	for i := range all {
		all[i] = Measure(i)
	}
	return all
}

// String gives the measure's name.
func (m Measure) String() string { return measureNames[m] }

// add adds what another run counted.
func (c *Counts) add(o *Counts) {
	for _, sum := range []struct {
		to   *int64
		more int64
	}{
		{&c.Started, o.Started},
		{&c.Completed, o.Completed},
		{&c.Failed, o.Failed},
		{&c.Stuck, o.Stuck},
		{&c.Unfinished, o.Unfinished},
		{&c.Stalled, o.Stalled},
		{&c.HealedBySweep, o.HealedBySweep},
		{&c.HealedByAudit, o.HealedByAudit},
		{&c.HealedOtherwise, o.HealedOtherwise},
		{&c.Reopened, o.Reopened},
		{&c.ListenerTwice, o.ListenerTwice},
		{&c.DuplicateTasks, o.DuplicateTasks},
		{&c.LostMessages, o.LostMessages},
		{&c.Sweeps, o.Sweeps},
		{&c.LockMisses, o.LockMisses},
		{&c.UpdateMisses, o.UpdateMisses},
		{&c.StaleWrites, o.StaleWrites},
		{&c.Audits, o.Audits},
		{&c.AuditRepairs, o.AuditRepairs},
		{&c.Pops, o.Pops},
		{&c.EmptyPops, o.EmptyPops},
		{&c.StoreCalls, o.StoreCalls},
		{&c.QueueCalls, o.QueueCalls},
		{&c.LockCalls, o.LockCalls},
		{&c.Leases, o.Leases},
	} {
		*sum.to += sum.more
	}
}

// histogramMax is the longest duration that is told apart, in microseconds: a day. Three digits are.
const histogramMax = 24 * 3600 * 1_000_000

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, histogramMax, 3) }
