package scenarios

import (
	"fmt"
	"strings"

	"fermata/sweeper"
)

// offers tells whether a server has an optional operation, by its name.
var offers = map[string]func(sweeper.Server) bool{
	"UpdateTask": func(s sweeper.Server) bool { _, ok := s.(sweeper.TaskUpdater); return ok },
	"Poll":       func(s sweeper.Server) bool { _, ok := s.(sweeper.TaskPoller); return ok },
}

// NotApplicable says why the scenario cannot be played with the engine; empty if it can.
func (c *Case) NotApplicable() string {
	in := c.instance()
	server := c.Engine.New(in.cast.ports, in.cast.settings())
	var lacking []string
	for _, name := range c.Scenario.Needs {
		if !offers[name](server) {
			lacking = append(lacking, name)
		}
	}
	if len(lacking) == 0 {
		return ""
	}
	return fmt.Sprintf("%s needs %s, which %s does not have",
		c.Scenario.Name, strings.Join(lacking, " and "), c.Engine.Name)
}

// notApplicable is the report of a case that cannot be played; nil if it can.
func (c *Case) notApplicable(command string) *Report {
	if why := c.NotApplicable(); why != "" {
		return &Report{Case: c, Command: command, Verdict: NotApplicable, Reason: why}
	}
	return nil
}
