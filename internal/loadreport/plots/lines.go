package plots

import (
	"fermata/internal/loadreport"
	"fermata/scenarios/load"
)

// stuck is how many workflows are stuck, with the interval, against what is varied.
func (t *table) stuck() page {
	all, bound := t.shares(loadreport.Stuck, 0)
	low, top := extent(all)
	y := numbers(low, top)
	return page{
		title: t.titled("Stuck workflows"), subtitle: t.About(),
		legend: append(t.engineEntries(), t.explained(bound)...),
		panels: []panel{{head: "stuck, of a million workflows", below: t.below(), plot: lines(t.across(), y, all)}},
	}
}

// explained are the entries for what is drawn beside lines.
func (t *table) explained(bound bool) []entry {
	out := []entry{intervalEntry}
	if bound {
		out = append(out, boundEntry)
	}
	return append(out, t.overloads()...)
}

func (t *table) overloads() []entry {
	if t.anyOverloaded() {
		return []entry{overloadEntry}
	}
	return nil
}

// shares has a series for each engine, and tells whether a point of them is a bound.
func (t *table) shares(of func(r *load.Result) load.Interval, figure int) (all []*series, bound bool) {
	for e := range t.engines {
		s := &series{look: lookOf(e, figure), aside: spread(e, len(t.engines))}
		for _, r := range t.of(e) {
			if !r.run() {
				s.overloaded = append(s.overloaded, r.x)
				continue
			}
			i := of(r.Result)
			q := point{x: r.x, y: i.PerMillion, low: i.Low, high: i.High, interval: true}
			if q.y == 0 {
				q = point{x: r.x, y: i.High, bound: true}
			}
			bound = bound || q.bound
			s.points = append(s.points, q)
		}
		all = append(all, s)
	}
	return all, bound
}

// percentile is one that is drawn.
type percentile struct {
	name string
	of   func(p loadreport.Percentiles) int64
}

var (
	p50  = percentile{"median", func(p loadreport.Percentiles) int64 { return p.P50 }}
	p99  = percentile{"p99", func(p loadreport.Percentiles) int64 { return p.P99 }}
	p999 = percentile{"p99.9", func(p loadreport.Percentiles) int64 { return p.P999 }}
)

// latency is from completion to COMPLETED.
func (t *table) latency() page {
	of := []percentile{p50, p99, p999}
	all := t.percentiles(load.ToStatus, of)
	low, top := extent(all)
	return page{
		title: t.titled("From the last task's result to COMPLETED"), subtitle: t.About(),
		legend: append(append(t.engineEntries(), t.percentileEntries(of)...), t.overloads()...),
		panels: []panel{{
			head: "completion to status (time)", below: t.below(), plot: lines(t.across(), durations(low, top), all),
		}},
	}
}

// percentileLook tells the percentiles apart: by colour too, where there is one engine only.
func (t *table) percentileLook(engine, figure int) look {
	if len(t.engines) == 1 {
		engine = figure
	}
	return lookOf(engine, figure)
}

func (t *table) percentileEntries(of []percentile) []entry {
	var out []entry
	for i, p := range of {
		l := t.percentileLook(0, i)
		if len(t.engines) > 1 {
			l = look{colour: faint, dash: dashes[i]}
		}
		out = append(out, entry{p.name, sampleWidth, lineSample(l)})
	}
	return out
}

// percentiles has a series for each engine and percentile.
func (t *table) percentiles(m load.Measure, of []percentile) []*series {
	var all []*series
	for e := range t.engines {
		for i, p := range of {
			s := &series{look: t.percentileLook(e, i), aside: spread(e, len(t.engines))}
			for _, r := range t.of(e) {
				if !r.run() {
					if i == 0 {
						s.overloaded = append(s.overloaded, r.x)
					}
					continue
				}
				if v, ok := loadreport.PercentilesOf(r.Result, m); ok {
					s.points = append(s.points, point{x: r.x, y: max(1, float64(p.of(v)))})
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// healed is how many workflows stalled, how many of them ended after all, and after how long.
func (t *table) healed() page {
	of := []percentile{p50, p99}
	stalled, bound := t.shares(loadreport.Stalled, 0)
	healed, _ := t.shares(healedShare, 1)
	for i, s := range append(stalled, healed...) {
		if len(t.engines) == 1 {
			s.look = lookOf(i, i)
		}
		for j := range s.points {
			s.points[j].interval = false
			s.points[j].high = 0
		}
	}
	for _, s := range healed {
		s.overloaded = nil
		for j, q := range s.points {
			if q.bound { // how many could have stalled bounds it
				s.points[j] = point{x: q.x, gap: true}
			}
		}
	}
	both := append(stalled, healed...)
	low, top := extent(both)
	after := t.percentiles(load.HealedAfter, of)
	from, to := extent(after)
	how := panel{
		head: "of a million workflows", below: t.below(), legend: t.percentileEntries([]percentile{
			{name: "stalled"}, {name: "healed, if any"},
		}),
		plot: lines(t.across(), numbers(low, top), both),
	}
	when := panel{
		head: "from the stall to the end (time)", below: t.below(), legend: t.percentileEntries(of),
		plot: lines(t.across(), durations(from, to), after),
	}
	legend := t.engineEntries()
	if bound {
		legend = append(legend, boundEntry)
	}
	return page{
		title: t.titled("Stalled and healed workflows"), subtitle: t.About(),
		legend: append(legend, t.overloads()...), panels: []panel{how, when},
	}
}

func healedShare(r *load.Result) load.Interval {
	return load.PerMillion(loadreport.Healed(r), r.Counts.Started)
}
