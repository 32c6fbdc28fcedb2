package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// run is one set of servers over one set of ports, between two starts.
type run struct {
	p      *Process
	number int64
	ports  sweeper.Ports
	// open counts the calls in progress, and used tells that there was one.
	open    int
	used    bool
	servers int
}

// Engine is the process's engine as any other.
func (p *Process) Engine() sweeper.Engine {
	return sweeper.Engine{
		Name: p.Name, About: "in a process of its own, through the gate", Memoisable: p.memoisable, OneAtATime: true,
		New: p.server,
	}
}

// server makes a server of the present run of these ports; after a run's first call, of the next one.
func (p *Process) server(ports sweeper.Ports, settings sweeper.Settings) sweeper.Server {
	r := p.runs[ports.Lock]
	if r == nil || r.used {
		r.end()
		p.run++
		r = &run{p: p, number: p.run, ports: ports}
		p.runs[ports.Lock] = r
	}
	r.servers++
	return &server{run: r, name: fmt.Sprintf("server-%d", r.servers), settings: settingsOf(settings)}
}

// end lets the engine forget the run. A run with a call in progress is left as it is, and one that is
// used again afterwards begins anew.
func (r *run) end() {
	if r == nil || r.open > 0 || r.p.dead != nil {
		return
	}
	f, err := r.p.exchange(&request{Type: typeEnd, Run: r.number})
	if err == nil && (f.Type != typeEnded || f.Run != r.number) {
		_ = r.p.broken("expected the end of run %d, got a frame of type %q", r.number, f.Type)
	}
}

// server is an engine in the other process.
type server struct {
	run      *run
	name     string
	settings *settingsWire
}

var _ sweeper.FullServer = (*server)(nil)

// EngineError is an operation's end by an exception that has no sentinel here: "illegal-state" or "other".
type EngineError struct{ Kind, Message string }

func (e *EngineError) Error() string { return "gate: " + e.Kind + ": " + e.Message }

// errorOf is the error that an operation ended with.
func errorOf(f *answer) error {
	if f.Error == "" {
		return nil
	}
	for _, e := range errorNames {
		if e.name == f.Error {
			return fmt.Errorf("%w: %s", e.err, f.Message)
		}
	}
	return &EngineError{f.Error, f.Message}
}

// do begins an operation, lets its port calls go one by one as the schedule does, and returns what it
// returned. If the actor is unwound meanwhile, so is the operation in the other process.
func (s *server) do(ctx context.Context, op string, args any) (json.RawMessage, error) {
	p, a := s.run.p, world.Actor(ctx)
	p.call++
	c := &call{run: s.run, actor: a, number: p.call}
	s.run.open++
	s.run.used = true
	defer c.leave()
	f := c.exchange(&request{
		Type: typeCall, Run: s.run.number, Server: s.name, Actor: a.Name(), Call: c.number, Op: op, Args: args,
		Settings: s.settings,
	})
	for f.Type == typeStep {
		f = c.exchange(c.step(ctx, f))
	}
	if f.Type != typeDone {
		c.breaks(p.broken("expected step or done, got a frame of type %q", f.Type))
	}
	c.over = true
	return f.Value, errorOf(f)
}

// call is one operation in progress.
type call struct {
	run    *run
	actor  *sim.Actor
	number int64
	over   bool
}

// exchange sends a frame about the call, and breaks the actor off unless the answer is about it too.
func (c *call) exchange(r *request) *answer {
	p := c.run.p
	if clock, ok := c.run.ports.Env.(interface{ Present() model.Millis }); ok {
		r.Now = int64(clock.Present())
	}
	f, err := p.exchange(r)
	switch {
	case err != nil:
	case f.Type == typeFailure:
		c.over = true
		err = fmt.Errorf("%w: %s", ErrGate, f.Message)
	case f.Call != c.number:
		err = p.broken("a frame of type %q about call %d, while call %d is on", f.Type, f.Call, c.number)
	case f.Type == typeStep && f.Actor != c.actor.Name():
		err = p.broken("a step by %q in a call by %q", f.Actor, c.actor.Name())
	}
	if err != nil {
		c.breaks(err)
	}
	return f
}

func (c *call) breaks(err error) {
	c.over = true
	c.actor.Break(err)
}

// leave ends the call. If it is not over, the actor is being unwound.
func (c *call) leave() {
	c.run.open--
	if c.over || c.run.p.dead != nil {
		return
	}
	f, err := c.run.p.exchange(&request{Type: typeCrash, Call: c.number})
	if err == nil && (f.Type != typeCrashed || f.Call != c.number) {
		_ = c.run.p.broken("expected the crash of call %d, got a frame of type %q", c.number, f.Type)
	}
}

// step takes a port call of the operation, and makes the frame that answers it.
func (c *call) step(ctx context.Context, f *answer) *request {
	take := ports[f.Port]
	if take == nil {
		c.breaks(c.run.p.broken("unmodelled call: the table of port calls has no %q", f.Port))
	}
	r := &request{Type: typeReply, Call: c.number}
	value, err := take(ctx, c.run, f.Args)
	switch {
	case err == nil:
		r.Value = value
	case errors.Is(err, ErrGate):
		c.breaks(c.run.p.broken("%s: %s", f.Port, err))
	default:
		r.Error, r.Message = errorName(err), err.Error()
	}
	return r
}

func errorName(err error) string {
	for _, e := range errorNames {
		if errors.Is(err, e.err) {
			return e.name
		}
	}
	return "other"
}
