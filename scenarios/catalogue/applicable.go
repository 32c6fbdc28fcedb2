package catalogue

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fermata/sim"
	"fermata/sweeper"
)

// offers tells whether a server has an optional operation, by its name.
func offers(name string, s sweeper.Server) bool {
	switch name {
	case "UpdateTask":
		return is[sweeper.TaskUpdater](s)
	case "Poll":
		return is[sweeper.TaskPoller](s)
	case "Sweep":
		return is[sweeper.WorkflowSweeper](s)
	}
	for verb := range uint8(opEnd) {
		if r := requests[verb]; r.name == name {
			return r.offers(s)
		}
	}
	panic("catalogue: no operation is called " + name)
}

// is tells whether the server is a T.
func is[T any](s sweeper.Server) bool { _, ok := s.(T); return ok }

// notApplicableWords say why the scenario cannot be played with the engine; empty if it can. The error is that of a
// server that breaks out when it is made or closed.
func (c *Case) notApplicableWords() (string, error) {
	if why := cmp.Or(c.fenceless(), c.elsewhere()); why != "" {
		return why, nil
	}
	in := c.instance()
	var lacking []string
	look := func(server sweeper.Server) {
		lacking = nil
		for _, name := range c.needs() {
			if !offers(name, server) {
				lacking = append(lacking, name)
			}
		}
	}
	if err := c.makeServer(in, look); err != nil || len(lacking) == 0 {
		return "", err
	}
	return fmt.Sprintf("%s needs %s, which %s does not have",
		c.Scenario.Name, strings.Join(lacking, " and "), c.Engine.Name), nil
}

// fenceless says that the engine needs a fence, which the parts do not have; empty if not.
func (c *Case) fenceless() string {
	switch p := c.parts(); {
	case c.Engine.NeedsFence && !p.CanFence():
		return fmt.Sprintf("%s needs a lock that gives tokens and a store that refuses by them, which lock %s with "+
			"store %s is not", c.Engine.Name, p.Lock, p.Store)
	case c.Engine.NeedsFence && c.Backing != nil:
		return c.Engine.Name + " needs a store that refuses by tokens, which " + c.Backing.Name() + " has not"
	}
	return ""
}

// elsewhere says that there is nothing to see on a part of the case; empty if there is.
func (c *Case) elsewhere() string {
	s, p := c.Scenario, c.parts()
	for _, part := range []struct {
		kind, name string
		on         []string
	}{{"lock", p.Lock, s.Locks}, {"queue", p.Queue, s.Queues}, {"store", p.Store, s.Stores}} {
		if part.on != nil && !slices.Contains(part.on, part.name) {
			return fmt.Sprintf("%s is about the %s %s, and has nothing to see on %s",
				s.Name, part.kind, strings.Join(part.on, " or "), part.name)
		}
	}
	return ""
}

// needs are the operations that the case's actors ask for.
func (c *Case) needs() []string {
	if c.Scope.Redelivered {
		return append(slices.Clone(c.Scenario.Needs), "Sweep")
	}
	if c.Scope.Branches > 0 {
		return append(slices.Clone(c.Scenario.Needs), requests[opSystemTasks].name)
	}
	return c.Scenario.Needs
}

// makeServer makes a server that runs nothing, where its kind of engine runs.
func (c *Case) makeServer(in *instance, look func(sweeper.Server)) error {
	if c.Host == nil {
		look(c.Engine.New(in.cast.ports, in.cast.settings()))
		return nil
	}
	s := &server{}
	m := sim.New(&sim.System{World: resting{in.world}, Host: c.Host, Stop: s.close, Start: func() {
		s.begin(c.Engine, in.cast.ports, in.cast.settings())
		look(s.sweeps)
	}})
	m.Close()
	if f := m.Failure(); f != nil {
		return f
	}
	return nil
}

// notApplicable is the report of a case that cannot be played, or not be run; nil if it can.
func (c *Case) notApplicable(command string) (*Report, error) {
	if err := c.runnable(); err != nil {
		return nil, err
	}
	why, err := c.notApplicableWords()
	var broke *sim.Failure
	switch {
	case errors.As(err, &broke):
		return &Report{Case: c, Command: command, Verdict: Unknown, Reason: broke.Error()}, nil
	case err != nil:
		return nil, err
	case why != "":
		return &Report{Case: c, Command: command, Verdict: NotApplicable, Reason: why}, nil
	}
	return nil, nil
}
