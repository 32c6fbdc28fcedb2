package made

import (
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fermata/scenarios/load"
)

// The engines of the tables.
const (
	released = "conductor-3.17.0"
	patched  = "conductor-3.31.2+remove-first"
	fixed    = "proposed"
)

// values are durations spread log-normally around a median, in microseconds.
func values(n int, median, sigma float64) *hdrhistogram.Histogram {
	const dayUs, digits = 24 * 3600 * 1e6, 3
	h := hdrhistogram.New(1, dayUs, digits)
	for i := range n {
		z := math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
		if err := h.RecordValue(int64(math.Max(1, median*math.Exp(sigma*z)))); err != nil {
			panic(err)
		}
	}
	return h
}

// row is a row of five runs, in which that many workflows of started were stuck, and more were stalled and healed.
func row(engine, value string, started, stuck, healed int64, statusUs float64) load.Row {
	const runs = 5
	r := &load.Result{Virtual: 100 * time.Minute}
	for i := range int64(runs) {
		r.Seeds = append(r.Seeds, uint64(i)+1)
		c := load.Counts{Started: started / runs, Stuck: stuck / runs}
		if i < stuck%runs {
			c.Stuck++
		}
		r.PerSeed = append(r.PerSeed, c)
	}
	r.Counts = load.Counts{
		Started: started, Completed: started - stuck, Stuck: stuck, Stalled: stuck + healed,
		HealedBySweep: healed - healed/4, HealedByAudit: healed / 4, Reopened: stuck, ListenerTwice: stuck / 2,
		DuplicateTasks: healed / 3, LostMessages: healed / 5, Sweeps: started * 7 / 2, LockMisses: started / 40,
		UpdateMisses: started / 900, StaleWrites: stuck + healed/2, Audits: healed, AuditRepairs: healed / 4,
		Pops: started / 2, EmptyPops: started / 9, StoreCalls: started * 31, QueueCalls: started * 17,
		LockCalls: started * 9, Leases: stuck / 3,
	}
	const samples = 4000
	r.Durations[load.ToStatus] = values(samples, statusUs, 0.9)
	r.Durations[load.ToListener] = values(samples, statusUs*1.1, 0.9)
	r.Durations[load.ToDequeued] = values(samples, statusUs*1.4, 1)
	r.Durations[load.Window] = values(samples, 75, 0.4)
	r.Durations[load.SweepTime] = values(samples, 4300, 0.7)
	r.Durations[load.Lifetime] = values(samples, 31e6, 0.5)
	if healed > 0 {
		r.Durations[load.HealedAfter] = values(int(healed), 29.7e6, 0.6)
	}
	return load.Row{Engine: engine, Value: value, Result: r}
}

// overloaded is a row of which nothing was run.
func overloaded(engine, value, why string) load.Row {
	return load.Row{Engine: engine, Value: value, Result: &load.Result{Seeds: []uint64{1, 2, 3, 4, 5}, Overloaded: why}}
}

// One is a single row.
func One() *load.Table {
	r := row(released, "", 120_000, 12, 41, 3100)
	r.Result.Counts.Completed -= 4
	r.Result.Counts.Failed, r.Result.Counts.Unfinished = 3, 1
	r.Result.StoreUsed, r.Result.RedisUsed = 0.3714, 0.52
	return &load.Table{Rows: []load.Row{r}}
}

// Intervals vary the sweep interval, over three engines; the last has no stuck workflow.
func Intervals() *load.Table {
	return &load.Table{Varied: "sweep-interval", Rows: []load.Row{
		row(released, "10ms", 120_000, 212, 480, 3900),
		row(released, "50ms", 120_000, 61, 210, 3300),
		row(released, "100ms", 120_000, 29, 133, 3200),
		row(released, "500ms", 120_000, 7, 30, 3100),
		row(released, "1s", 120_000, 2, 12, 3050),
		row(patched, "10ms", 120_000, 31, 97, 4800),
		row(patched, "50ms", 120_000, 8, 40, 4100),
		row(patched, "100ms", 120_000, 3, 22, 3900),
		row(patched, "500ms", 120_000, 0, 4, 3800),
		row(patched, "1s", 120_000, 0, 0, 3700),
		row(fixed, "10ms", 120_000, 0, 0, 5200),
		row(fixed, "50ms", 120_000, 0, 0, 4500),
		row(fixed, "100ms", 120_000, 0, 0, 4400),
		row(fixed, "500ms", 120_000, 0, 0, 4300),
		row(fixed, "1s", 120_000, 0, 0, 4200),
	}}
}

// Rates vary the rate of one engine, up to where the store has no more capacity.
func Rates() *load.Table {
	t := &load.Table{Varied: "rate", Rows: []load.Row{
		row(released, "10", 12_000, 1, 3, 2900),
		row(released, "25", 30_000, 2, 11, 3000),
		row(released, "50", 60_000, 5, 24, 3400),
		row(released, "100", 120_000, 14, 61, 4100),
		row(released, "150", 180_000, 33, 158, 9800),
		overloaded(released, "200", "the store is asked for 6,200 calls a second and can take 5,000"),
	}}
	t.Rows[4].Result.Counts.Unfinished, t.Rows[4].Result.Counts.Failed = 3, 2
	t.Rows[4].Result.Counts.Completed -= 5
	return t
}

// Remedies have a word a row.
func Remedies() *load.Table {
	return &load.Table{Varied: "engine", Rows: []load.Row{
		row(released, released, 120_000, 29, 133, 3200),
		row("conductor-3.31.2", "conductor-3.31.2", 120_000, 33, 148, 3300),
		row(patched, patched, 120_000, 3, 22, 3900),
		row("proposed-locked-operators", "proposed-locked-operators", 120_000, 0, 2, 4500),
		row(fixed, fixed, 120_000, 0, 0, 4400),
		overloaded("orkes-community", "orkes-community", "the queue is asked for more than it can take"),
	}}
}
