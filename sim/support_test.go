package sim_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// drivers are the two ways in which a Machine drives actors.
var drivers = []struct {
	name string
	make func(*sim.System) *sim.Machine
}{
	{"coroutines", sim.New},
	{"reply tree", sim.NewMemo},
}

// inBoth runs a test with each driver.
func inBoth(t *testing.T, test func(t *testing.T, make func(*sim.System) *sim.Machine)) {
	for _, d := range drivers {
		t.Run(d.name, func(t *testing.T) { test(t, d.make) })
	}
}

// single is a script of one operation.
func single(run func(a *sim.Actor)) sim.Script {
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return sim.Operation{Verb: 1, Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
			run(a)
			return r
		}}, pos == 0
	}
}

// write is an operation of n writes to one object.
func write(o sim.Object, n int) func(a *sim.Actor) {
	return func(a *sim.Actor) {
		for i := range n {
			tiny.Do(a, tiny.Write, o, int64(i)+1)
		}
	}
}

// verb numbers of timed, after those of tiny.
const (
	sleep     sim.Verb = 20 + iota // sets the deadline after which Object becomes 1
	draw                           // answers one of three, if the clock may advance yet
	advance                        // the clock's
	pause                          // the deadline comes while an actor stands still
	redeliver                      // Object becomes 0
)

const oTime sim.Object = 100

// timed is a tiny world with a clock, one deadline at a time, and a count of what was applied.
type timed struct {
	*tiny.World
	now, due byte
	object   sim.Object // what the deadline is about, 0 if there is none
	applied  int
	crashed  []sim.ActorID
	// restarted are the actors that came back.
	restarted []sim.ActorID
}

func newTimed(cells int) *timed { return &timed{World: tiny.New(cells)} }

func (w *timed) Reset() {
	w.World.Reset()
	w.now, w.due, w.object, w.crashed, w.restarted = 0, 0, 0, nil, nil
}

func (w *timed) Crashed(a sim.ActorID) { w.crashed = append(w.crashed, a) }

func (w *timed) Alternatives(_ sim.ActorID, s *sim.Step, advances int) int {
	if s.Verb == draw && advances > 0 {
		return 3
	}
	return 1
}

func (w *timed) AltReply(_ sim.ActorID, _ *sim.Step, alt int) sim.Reply {
	return sim.Reply{Code: uint16(alt) * 10}
}

func (w *timed) NextAdvance(s *sim.Step) bool {
	if w.object == 0 {
		return false
	}
	*s = sim.Step{Verb: advance, Object: w.object, A: int64(w.due - w.now)}
	s.Touch(oTime, sim.Write)
	s.Touch(w.object, sim.Write)
	return true
}

// FaultStep is a pause to the deadline, if there is one, or the redelivery of a cell that is not 0.
func (w *timed) FaultStep(k sim.FaultKind, _ sim.ActorID, alt int, s *sim.Step) bool {
	*s = sim.Step{}
	if k == sim.Pause {
		ok := w.NextAdvance(s)
		s.Verb = pause
		return ok
	}
	for o := 1; o < len(w.Cell); o++ {
		if w.Cell[o] == 0 {
			continue
		}
		if alt--; alt < 0 {
			*s = sim.Step{Verb: redeliver, Object: sim.Object(o)}
			s.Touch(s.Object, sim.Write)
			return true
		}
	}
	return false
}

func (w *timed) Restarted(a sim.ActorID) { w.restarted = append(w.restarted, a) }

func (w *timed) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	w.applied++
	switch s.Verb {
	case sleep:
		w.due, w.object = w.now+byte(s.A), s.Object
	case draw:
		return w.AltReply(a, s, alt)
	case redeliver:
		w.Cell[s.Object] = 0
	case advance, pause:
		w.now = w.due
		w.Cell[w.object], w.object = 1, 0
	default:
		return w.World.Apply(a, s, alt)
	}
	return sim.Reply{}
}

func (w *timed) Save(dst []byte) []byte {
	return append(w.World.Save(dst), w.now, w.due, byte(w.object))
}

func (w *timed) Key(dst []byte) []byte {
	return append(w.World.Key(dst), w.due-w.now, byte(w.object))
}

func (w *timed) Load(src []byte) []byte {
	src = w.World.Load(src)
	w.now, w.due, w.object = src[0], src[1], sim.Object(src[2])
	return src[3:]
}

func (w *timed) StepText(a sim.ActorID, s *sim.Step) string {
	switch s.Verb {
	case sleep:
		return fmt.Sprintf("sleep %d %s", s.A, w.ObjectName(s.Object))
	case draw:
		return "draw"
	case advance:
		return fmt.Sprintf("advance %d %s", s.A, w.ObjectName(s.Object))
	case redeliver:
		return "redeliver " + w.ObjectName(s.Object)
	}
	return w.World.StepText(a, s)
}

// instruction is one step of a random program. If it answers 0, the program skips some of what
// follows.
type instruction struct {
	step sim.Step
	skip int
}

func (i *instruction) String() string {
	return fmt.Sprintf("%d %d+%d", i.step.Verb, i.step.Object, i.skip)
}

// program is an operation: it returns the sum of what its steps answered.
type program []instruction

func (p program) run(a *sim.Actor, _ *sim.Operation) sim.Reply {
	var sum sim.Reply
	for i := 0; i < len(p); i++ {
		s := p[i].step
		r := a.Do(&s)
		sum.Code += r.Code
		if r.Code == 0 {
			i += p[i].skip
		}
	}
	return sum
}

