package world_test

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"fermata/sim/world"
)

// TestFacts runs port calls, one a line, on a fresh world, and prints their replies: the facts about the
// real locks, queues and stores that the world stands for, as readable text. Each case names its section of
// the engine facts or of the design. An argument of a case takes a kind of deadline away, or names a part.
// "interleave" makes the calls behind the line "order a b ..." at the same time, a step for each letter.
func TestFacts(t *testing.T) {
	datadriven.Walk(t, "testdata/facts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "run" && d.Cmd != "interleave" {
				t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
			}
			b := newBench(t, func(c *world.Config) {
				c.Deadlines.MessageVisibility = !d.HasArg("no-visibility")
				c.Deadlines.LivingOwnerLease = !d.HasArg("no-living-lease")
				c.Deadlines.DeadOwnerLease = !d.HasArg("no-dead-lease")
				d.MaybeScanArgs(t, "lock", &c.Parts.Lock)
				d.MaybeScanArgs(t, "queue", &c.Parts.Queue)
				d.MaybeScanArgs(t, "store", &c.Parts.Store)
			})
			defer b.m.Close()
			if d.Cmd == "interleave" {
				return interleaved(t, b, d.Input)
			}
			return lines(t, b, d.Input)
		})
	})
}
