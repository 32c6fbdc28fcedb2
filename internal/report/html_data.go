package report

import "fermata/scenarios/catalogue"

// pageData is what the page's script walks through: the facts of every state, each value once.
type pageData struct {
	// Keys are kind and name of each fact; Values what they can be, from 1; States the number of each fact's value in
	// each state, 0 where there is none.
	Keys      [][2]string `json:"keys"`
	Values    []string    `json:"values"`
	States    [][]int     `json:"states"`
	Before    string      `json:"before"`
	Violation int         `json:"violation"`
	Window    int         `json:"window"`
	Chart     chartData   `json:"chart"`
}

type chartData struct {
	Left float64 `json:"left"`
	Step float64 `json:"step"`
}

// factKinds is the order in which facts are shown.
var factKinds = []string{"workflow", "task", "queue", "lock", "listener", "clock"}

func (h *htmlPage) data() {
	t := h.picture.Finding.Trace
	d := &h.Data
	d.Values, d.Before = []string{""}, h.Before
	d.Chart = chartData{h.x(h.first), h.width()}
	d.Violation, d.Window = t.At-h.first+1, max(t.WindowFrom, h.first)-h.first+1
	states := h.picture.States[h.first-1 : h.last+1]
	keys := map[[2]string]int{}
	for _, kind := range factKinds {
		for _, s := range states {
			for _, f := range s.Facts {
				key := [2]string{f.Kind, f.Name}
				if _, known := keys[key]; f.Kind == kind && !known {
					keys[key] = len(d.Keys)
					d.Keys = append(d.Keys, key)
				}
			}
		}
	}
	values := map[string]int{}
	for _, s := range states {
		d.States = append(d.States, d.row(s, keys, values))
	}
}

func (d *pageData) row(s catalogue.State, keys map[[2]string]int, values map[string]int) []int {
	row := make([]int, len(d.Keys))
	for _, f := range s.Facts {
		n, known := values[f.Value]
		if !known {
			n = len(d.Values)
			values[f.Value] = n
			d.Values = append(d.Values, f.Value)
		}
		row[keys[[2]string{f.Kind, f.Name}]] = n
	}
	return row
}
