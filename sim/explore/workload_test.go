package explore_test

import (
	"fermata/sim"
	"fermata/sim/tiny"
)

// The objects of workload W, for each workflow.
const (
	oStatus sim.Object = 1 + iota
	oTask
	oTaskQueue
	oLock
	oDecider
	perWorkflow = 5
)

const (
	running   = 0
	completed = 1
)

// once is a script of one operation for each workflow.
func once(workflows int, program func(a *sim.Actor, base sim.Object) uint16) sim.Script {
	run := func(a *sim.Actor, op *sim.Operation) sim.Reply {
		return sim.Reply{Code: program(a, op.Object)}
	}
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return sim.Operation{Verb: 1, Object: sim.Object(pos * perWorkflow), Run: run}, pos < workflows
	}
}

// sweepOld is program S of workload W: lookup, then lock.
func sweepOld(a *sim.Actor, w sim.Object) uint16 {
	status, task := tiny.ReadBoth(a, w+oStatus, w+oTask)               // s1
	if task == 0 && tiny.Do(a, tiny.Read, w+oTaskQueue, 0).Code == 0 { // s2
		tiny.Do(a, tiny.Write, w+oTaskQueue, 1) // s3
	}
	if tiny.Do(a, tiny.TryLock, w+oLock, 0).Code == 1 { // s4
		write := int64(status)
		if task == 1 {
			write = completed
		}
		tiny.Do(a, tiny.Write, w+oStatus, write) // s5
		tiny.Do(a, tiny.Unlock, w+oLock, 0)      // s6
		if write == completed {
			tiny.Do(a, tiny.Write, w+oDecider, 0) // s7
			return 0
		}
	}
	tiny.Do(a, tiny.Touch, w+oDecider, 0) // s8
	return 0
}

// sweepFixed is program F of workload W: lock, then lookup.
func sweepFixed(a *sim.Actor, w sim.Object) uint16 {
	if tiny.Do(a, tiny.TryLock, w+oLock, 0).Code == 0 { // f1
		tiny.Do(a, tiny.Touch, w+oDecider, 0) // f2
		return 0
	}
	status, task := tiny.ReadBoth(a, w+oStatus, w+oTask) // f3
	write := int64(status)
	if task == 1 {
		write = completed
	} else if tiny.Do(a, tiny.Read, w+oTaskQueue, 0).Code == 0 { // f4
		tiny.Do(a, tiny.Write, w+oTaskQueue, 1) // f5
	}
	tiny.Do(a, tiny.Write, w+oStatus, write) // f6
	if write == completed {                  // f7
		tiny.Do(a, tiny.Write, w+oDecider, 0)
	} else {
		tiny.Do(a, tiny.Touch, w+oDecider, 0)
	}
	tiny.Do(a, tiny.Unlock, w+oLock, 0) // f8
	return 0
}

// complete is program C; it returns 1 if it sees what it must not.
func complete(a *sim.Actor, w sim.Object) uint16 {
	tiny.Do(a, tiny.Write, w+oTask, 1) // c1
	tiny.Do(a, tiny.Lock, w+oLock, 0)  // c2
	tiny.ReadBoth(a, w+oStatus, w+oTask)
	tiny.Do(a, tiny.Write, w+oStatus, completed)
	tiny.Do(a, tiny.Write, w+oDecider, 0)
	tiny.Do(a, tiny.Unlock, w+oLock, 0)
	if tiny.Do(a, tiny.Read, w+oStatus, 0).Code == running { // c7
		return 1
	}
	return 0
}

// observe is program O; it returns 1 if it sees what it must not.
func observe(a *sim.Actor, w sim.Object) uint16 {
	first := tiny.Do(a, tiny.Read, w+oStatus, 0).Code
	second := tiny.Do(a, tiny.Read, w+oStatus, 0).Code
	if first == completed && second == running {
		return 1
	}
	return 0
}

// verdict judges the small programs: an operation that returned 1, or a bad end.
type verdict struct {
	bad    bool
	badEnd func() bool
	object string
}

func (j *verdict) Reset() { j.bad = false }

