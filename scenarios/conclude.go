package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// conclude says at the end what the engine never reached. Where -run left cells out, it says nothing.
func (r *running) conclude(t *testing.T, cells int) {
	t.Helper()
	if len(r.cells) < cells {
		return
	}
	for i, n := range r.known {
		if n == 0 {
			t.Errorf("fermata: KnownRed %q on lock %q, queue %q, store %q is about no cell of this suite",
				r.Known[i].Scenario, r.Known[i].Lock, r.Known[i].Queue, r.Known[i].Store)
		}
	}
	t.Log("\n" + r.summary())
}

func (r *running) count(v catalogue.Verdict) int {
	n := 0
	for _, c := range r.cells {
		if c.report != nil && c.report.Verdict == v {
			n++
		}
	}
	return n
}

// summary says what became of the cells, and which scenarios and ports were not reached.
func (r *running) summary() string {
	var b strings.Builder
	proved, known := 0, 0
	for _, c := range r.cells {
		if c.report != nil && c.report.Proved {
			proved++
		}
		if c.known != nil {
			known++
		}
	}
	fmt.Fprintf(&b, "fermata: %s: %d cells, %d ok (%d proved), %d red (%d known), %d not applicable, %d unknown\n",
		r.Engine.Name, len(r.cells), r.count(catalogue.OK), proved, r.count(catalogue.Violated), known,
		r.count(catalogue.NotApplicable), len(r.cells)-r.count(catalogue.OK)-r.count(catalogue.Violated)-
			r.count(catalogue.NotApplicable))
	for _, c := range r.cells {
		if c.report != nil && c.report.Verdict == catalogue.NotApplicable {
			fmt.Fprintf(&b, "  never played: %s\n", c.report.Reason)
		}
	}
	if ports := r.uncalled(); len(ports) > 0 {
		fmt.Fprintf(&b, "  ports that it never called:\n    %s\n", strings.Join(ports, "\n    "))
	}
	return strings.TrimRight(b.String(), "\n")
}

// uncalled lists, port by port, the methods that no cell reached, in the order of the table of port calls.
func (r *running) uncalled() []string {
	called := map[sweeper.Verb]bool{}
	for _, c := range r.cells {
		if c.report == nil {
			continue
		}
		for _, v := range c.report.Called {
			called[v] = true
		}
	}
	var ports []string
	methods := map[string][]string{}
	for _, call := range sweeper.PortCalls[1:] {
		port, method, ok := strings.Cut(call.Port, ".")
		if !ok || called[call.Verb] {
			continue
		}
		if methods[port] == nil {
			ports = append(ports, port)
		}
		methods[port] = append(methods[port], method)
	}
	for i, port := range ports {
		ports[i] = port + ": " + strings.Join(methods[port], ", ")
	}
	return ports
}
