package scenarios_test

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"fermata/model"
	"fermata/scenarios"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// innerVariable names the suite that a test binary which runs itself is to play.
const innerVariable = "FERMATA_SUITE"

// inner are the suites that the tests of this package run in a process of their own, to see what they print and whether
// they fail.
var inner = map[string]scenarios.Suite{
	"right":         {Engine: right("a-fork")},
	"right-foreign": {Engine: foreign(right("a-fork"))},
	"wrong":         {Engine: wrong("a-fork")},
	"wrong-foreign": {Engine: foreign(wrong("a-fork"))},
	"known":         {Engine: wrong("a-fork"), Known: unlockedLookup("fork#1")},
	"known-green":   {Engine: right("a-fork"), Known: known("torn-repair", "fork#2")},
	"known-on-no-part": {
		Engine: right("a-fork"), Known: []scenarios.KnownRed{{Scenario: "torn-repair", Lock: "local", Issue: "fork#3"}},
	},
	"known-not-applicable": {
		Engine: sweepsOnly(), Known: known("torn-repair", "fork#4"),
	},
	"parts":                   {Engine: right("a-fork"), Locks: []string{"redisson", "local"}},
	"only-sweeps":             {Engine: sweepsOnly()},
	"does-nothing":            {Engine: sweeping("idle", idles)},
	"no-name":                 {Engine: sweeper.Engine{New: right("a-fork").New}},
	"blank-name":              {Engine: right("a fork")},
	"our-name":                {Engine: right("proposed")},
	"no-new":                  {Engine: sweeper.Engine{Name: "a-fork"}},
	"no-such-lock":            {Engine: right("a-fork"), Locks: []string{"padlock"}},
	"known-unknown":           {Engine: right("a-fork"), Known: known("stale", "fork#5")},
	"known-untold":            {Engine: right("a-fork"), Known: known("stale-lookup", "")},
	"global-state":            {Engine: foreign(sweeping("global-state", rememberedBesideTheServer()))},
	"says-memoisable":         {Engine: sweeping("says-memoisable", rememberedBesideTheServer())},
	"recovers":                {Engine: foreign(sweeping("recovers", recoversForEver))},
	"fails-now":               {Engine: foreign(sweeping("fails-now", failsNow))},
	"panics":                  {Engine: foreign(sweeping("panics", panics))},
	"drops-context":           {Engine: foreign(sweeping("drops-context", dropsContext))},
	"reads-clock":             {Engine: foreign(sweeping("reads-clock", readsClock))},
	"pool-right":              {Engine: pooled("pool-right", lockThenLook)},
	"pool-wrong":              {Engine: pooled("pool-wrong", lookMeanwhile)},
	"leaks":                   {Engine: pooled("leaks", leaks)},
	"holds-mutex":             {Engine: pooled("holds-mutex", holdsMutex())},
	"drops-context-in-bubble": {Engine: pooled("drops-context-in-bubble", dropsContextInAGoroutine)},
	"fails-in-bubble":         {Engine: failingPool()},
	"unclosed":                {Engine: unclosed()},
	"hides":                   {Engine: hiding()},
	"draws":                   {Engine: foreign(sweeping("draws", draws))},
}

// unlockedLookup are the scenarios that show a lookup before the lock.
func unlockedLookup(issue string) (all []scenarios.KnownRed) {
	for _, name := range []string{
		"stale-lookup", "double-listener", "stale-timeout", "phantom-message", "duplicate-task",
		"redelivery-while-sweeping", "human-twice",
	} {
		all = append(all, known(name, issue)...)
	}
	return all
}

func known(scenario, issue string) []scenarios.KnownRed {
	return []scenarios.KnownRed{{Scenario: scenario, Issue: issue}}
}

// TestInner is not for itself: TestSuite and others run it in a process of its own.
func TestInner(t *testing.T) {
	if s, ok := inner[os.Getenv(innerVariable)]; ok {
		s.Run(t)
	}
}

// right is the proposed fix under another name.
func right(name string) sweeper.Engine {
	e := proposed.Proposed()
	e.Name = name
	return e
}

// foreign is the engine without its word that it may be remembered.
func foreign(e sweeper.Engine) sweeper.Engine {
	e.Memoisable = false
	return e
}

