package report

import (
	"crypto/sha256"
	"encoding/hex"

	"fermata/scenarios"
)

// fingerprint tells one finding from others, and is the same in every run that finds it: of the oracle and the object,
// of the case, and of the schedule's choices.
func fingerprint(r *scenarios.Report, f *scenarios.Finding) string {
	c := r.Case
	said := []string{f.Oracle, f.Object, c.Scenario.Name, c.Engine.Name, c.Lock(), c.Queue(), c.Store()}
	if f.Schedule != nil {
		for _, l := range f.Schedule.Lines {
			said = append(said, l.Actor, l.Step, l.Reply)
		}
	}
	return digest(said)
}

// digest is a hash of words, none of which runs into the next.
func digest(words []string) string {
	h := sha256.New()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
