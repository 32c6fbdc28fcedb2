package redis

import (
	"errors"
	"fmt"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Server is what a World sends its commands to.
type Server interface {
	// Name says which Redis it is; Prefix stands before every key.
	Name() string
	Prefix() string
	// Do sends one command and gives its reply: nil, an int64, a string, or a list of replies.
	Do(args ...any) (any, error)
	// Eval runs a script as one command.
	Eval(script string, keys []string, args ...any) (any, error)
	// Pipeline sends many commands at once.
	Pipeline(commands [][]any) error
	// Keys lists the own keys, with the prefix; Clear deletes them.
	Keys() ([]string, error)
	Clear() error
	// Commands counts the commands so far.
	Commands() int64
	// Exact tells whether times to live are exact: real time does not pass on the server.
	Exact() bool
	Close() error
}

// ErrDiffers is a Redis that does not do as the World says.
var ErrDiffers = errors.New("the Redis and the model of it differ")

// ErrNoCommands is a part that is not made of Redis commands.
var ErrNoCommands = errors.New("not on a Redis")

// World is a World whose parts are on a Redis too. It implements sim.World. After the first error it sends nothing
// more; Err tells it.
type World struct {
	*world.World
	server Server
	err    error
	// loaded tells that the server holds what the World does, checked that nothing was done since it was compared.
	loaded, checked bool
	steps           int
}

// New puts a World on a Redis. What the server holds under the prefix is replaced at the first step.
func New(w *world.World, server Server) (*World, error) {
	p := w.Parts()
	for _, part := range []struct{ what, name string }{{"lock", p.Lock}, {"queue", p.Queue}, {"store", p.Store}} {
		switch part.name {
		case "local", "postgres", "postgres-reentrant", "sql":
			return nil, fmt.Errorf("%w: %s %s has no commands of Redis", ErrNoCommands, part.what, part.name)
		}
	}
	return &World{World: w, server: server, checked: true}, nil
}

// Err is the first error of the server, or ErrDiffers with where.
func (w *World) Err() error { return w.err }

// Reset compares what the server holds at the end of a run, and starts the next.
func (w *World) Reset() {
	w.Check()
	w.World.Reset()
	w.loaded = false
}

// Restarted has the server hold what is left of a process, under its old name.
func (w *World) Restarted(a sim.ActorID) {
	w.World.Restarted(a)
	w.loaded = false
}

// Load puts a saved state back, here and on the server.
func (w *World) Load(src []byte) []byte {
	rest := w.World.Load(src)
	w.loaded = false
	return rest
}

// Apply takes the step here and on the server, and compares the answers.
func (w *World) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	if w.err == nil && !w.loaded {
		w.err = w.load()
		w.loaded = w.err == nil
	}
	now := int64(w.Now())
	c, sends := w.command(a, s, now)
	r := w.World.Apply(a, s, alt)
	w.checked = false
	w.steps++
	switch {
	case w.err != nil:
	case sweeper.Verb(s.Verb) == sweeper.ClockAdvance, sweeper.Verb(s.Verb) == sweeper.ClockWait:
		w.err = w.passTime()
	case sweeper.Verb(s.Verb) == sweeper.FaultPause, sweeper.Verb(s.Verb) == sweeper.FaultRedeliver:
		w.err = w.load()
	case sends:
		w.err = w.send(a, s, c, r)
	}
	return r
}

// send sends a step's commands and compares what the server answers with what the World did.
func (w *World) send(a sim.ActorID, s *sim.Step, c command, r sim.Reply) error {
	got, err := w.do(c)
	if err != nil {
		return fmt.Errorf("%s: %w", w.StepText(a, s), err)
	}
	want, have := w.expected(s, r), answer(s, got)
	if c.unchanged {
		want = "false"
	}
	if want != have {
		return fmt.Errorf("%w: %s: expected %s, %s answered %s", ErrDiffers, w.StepText(a, s), want,
			w.server.Name(), have)
	}
	return nil
}

func (w *World) do(c command) (any, error) {
	if c.script != "" {
		return w.server.Eval(c.script, c.keys, c.args...)
	}
	return w.server.Do(c.args...)
}

// load makes the server hold what the World holds.
func (w *World) load() error {
	if err := w.server.Clear(); err != nil {
		return err
	}
	var commands [][]any
	for _, k := range w.Keys() {
		name := w.server.Prefix() + k.Name
		for _, f := range k.Fields {
			commands = append(commands, writing(k.Kind, name, f))
		}
		if k.TTL > 0 {
			commands = append(commands, []any{"PEXPIRE", name, k.TTL + w.reserve()})
		}
	}
	if len(commands) == 0 {
		return nil
	}
	return w.server.Pipeline(commands)
}

func writing(kind world.KeyKind, key string, f world.Field) []any {
	switch kind {
	case world.KeyString:
		return []any{"SET", key, f.Value}
	case world.KeyHash:
		return []any{"HSET", key, f.Name, f.Value}
	case world.KeySet:
		return []any{"SADD", key, f.Name}
	case world.KeyList:
		return []any{"RPUSH", key, f.Name}
	}
	return []any{"ZADD", key, score(f.Score), f.Name}
}

// reserveMs is what a lease gets more on a server on which real time passes, so that the little that may be left of it
// in virtual time does not end in real time.
const reserveMs = 60_000

func (w *World) reserve() int64 {
	if w.server.Exact() {
		return 0
	}
	return reserveMs
}

// passTime moves the expiry of the locks with the time: what is over expires now, and a lease that never ends in
// this scenario is put off.
func (w *World) passTime() error {
	left := map[string]int64{}
	for _, k := range w.Keys() {
		if k.TTL > 0 {
			left[w.server.Prefix()+k.Name] = k.TTL + w.reserve()
		}
	}
	names, err := w.server.Keys()
	if err != nil {
		return err
	}
	for _, name := range names {
		ttl, err := w.server.Do("PTTL", name)
		if err != nil {
			return err
		}
		if n, ok := ttl.(int64); !ok || n < 0 {
			continue
		}
		if _, err := w.server.Do("PEXPIRE", name, left[name]); err != nil { // 0 expires at once
			return err
		}
	}
	return nil
}

// Check compares everything that the server holds with what the World does.
func (w *World) Check() {
	if w.err != nil || w.checked || !w.loaded {
		return
	}
	w.checked = true
	w.err = w.compare()
}

// Steps counts the steps that were taken.
func (w *World) Steps() int { return w.steps }

// Close deletes what is the World's own from the server, and ends the connection.
func (w *World) Close() error {
	return w.server.Close()
}
