package loadreport

import (
	"fmt"
	"io"

	"fermata/internal/report"
)

// Life is a workflow in which something went wrong, and the schedule that was cut out of it.
type Life struct {
	Row      string `json:"row"` // as Document.Name calls it
	Seed     uint64 `json:"seed"`
	Workflow int64  `json:"workflow"` // number in its run, from 0
	What     string `json:"what"`     // went wrong
	// Of the schedule: the oracle that it violates, whether the engine gets over it, its length, its file, and the
	// command that replays it.
	Oracle   string `json:"oracle,omitempty"`
	Severity string `json:"severity,omitempty"`
	Steps    int    `json:"steps,omitempty"`
	File     string `json:"file,omitempty"`
	Replay   string `json:"replay,omitempty"`
	// Why says why there is no schedule; empty if there is one.
	Why string `json:"why,omitempty"`
}

// WriteLives writes what was cut out. Commands are not wrapped.
func (d *Document) WriteLives(w io.Writer, colour bool) error {
	s := report.NewSheet(colour)
	s.Line("")
	s.Title("cut out")
	if len(d.Lives) == 0 {
		s.Line("  nothing went wrong that could be")
	}
	for i := range d.Lives {
		l := &d.Lives[i]
		where := fmt.Sprintf("seed %d, workflow %d: ", l.Seed, l.Workflow)
		if len(d.Table.Rows) > 1 {
			where = l.Row + ", " + where
		}
		s.Entry("  ", where+l.What)
		if l.Why != "" {
			s.Warning("    no schedule: ", l.Why)
			continue
		}
		s.Entry("    ", fmt.Sprintf("%s, %s, %d steps", l.Oracle, l.Severity, l.Steps))
		s.Line("    " + l.Replay)
	}
	return s.WriteText(w)
}