// sweeping is the proposed fix with another sweep.
func sweeping(
	name string, sweep func(ctx context.Context, s *conductor.Server, id model.WorkflowID) error,
) sweeper.Engine {
	m := proposed.Methods()
	m.Sweep = sweep
	e := conductor.New(name, "", m)
	e.Memoisable, e.NeedsAtomicRepair = true, true
	return e
}

// wrong looks the workflow up before it holds the lock.
func wrong(name string) sweeper.Engine {
	return sweeping(name, func(ctx context.Context, s *conductor.Server, id model.WorkflowID) (err error) {
		wf, err := s.GetWorkflowModel(ctx, id, true)
		if err != nil {
			return err
		}
		if held, err := s.AcquireLock(ctx, id); err != nil || !held {
			return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
		}
		defer s.ReleaseFinally(ctx, id, &err)
		return decide(ctx, s, wf)
	})
}

// decide is a sweep under the lock, of the copy that it has.
func decide(ctx context.Context, s *conductor.Server, wf *model.Workflow) error {
	if s.Settings.RepairServiceEnabled {
		if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil {
			return err
		}
	}
	if err := s.DecideModel(ctx, wf); err != nil {
		return err
	}
	if wf.Status.Terminal() {
		return s.RemoveFromDecider(ctx, wf.ID)
	}
	return s.Unack(ctx, wf, s.WorkflowOffsetWithJitter(ctx))
}

// sweepsOnly is an engine that can sweep and nothing else.
func sweepsOnly() sweeper.Engine {
	e := right("only-sweeps")
	full := e.New
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		return struct{ sweeper.Server }{full(p, st)}
	}
	return e
}

type sweep = func(ctx context.Context, s *conductor.Server, id model.WorkflowID) error

// lockedSweep is the right sweep, with something hostile before it.
func lockedSweep(before func(ctx context.Context, s *conductor.Server, id model.WorkflowID)) sweep {
	return func(ctx context.Context, s *conductor.Server, id model.WorkflowID) (err error) {
		before(ctx, s, id)
		if held, err := s.AcquireLock(ctx, id); err != nil || !held {
			return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
		}
		defer s.ReleaseFinally(ctx, id, &err)
		wf, err := s.GetWorkflowModel(ctx, id, true)
		if err != nil {
			return err
		}
		return decide(ctx, s, wf)
	}
}

// look is one step more.
func look(ctx context.Context, s *conductor.Server, id model.WorkflowID) {
	_, _ = s.Ports.Queue.ContainsMessage(ctx, model.DeciderQueue, string(id))
}

func idles(context.Context, *conductor.Server, model.WorkflowID) error { return nil }

// rememberedBesideTheServer counts sweeps in a variable of the process.
func rememberedBesideTheServer() sweep {
	sweeps := 0
	return lockedSweep(func(ctx context.Context, s *conductor.Server, id model.WorkflowID) {
		if sweeps++; sweeps%7 == 0 {
			look(ctx, s, id)
		}
	})
}

// recoversForEver looks up before it locks, and tries to postpone until that neither fails nor panics.
func recoversForEver(ctx context.Context, s *conductor.Server, id model.WorkflowID) (err error) {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if held, err := s.AcquireLock(ctx, id); err != nil || !held {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	defer s.ReleaseFinally(ctx, id, &err)
	try := func() (ok bool) {
		defer func() { _ = recover() }()
		return decide(ctx, s, wf) == nil
	}
	for !try() {
	}
	return nil
}

// failsNow is what require does in code under test. The test it fails is no one's, so that this one goes on.
func failsNow(ctx context.Context, s *conductor.Server, id model.WorkflowID) error {
	look(ctx, s, id)
	new(testing.T).FailNow()
	return nil
}

func panics(ctx context.Context, s *conductor.Server, id model.WorkflowID) error {
	look(ctx, s, id)
	panic("no such workflow in the cache")
}

var dropsContext = lockedSweep(func(_ context.Context, s *conductor.Server, id model.WorkflowID) {
	look(context.Background(), s, id)
})

var readsClock = lockedSweep(func(ctx context.Context, s *conductor.Server, id model.WorkflowID) {
	if time.Now().UnixNano()/100%3 == 0 {
		look(ctx, s, id)
	}
})

var draws = lockedSweep(func(ctx context.Context, s *conductor.Server, id model.WorkflowID) {
	if rand.IntN(3) == 0 {
		look(ctx, s, id)
	}
})
