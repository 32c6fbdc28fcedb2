package loadreport

import (
	"encoding/json"
	"io"

	"fermata/internal/report"
	"fermata/scenarios/load"
)

// object is the JSON of load.
type object struct {
	Schema  string `json:"schema"`
	Command string `json:"command"`
	Preset  string `json:"preset"`
	// Varied is the figure that differs from row to row; empty if none does.
	Varied string `json:"varied"`
	Rows   []row  `json:"rows"`
	// Lives are what was cut out, if that was asked for.
	Lives *[]Life `json:"lives,omitempty"`
}

type row struct {
	Engine string            `json:"engine"`
	Value  string            `json:"value"`
	Setup  map[string]string `json:"setup"`
	Seeds  []uint64          `json:"seeds"`
	// Overloaded is why nothing was run; then there is nothing below.
	Overloaded string `json:"overloaded,omitempty"`
	*measured
}

// measured are the figures of a row that was run.
type measured struct {
	VirtualSeconds    float64          `json:"virtual_seconds"`
	Counts            map[string]int64 `json:"counts"`
	StuckPerMillion   interval         `json:"stuck_per_million"`
	StuckARun         spread           `json:"stuck_a_run"`
	StalledPerMillion interval         `json:"stalled_per_million"`
	SweepsAWorkflow   float64          `json:"sweeps_a_workflow"`
	LockMisses        float64          `json:"lock_misses_per_million"`
	// StoreUsed and RedisUsed are shares of the capacities; 0 without one.
	StoreUsed float64 `json:"store_used"`
	RedisUsed float64 `json:"redis_used"`
	// Durations are in microseconds, by measure; one of which nothing was measured is not there.
	Durations map[string]Percentiles `json:"durations"`
}

type interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type spread struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// WriteJSON writes the document as one line.
func (d *Document) WriteJSON(w io.Writer) error {
	o := object{
		Schema: report.Schema, Command: "load", Preset: d.Preset, Varied: d.Table.Varied, Rows: []row{},
	}
	for i := range d.Table.Rows {
		o.Rows = append(o.Rows, rowOf(&d.Table.Rows[i]))
	}
	if d.Lives != nil {
		o.Lives = &d.Lives
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(o)
}

func rowOf(r *load.Row) row {
	out := row{
		Engine: r.Engine, Value: r.Value, Setup: map[string]string{}, Seeds: append([]uint64{}, r.Result.Seeds...),
		Overloaded: r.Result.Overloaded,
	}
	if s := r.Result.Setup; s != nil {
		for _, f := range load.Figures() {
			out.Setup[f.Name] = f.Text(s)
		}
	}
	if out.Overloaded == "" {
		out.measured = measuredOf(r.Result)
	}
	return out
}

func measuredOf(r *load.Result) *measured {
	s := stuckARun(r)
	m := &measured{
		VirtualSeconds: steady(r.Virtual.Seconds()), Counts: map[string]int64{},
		StuckPerMillion: intervalOf(Stuck(r)), StuckARun: spread{steady(s.Mean), steady(s.Low), steady(s.High)},
		StalledPerMillion: intervalOf(Stalled(r)),
		SweepsAWorkflow:   steady(sweepsAWorkflow(r)), LockMisses: steady(lockMisses(r)),
		StoreUsed: steady(r.StoreUsed), RedisUsed: steady(r.RedisUsed), Durations: map[string]Percentiles{},
	}
	for _, c := range everyCount() {
		m.Counts[c.name] = c.of(&r.Counts)
	}
	for _, of := range load.Measures() {
		if p, ok := PercentilesOf(r, of); ok {
			m.Durations[of.String()] = p
		}
	}
	return m
}

func intervalOf(i load.Interval) interval {
	return interval{steady(i.PerMillion), steady(i.Low), steady(i.High)}
}
