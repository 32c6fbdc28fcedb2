package cli

import (
	"fmt"
	"strings"

	"fermata/sim/gate"
)

// The prefixes of an engine in another process, before its command line; the second speaks over a
// loopback socket and leaves the process its standard output.
const (
	execPrefix   = "exec:"
	socketPrefix = "exec+tcp:"
)

// execName stands before the name that an engine of another process gives itself.
const execName = "exec-"

// processes are the engines of other processes that this call has started, by what was asked for.
type processes map[string]*gate.Process

// asked gives what was asked for to have the engine of that name; false if it is one of ours.
func (ps processes) asked(engine string) (string, bool) {
	for name, p := range ps { //tidy:unordered names are unique
		if execName+p.Name == engine {
			return name, true
		}
	}
	return "", false
}

func (ps processes) close() {
	for _, p := range ps { //tidy:unordered each is closed by itself
		p.Close()
	}
}

// engine gives the name by which an engine is known; one in another process is started first.
func (a *app) engine(name string) (string, error) {
	command, ok := strings.CutPrefix(name, execPrefix)
	o := gate.Options{}
	if !ok {
		if command, ok = strings.CutPrefix(name, socketPrefix); !ok {
			return name, nil
		}
		o.Socket = true
	}
	if p := a.started[name]; p != nil {
		return execName + p.Name, nil
	}
	p, err := gate.Start(command, o)
	if err != nil {
		return "", fmt.Errorf("--engine %s: %w", name, err)
	}
	e := p.Engine()
	e.Name = execName + e.Name
	for _, known := range a.extra {
		if known.Name == e.Name {
			p.Close()
			return "", fmt.Errorf("--engine %s: another engine is called %s already", name, e.Name)
		}
	}
	if a.started == nil {
		a.started = processes{}
	}
	a.started[name] = p
	a.extra = append(a.extra, e)
	return e.Name, nil
}
