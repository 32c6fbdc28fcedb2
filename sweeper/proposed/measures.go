package proposed

import (
	"fmt"
	"strings"

	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Measures says which of the three measures are taken. The zero value is 3.17.0.
type Measures struct {
	LockFirst, AtomicRepair, RemoveFirst bool
}

// AllMeasures lists the eight combinations, fewer measures first.
func AllMeasures() []Measures {
	return []Measures{
		{},
		{LockFirst: true},
		{AtomicRepair: true},
		{RemoveFirst: true},
		{LockFirst: true, AtomicRepair: true},
		{LockFirst: true, RemoveFirst: true},
		{AtomicRepair: true, RemoveFirst: true},
		{LockFirst: true, AtomicRepair: true, RemoveFirst: true},
	}
}

// String names the combination: "none", or the measures joined by "+", in their fixed order. It is also
// the engine's name.
func (m Measures) String() string {
	var names []string
	for _, measure := range m.measures() {
		if *measure.taken {
			names = append(names, measure.name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, "+")
}

// ParseMeasures reads what String writes, and the measures in any order.
func ParseMeasures(s string) (Measures, error) {
	var m Measures
	if s == "none" {
		return m, nil
	}
	for _, name := range strings.Split(s, "+") {
		if !m.take(name) {
			return Measures{}, fmt.Errorf("proposed: measures %q: want none, or each at most once and "+
				"joined by +: lock-first, atomic-repair, remove-first", s)
		}
	}
	return m, nil
}

// take sets the named measure; false if there is no such measure or it is set already.
func (m *Measures) take(name string) bool {
	for _, measure := range m.measures() {
		if measure.name == name && !*measure.taken {
			*measure.taken = true
			return true
		}
	}
	return false
}

type measure struct {
	name  string
	taken *bool
}

func (m *Measures) measures() [3]measure {
	return [3]measure{
		{"lock-first", &m.LockFirst}, {"atomic-repair", &m.AtomicRepair}, {"remove-first", &m.RemoveFirst},
	}
}

// Engine is 3.17.0 with the measures.
func (m Measures) Engine() sweeper.Engine {
	e := conductor.New(m.String(), "3.17.0 with the measures: "+m.String(), m.on3170())
	e.Memoisable = true
	e.NeedsAtomicRepair = m.AtomicRepair
	return e
}

func (m Measures) on3170() conductor.Methods {
	methods := conductor.Methods3170()
	methods.Sweep = m.sweep
	methods.DecideWithLock = m.decideWithLock
	methods.VerifyAndRepairTask = m.verifyAndRepairTask
	methods.CompleteWorkflow = m.completeWorkflow
	methods.TerminateModel = m.terminateModel
	if m == (Measures{LockFirst: true, AtomicRepair: true, RemoveFirst: true}) {
		newestOperators(&methods)
	}
	return methods
}
