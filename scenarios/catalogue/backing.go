package catalogue

import (
	"fmt"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
)

// Backing is something outside that the worlds of a case are run on too, step by step: a Redis. Searching and
// replaying go through it; shrinking, telling and settling are in memory, and what they arrive at is replayed.
type Backing interface {
	// Name says what it is, for the reader.
	Name() string
	// Back opens it for a world that no step has been taken on.
	Back(w *world.World) (Backed, error)
}

// Backed is a world that is run on a Backing too. After its first error it goes on in memory alone, so that a run
// always ends; what came of the run is then worth nothing.
type Backed interface {
	sim.World
	// Check compares all that the backing holds with the world.
	Check()
	// Err is the first error, or difference.
	Err() error
	// Close gives the backing up, and leaves nothing behind on it.
	Close() error
}

// backed makes an instance on the case's backing, if it has one. Close it with finish.
func (c *Case) backed() (*instance, error) {
	in := c.member(explore.NewNumbers())
	if c.Backing == nil {
		return in, nil
	}
	b, err := c.Backing.Back(in.world)
	if err != nil {
		return nil, err
	}
	in.backing, in.system.World = b, b
	return in, nil
}

// finish compares for the last time and closes the backing. Its errors come before what was found.
func (in *instance) finish(err *error) {
	if in.backing == nil {
		return
	}
	in.backing.Check()
	failed := in.backing.Err()
	closed := in.backing.Close()
	if failed != nil {
		*err = failed
	} else if *err == nil {
		*err = closed
	}
}

// halt is a search's Stop, which an error of the backing also sets.
func (in *instance) halt(stop func() bool) func() bool {
	if in.backing == nil {
		return stop
	}
	return func() bool { return in.backing.Err() != nil || stop != nil && stop() }
}

// replayBacked runs the choices of a finding on the case's backing.
func (c *Case) replayBacked(f *Finding) (err error) {
	if c.Backing == nil || len(f.Schedule.Lines) == 0 {
		return nil
	}
	in, err := c.backed()
	if err != nil {
		return err
	}
	defer in.finish(&err)
	m := sim.New(in.system)
	defer m.Close()
	if _, err := explore.Follow(m, f.Schedule.Lines, false, func([]sim.Violation) {}); err != nil {
		return err
	}
	if got := m.Fingerprint(); got != f.Fingerprint {
		return fmt.Errorf("%w: a finding has fingerprint %016x, and replayed on the backing %016x",
			ErrNondeterministic, f.Fingerprint, got)
	}
	explore.Finish(m, func([]sim.Violation) {})
	return nil
}
