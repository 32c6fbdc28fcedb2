package catalogue

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"fermata/sim"
	"fermata/sim/explore"
)

// Space is everything that happens in a case's scope: every state, and every choice taken in it with its step and its
// reply. Two cases with equal Sums do the same under every schedule, state by state.
type Space struct {
	States, Transitions int64
	// Sum is a hash over all of it, in the order of a search that leaves nothing out.
	Sum [sha256.Size]byte
}

// SpaceOf walks the whole space of a case, judging nothing. The error is code that broke out, or ErrUncovered.
func SpaceOf(c *Case, statesMax int64) (Space, error) {
	system := c.instance().system
	system.Judge, system.Histories, system.Alike = nil, false, nil
	m := sim.NewMemo(system)
	defer m.Close()
	sum, line := sha256.New(), []byte(nil)
	r := explore.Cached(m, explore.Options{
		Without: explore.Symmetry | explore.Sleep, StatesMax: statesMax,
		Entered: func(m *sim.Machine, open int) {
			line = binary.LittleEndian.AppendUint64(line[:0], m.Fingerprint())
			line = binary.LittleEndian.AppendUint32(line, uint32(open))
			for id := range m.Actors() {
				line = binary.LittleEndian.AppendUint64(line, m.PendingDigest(sim.ActorID(id)))
			}
			line = m.Key(line)
			line = binary.LittleEndian.AppendUint32(line, uint32(len(line)))
			sum.Write(line)
		},
	})
	s := Space{States: r.States, Transitions: r.Transitions}
	sum.Sum(s.Sum[:0])
	switch {
	case r.Failure != nil:
		return s, r.Failure
	case !r.Exhausted:
		return s, fmt.Errorf("%w: cut by its limit of %s", ErrUncovered, r.Limit)
	}
	return s, nil
}