func (j *verdict) Observe(t *sim.Transition) []sim.Violation {
	if t.Last && t.Result.Code == 1 {
		return j.violation("observed")
	}
	return nil
}

func (j *verdict) AtRest(*sim.Rest) []sim.Violation {
	if j.badEnd() {
		return j.violation("at-rest")
	}
	return nil
}

func (j *verdict) violation(oracle string) []sim.Violation {
	j.bad = true
	return []sim.Violation{{Oracle: oracle, Object: j.object, Judging: true}}
}

func (j *verdict) Save(dst []byte) []byte {
	if j.bad {
		return append(dst, 1)
	}
	return append(dst, 0)
}

func (j *verdict) Load(src []byte) []byte {
	j.bad = src[0] == 1
	return src[1:]
}

// KeyAs is Save: the residual names nobody.
func (j *verdict) KeyAs(dst []byte, _ []sim.ActorID) ([]byte, bool) { return j.Save(dst), true }

// About is nothing.
func (j *verdict) About(dst []byte, _ sim.ActorID) []byte { return dst }

// Commutes is true: the judge looks at results and ends alone.
func (j *verdict) Commutes(_, _ *sim.Transition) bool { return true }

// workload is W with that many sweepers, each sweeping every workflow, and a completer and an
// observer for each workflow.
func workload(sweepers int, sweep func(*sim.Actor, sim.Object) uint16, workflows int) *sim.System {
	w := tiny.New(workflows * perWorkflow)
	for i := range workflows {
		w.Locks = append(w.Locks, sim.Object(i*perWorkflow)+oLock)
		w.Start[i*perWorkflow+int(oTaskQueue)] = 0
		w.Start[i*perWorkflow+int(oDecider)] = 1
	}
	s := &sim.System{World: w, OperationName: func(uint8) string { return "run" }}
	var alike []sim.ActorID
	for i := range sweepers {
		s.Actors = append(
			s.Actors,
			sim.ActorSpec{Name: "sweeper-" + string('1'+rune(i)), Script: once(workflows, sweep)},
		)
		alike = append(alike, sim.ActorID(i))
	}
	s.Alike = append(s.Alike, alike)
	for i := range workflows {
		base := sim.Object(i * perWorkflow)
		s.Actors = append(s.Actors,
			sim.ActorSpec{Name: "completer-" + string('1'+rune(i)), Script: on(base, complete)},
			sim.ActorSpec{Name: "observer-" + string('1'+rune(i)), Script: on(base, observe)})
	}
	s.Judge = &verdict{object: "w", badEnd: func() bool {
		for i := range workflows {
			if w.Cell[i*perWorkflow+int(oStatus)] == running {
				return true
			}
		}
		return false
	}}
	return s
}

// on is a script of one operation on one workflow.
func on(base sim.Object, program func(*sim.Actor, sim.Object) uint16) sim.Script {
	run := func(a *sim.Actor, op *sim.Operation) sim.Reply { return sim.Reply{Code: program(a, op.Object)} }
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return sim.Operation{Verb: 1, Object: base, Run: run}, pos == 0
	}
}

// bare is the scenario of table D.4: n sweepers that read, lock, write what they read plus one, and
// unlock; or lock first. An end below n has lost an update.
func bare(n int, lockFirst bool) *sim.System {
	w := tiny.New(2)
	const version, lock = 1, 2
	program := func(a *sim.Actor, _ sim.Object) uint16 {
		if lockFirst {
			tiny.Do(a, tiny.Lock, lock, 0)
		}
		v := tiny.Do(a, tiny.Read, version, 0).Code
		if !lockFirst {
			tiny.Do(a, tiny.Lock, lock, 0)
		}
		tiny.Do(a, tiny.Write, version, int64(v)+1)
		tiny.Do(a, tiny.Unlock, lock, 0)
		return 0
	}
	s := &sim.System{World: w, OperationName: func(uint8) string { return "run" }}
	for i := range n {
		s.Actors = append(s.Actors, sim.ActorSpec{Name: "sweeper-" + string('1'+rune(i)), Script: on(0, program)})
	}
	s.Judge = &verdict{object: "version", badEnd: func() bool { return int(w.Cell[version]) < n }}
	return s
}
