package bubble_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/bubble"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// code is an operation's code: it calls its port with the context it is given, or one derived from it.
type code func(ctx context.Context, w port)

// port is the tiny world's, as an engine sees a port: the actor is in the context.
type port struct{ host *bubble.Host }

type actorKey struct{}

func (p port) do(ctx context.Context, v sim.Verb, o sim.Object, value int64) sim.Reply {
	a, ok := ctx.Value(actorKey{}).(*sim.Actor)
	if !ok {
		p.host.Lost("port")
	}
	return tiny.Do(a, v, o, value)
}

func (p port) write(ctx context.Context, o sim.Object, value int64) { p.do(ctx, tiny.Write, o, value) }
func (p port) read(ctx context.Context, o sim.Object) int {
	return int(p.do(ctx, tiny.Read, o, 0).Code)
}

// objects of the tiny world.
const (
	oA sim.Object = 1 + iota
	oB
	oC
	oD
)

// script is one operation after the other.
func script(p port, codes ...code) sim.Script {
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		if pos >= len(codes) {
			return sim.Operation{}, false
		}
		return sim.Operation{Verb: uint8(pos + 1), Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
			codes[pos](context.WithValue(a.Context(), actorKey{}, a), p)
			return r
		}}, true
	}
}

// system is a system of actors a, b, ... with one operation each.
func system(t *testing.T, codes ...code) *sim.System {
	h := bubble.New(t)
	s := &sim.System{World: tiny.New(4), Host: h, Histories: true, OperationName: func(uint8) string { return "run" }}
	for i, c := range codes {
		s.Actors = append(s.Actors, sim.ActorSpec{Name: string('a' + rune(i)), Script: script(port{h}, c)})
	}
	return s
}

// goOn takes a choice after the other, by the picks and then the first, and tells the run in words.
func goOn(m *sim.Machine, picks ...int) []string {
	var lines []string
	for i := 0; ; i++ {
		open := m.Choices(nil)
		if len(open) == 0 {
			return lines
		}
		at := 0
		if i < len(picks) {
			at = picks[i]
		}
		m.Take(open[at])
		l := m.DescribeTaken()
		text := l.Actor + " " + l.Step
		if l.Reply != "" && l.Reply != "0" {
			text += " => " + l.Reply
		}
		lines = append(lines, text)
	}
}

// everyRun gives every run of a system in words, in the order of a plain search.
func everyRun(t *testing.T, s *sim.System) []string {
	var runs []string
	m := sim.New(s)
	defer m.Close()
	r := explore.Plain(m, explore.Options{Ended: func(m *sim.Machine) {
		var b strings.Builder
		for _, c := range m.Taken() {
			fmt.Fprint(&b, m.ActorName(c.Actor), " ")
		}
		runs = append(runs, strings.TrimSpace(b.String()))
	}})
	require.Nil(t, r.Failure)
	require.True(t, r.Exhausted)
	return runs
}

// failureOf runs a system to its end and tells how the code broke out: in the run, or when it was ended.
func failureOf(t *testing.T, s *sim.System) *sim.Failure {
	m := sim.New(s)
	goOn(m)
	if f := m.Failure(); f != nil {
		m.Close()
		return f
	}
	m.Close()
	return m.Failure()
}

// soon is a Host that gives a run up early.
func soon(s *sim.System) *sim.System {
	s.Host.(*bubble.Host).Patience = 300 * time.Millisecond
	return s
}
