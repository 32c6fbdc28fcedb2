package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fermata/scenarios/catalogue"
)

// demo is the story that the program tells of itself: on which engines, and what its stages have
// found so far.
type demo struct {
	a *app
	// racy is the release with the race, and fixed the engine that must be proved.
	racy, fixed, scenario string

	found   *catalogue.Report
	finding *catalogue.Finding
}

func (a *app) demo() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "the whole story in seconds: a race found, shrunk, told, replayed and ruled out",
		Long: "demo finds the race of release 3.17.0, shrinks it, tells it, replays it a hundred times, proves\n" +
			"the proposed fix, and says what to type next. It exits 3 if anything came out otherwise.",
		Args: arguments(),
		RunE: func(*cobra.Command, []string) error {
			d := &demo{a: a, racy: "conductor-3.17.0", fixed: "proposed", scenario: "stale-lookup"}
			return d.play(stages)
		},
	}
}

// unexpected is what a stage should have shown and did not.
type unexpected struct{ want, got string }

func (u *unexpected) Error() string { return fmt.Sprintf("expected %s, got %s", u.want, u.got) }

// stage is one part of the demo. run shows it, and fails if it did not come out as it should.
type stage struct {
	title string
	run   func(d *demo) error
}

// play runs the stages in order, and stops at the first that does not come out as it should.
func (d *demo) play(stages []stage) error {
	c, err := catalogue.NewCase(d.scenario, d.racy, "", d.a.extra...)
	if err != nil {
		return err
	}
	d.say("demo: %s on %s, then every scenario on %s", d.scenario, d.racy, d.fixed)
	d.say("  lock %s, queue %s, store %s", c.Lock(), c.Queue(), c.Store())
	d.say("  %s, seed 1, at most %d schedules", catalogue.Strategies()[0], catalogue.SchedulesDefault)
	d.say("  scope %s", c.Scope)
	for i, s := range stages {
		d.say("\n%d. %s", i+1, s.title)
		if err := s.run(d); err != nil {
			var u *unexpected
			if errors.As(err, &u) {
				d.say("   this did not come out as it should: %s", u)
				return exitWith(exitHarness)
			}
			return fmt.Errorf("%w: demo, %s: %w", errHarness, s.title, err)
		}
		if d.a.stopped() {
			return fmt.Errorf("%w: demo: interrupted", errHarness)
		}
	}
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.a.out, format+"\n", args...) }

// want fails the stage unless it holds.
func want(holds bool, what, gotFormat string, args ...any) error {
	if holds {
		return nil
	}
	return &unexpected{what, fmt.Sprintf(gotFormat, args...)}
}