const cells = 3

func drawProgram(t *rapid.T, name string) program {
	verbs := []sim.Verb{
		tiny.Read,
		tiny.Write,
		tiny.TryLock,
		tiny.Lock,
		tiny.Unlock,
		tiny.Add,
		tiny.Touch,
		sleep,
		draw,
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) instruction {
		s := sim.Step{
			Verb:   rapid.SampledFrom(verbs).Draw(t, "verb"),
			Object: sim.Object(rapid.IntRange(1, cells).Draw(t, "object")),
			A:      int64(rapid.IntRange(1, 3).Draw(t, "value")),
		}
		kind := sim.Write
		if s.Verb == tiny.Read {
			kind = sim.Read
		}
		s.Touch(s.Object, kind)
		switch s.Verb {
		case sleep:
			s.Touch(oTime, sim.Write) // there is one deadline, which it replaces
		case draw:
			s.Touch(oTime, sim.Read)
		}
		return instruction{s, rapid.IntRange(0, 2).Draw(t, "skip")}
	}), 0, 4).Draw(t, name)
}

// drawSystem draws two or three actors of up to two operations, with faults and time, and gives a
// function that makes the system afresh.
func drawSystem(t *rapid.T) func() *sim.System {
	n := rapid.IntRange(2, 3).Draw(t, "actors")
	scripts := make([][]program, n)
	specs := make([]sim.ActorSpec, n)
	for i := range n {
		for j := range rapid.IntRange(1, 2).Draw(t, "operations") {
			scripts[i] = append(scripts[i], drawProgram(t, fmt.Sprintf("program %d.%d", i, j)))
		}
		specs[i] = sim.ActorSpec{
			Name:     fmt.Sprintf("actor-%d", i),
			Server:   rapid.SampledFrom([]string{"", "server-1"}).Draw(t, "server"),
			MayFail:  rapid.Bool().Draw(t, "may fail"),
			MayCrash: rapid.Bool().Draw(t, "may crash"),

			MayRestart: rapid.Bool().Draw(t, "may restart"),
			MayPause:   rapid.Bool().Draw(t, "may pause"),
		}
	}
	redelivers := rapid.Bool().Draw(t, "redelivers")
	budget := sim.Budget{
		Advances: rapid.IntRange(0, 2).Draw(t, "advances"),
		Faults:   rapid.IntRange(0, 2).Draw(t, "faults"),
	}
	return func() *sim.System {
		s := &sim.System{
			World: newTimed(cells), Budget: budget, Histories: true, Redelivers: redelivers, Cut: sim.Reply{Code: 1},
		}
		for i := range specs {
			spec := specs[i]
			// The second operation is left out if the first answered 1.
			spec.Script = func(pos int, last sim.Reply) (sim.Operation, bool) {
				if pos == len(scripts[i]) || pos == 1 && last.Code == 1 {
					return sim.Operation{}, false
				}
				return sim.Operation{Verb: uint8(pos), Object: 1, Run: scripts[i][pos].run}, true
			}
			s.Actors = append(s.Actors, spec)
		}
		return s
	}
}

// effect is what there is to see of one choice.
type effect struct {
	Choice      sim.Choice
	Line        sim.Line
	Step        sim.Step
	Reply       sim.Reply
	Verb        uint8
	OpNumber    int
	First, Last bool
	Result      sim.Reply
}

// run is what there is to see of a run.
type run struct {
	Effects     []effect
	Open        [][]sim.Choice
	Fingerprint uint64
	History     sim.History
	World       string
	Left        sim.Budget
}

// goOn takes a choice after the other, by the picks and then the first, until none is left.
func goOn(m *sim.Machine, picks []int) run {
	var r run
	for i := 0; ; i++ {
		open := m.Choices(nil)
		r.Open = append(r.Open, open)
		if len(open) == 0 {
			break
		}
		at := 0
		if i < len(picks) {
			at = picks[i] % len(open)
		}
		m.Take(open[at])
		r.Effects = append(r.Effects, effectOf(m))
	}
	r.Fingerprint, r.Left = m.Fingerprint(), m.Left()
	r.History = append(r.History, m.History()...)
	r.World = string(m.System().World.Save(nil))
	return r
}

// everyRun makes every run of the machine's system, one after the other.
func everyRun(m *sim.Machine, saw func(r run)) {
	var picks []int
	for {
		m.Reset()
		r := goOn(m, picks)
		saw(r)
		n := len(r.Effects)
		picks = append(picks, make([]int, n-len(picks))...)
		for n > 0 && picks[n-1] == len(r.Open[n-1])-1 {
			n--
		}
		if n == 0 {
			return
		}
		picks = picks[:n]
		picks[n-1]++
	}
}

func effectOf(m *sim.Machine) effect {
	t := m.Transition()
	e := effect{
		Choice: t.Choice, Line: m.DescribeTaken(), Reply: t.Reply,
		OpNumber: t.OpNumber, First: t.First, Last: t.Last, Result: t.Result,
	}
	if t.Step != nil {
		e.Step = *t.Step
	}
	if t.Op != nil {
		e.Verb = t.Op.Verb
	}
	return e
}

func drawPicks(t *rapid.T) []int {
	return rapid.SliceOfN(rapid.IntRange(0, 59), 0, 20).Draw(t, "picks")
}
