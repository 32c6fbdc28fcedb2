package spec_test

import (
	"testing"

	. "fermata/model/spec"
)

// BenchmarkVerdict compares what a history of four operations costs: by witness, by porcupine, and
// to look up in a cache of verdicts.
func BenchmarkVerdict(b *testing.B) {
	events, err := Parse("history", `
		worker-1  call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		sweeper-1 call 2 Sweep workflow=w1
		audit     call 3 Inspect workflow=w1
		audit     return 3 => RUNNING present
		worker-1  return 1 => none
		audit     call 4 Inspect workflow=w1
		audit     return 4 => COMPLETED
		sweeper-1 return 2 => none`)
	if err != nil {
		b.Fatal(err)
	}
	order := []int{3, 1, 2, 4}
	b.Run("witness", func(b *testing.B) {
		for b.Loop() {
			if v, err := CheckWitness(Entry{}, queued, events, order); v != Ok {
				b.Fatal(v, err)
			}
		}
	})
	b.Run("porcupine", func(b *testing.B) {
		for b.Loop() {
			if v, err := Check(Entry{}, queued, events); v != Ok {
				b.Fatal(v, err)
			}
		}
	})
	b.Run("canonical", func(b *testing.B) {
		for b.Loop() {
			if Canonical(events) == "" {
				b.Fatal("no text")
			}
		}
	})
}
