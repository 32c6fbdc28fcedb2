package loadreport

import (
	"math"
	"strconv"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fermata/scenarios/load"
)

// counted is one of load.Counts: its name in JSON and CSV, and what it is.
type counted struct {
	name, about string
	of          func(c *load.Counts) int64
}

// The counts, in the order in which they are told.
var (
	ofWorkflows = []counted{
		{"started", "workflows", func(c *load.Counts) int64 { return c.Started }},
		{"completed", "COMPLETED at the end", func(c *load.Counts) int64 { return c.Completed }},
		{"failed", "ended otherwise", func(c *load.Counts) int64 { return c.Failed }},
		{"stuck", "not ended, and never touched again", func(c *load.Counts) int64 { return c.Stuck }},
		{"unfinished", "not ended when the run was cut; may yet",
			func(c *load.Counts) int64 { return c.Unfinished }},
		{"stalled", "every task over, nobody at work, not ended",
			func(c *load.Counts) int64 { return c.Stalled }},
		{"healed_by_sweep", "of the stalled, ended by a sweep",
			func(c *load.Counts) int64 { return c.HealedBySweep }},
		{"healed_by_audit", "by an audit and the sweep it asked for",
			func(c *load.Counts) int64 { return c.HealedByAudit }},
		{"healed_otherwise", "by something else", func(c *load.Counts) int64 { return c.HealedOtherwise }},
		{"reopened", "RUNNING again after they had ended", func(c *load.Counts) int64 { return c.Reopened }},
		{"listener_twice", "the listener was told the same end again",
			func(c *load.Counts) int64 { return c.ListenerTwice }},
	}
	ofTasks = []counted{
		{"duplicate_tasks", "deliveries beyond the first, or of no task",
			func(c *load.Counts) int64 { return c.DuplicateTasks }},
		{"lost_messages", "SCHEDULED, no message, nobody at work",
			func(c *load.Counts) int64 { return c.LostMessages }},
	}
	ofWork = []counted{
		{"sweeps", "of a workflow", func(c *load.Counts) int64 { return c.Sweeps }},
		{"lock_misses", "sweeps whose try time ran out", func(c *load.Counts) int64 { return c.LockMisses }},
		{"update_misses", "decides of a result that missed the lock",
			func(c *load.Counts) int64 { return c.UpdateMisses }},
		{"stale_writes", "of a record written since it was read",
			func(c *load.Counts) int64 { return c.StaleWrites }},
		{"audits", "by the state audit", func(c *load.Counts) int64 { return c.Audits }},
		{"audit_repairs", "audits that repaired", func(c *load.Counts) int64 { return c.AuditRepairs }},
		{"pops", "of the decider queue by the reconcilers", func(c *load.Counts) int64 { return c.Pops }},
		{"empty_pops", "pops that gave nothing", func(c *load.Counts) int64 { return c.EmptyPops }},
		{"store_calls", "port calls", func(c *load.Counts) int64 { return c.StoreCalls }},
		{"queue_calls", "port calls", func(c *load.Counts) int64 { return c.QueueCalls }},
		{"lock_calls", "port calls", func(c *load.Counts) int64 { return c.LockCalls }},
		{"leases", "of a lock that ended under their owner", func(c *load.Counts) int64 { return c.Leases }},
	}
)

// everyCount lists all of them.
func everyCount() []counted {
	return append(append(append([]counted{}, ofWorkflows...), ofTasks...), ofWork...)
}

// Stuck are the workflows that are stuck, among those that were started.
func Stuck(r *load.Result) load.Interval { return load.PerMillion(r.Counts.Stuck, r.Counts.Started) }

// Stalled are the workflows that were stalled, among those that were started.
func Stalled(r *load.Result) load.Interval {
	return load.PerMillion(r.Counts.Stalled, r.Counts.Started)
}

// Healed is how many of the stalled workflows ended.
func Healed(r *load.Result) int64 {
	return r.Counts.HealedBySweep + r.Counts.HealedByAudit + r.Counts.HealedOtherwise
}

// stuckARun is the spread over the seeds.
func stuckARun(r *load.Result) load.Spread {
	return r.Over(func(c load.Counts) float64 { return float64(c.Stuck) })
}

func lockMisses(r *load.Result) float64 { return million * share(r.Counts.LockMisses, r.Counts.Sweeps) }

func sweepsAWorkflow(r *load.Result) float64 { return share(r.Counts.Sweeps, r.Counts.Started) }

const million = 1e6

// share is a part of a whole, 0 of nothing.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Percentiles is what is told of a duration. All but Count are in microseconds.
type Percentiles struct {
	Count int64 `json:"count"`
	P50   int64 `json:"p50"`
	P90   int64 `json:"p90"`
	P99   int64 `json:"p99"`
	P999  int64 `json:"p999"`
	Max   int64 `json:"max"`
}

// PercentilesOf tells of one measure; false where nothing was measured.
func PercentilesOf(r *load.Result, m load.Measure) (Percentiles, bool) {
	h := r.Durations[m]
	if h == nil || h.TotalCount() == 0 {
		return Percentiles{}, false
	}
	return percentilesOf(h), true
}

func percentilesOf(h *hdrhistogram.Histogram) Percentiles {
	at := h.ValueAtPercentilesSlice([]float64{50, 90, 99, 99.9})
	return Percentiles{Count: h.TotalCount(), P50: at[0], P90: at[1], P99: at[2], P999: at[3], Max: h.Max()}
}

// all lists them, with the names in CSV.
func (p Percentiles) all() ([]string, []int64) {
	return []string{"count", "p50_us", "p90_us", "p99_us", "p999_us", "max_us"},
		[]int64{p.Count, p.P50, p.P90, p.P99, p.P999, p.Max}
}

// steady is a figure to six digits, so that it is the same text on every machine.
func steady(x float64) float64 {
	const digits = 6
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil || math.IsNaN(y) {
		return 0
	}
	return y
}
