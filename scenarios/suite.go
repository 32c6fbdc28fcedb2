package scenarios

import (
	"strings"
	"testing"

	"fermata/scenarios/catalogue"
	"fermata/sim/bubble"
	"fermata/sweeper"
)

// Suite is an engine with what its author says of it. Only Engine must be set.
type Suite struct {
	Engine sweeper.Engine
	// Known are the cells that are red and known to be. One that is red otherwise, or red no more, fails.
	Known []KnownRed
	// Locks, Queues and Stores are what the scenarios run on, in every combination; nil is each scenario's own, for
	// most the first of each: those of the reports of the race. catalogue.Locks, Queues and Stores list them.
	Locks, Queues, Stores []string
	// Dir is the folder for reproductions, seen from the test's package; "" is "testdata/fermata".
	Dir string
}

// KnownRed is a cell that is red, and known to be.
type KnownRed struct {
	Scenario string
	// Lock, Queue and Store say on which parts; "" is any.
	Lock, Queue, Store string
	// Issue says where it is tracked, for example "example/fork#12". It must not be empty.
	Issue string
}

// Run runs the suite over an engine. What is known to be red must still be so.
func Run(t *testing.T, e sweeper.Engine, known ...KnownRed) {
	t.Helper()
	Suite{Engine: e, Known: known}.Run(t)
}

// dirDefault is the folder for reproductions.
const dirDefault = "testdata/fermata"

// Run runs every scenario as a subtest of t.
func (s Suite) Run(t *testing.T) {
	t.Helper()
	if s.Dir == "" {
		s.Dir = dirDefault
	}
	cases, err := s.cases()
	if err != nil {
		t.Fatalf("fermata: %v", err)
	}
	several := len(s.parts()) > 1
	r := &running{Suite: s, budget: budget(s.Engine), known: make([]int, len(s.Known))}
	if *replayFile != "" {
		r.replayOnly(t, *replayFile, several)
		return
	}
	if r.kept, err = readKept(s.Dir, s.Engine); err != nil {
		t.Fatalf("fermata: %v", err)
	}
	for _, c := range cases {
		t.Run(subtest(c, several), func(t *testing.T) {
			t.Helper()
			r.host(t, c)
			r.cell(t, c)
		})
	}
	r.conclude(t, len(cases))
}

// host gives an engine that starts goroutines the bubbles of the test.
func (r *running) host(t *testing.T, c *catalogue.Case) {
	if c.Host = nil; r.Engine.Goroutines {
		c.Host = bubble.New(t)
	}
}

// subtest names a case as a subtest: its scenario, and its parts where there are several.
func subtest(c *catalogue.Case, parts bool) string {
	if !parts {
		return c.Scenario.Name
	}
	return c.Scenario.Name + "/" + strings.Join([]string{c.Lock(), c.Queue(), c.Store()}, ",")
}

// running is one run of a suite.
type running struct {
	Suite
	budget catalogue.Budget
	kept   []kept
	// known counts the cells that each of Known was about.
	known []int
	cells []cellResult
}

// cellResult is what became of one cell.
type cellResult struct {
	c      *catalogue.Case
	report *catalogue.Report // nil if the harness could not do its work
	known  *KnownRed
}
