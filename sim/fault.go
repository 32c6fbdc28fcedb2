package sim

// faults appends the faults that may fire.
func (m *Machine) faults(dst []Choice) []Choice {
	for i := range m.actors {
		a := &m.actors[i]
		if a.spec.MayFail && m.canStep(a) {
			for _, k := range [...]FaultKind{ErrorBefore, ErrorAfter} {
				if m.world.MayFail(a.pending, k) {
					dst = append(dst, Choice{a.id, 0, k})
				}
			}
		}
		for _, k := range [...]FaultKind{Crash, Restart} {
			if m.speaksForServer(a, k) {
				dst = append(dst, Choice{a.id, 0, k})
			}
		}
		if a.owner == a.id && a.spec.MayPause && m.alive(a) && m.world.FaultStep(Pause, a.id, 0, &m.fault) {
			dst = append(dst, Choice{a.id, 0, Pause})
		}
	}
	if m.sys.Redelivers {
		for n := 0; m.world.FaultStep(Redeliver, Clock, n, &m.fault); n++ {
			dst = append(dst, Choice{Clock, uint8(n), Redeliver})
		}
	}
	return dst
}

// may tells whether the scope allows a fault that kills for the actor.
func (s *ActorSpec) may(k FaultKind) bool {
	return k == Crash && s.MayCrash || k == Restart && s.MayRestart
}

// SameFaults tells whether the scope allows the same faults for two actors.
func (s *ActorSpec) SameFaults(t *ActorSpec) bool {
	return s.MayCrash == t.MayCrash && s.MayFail == t.MayFail &&
		s.MayRestart == t.MayRestart && s.MayPause == t.MayPause
}

// speaksForServer tells whether the actor is the first of its server whom the fault may hit and who is alive:
// the crash of a server is one choice.
func (m *Machine) speaksForServer(a *Actor, k FaultKind) bool {
	if a.owner != a.id || !a.spec.may(k) || !m.alive(a) {
		return false
	}
	for i := range m.actors[:a.id] {
		b := &m.actors[i]
		if m.alive(b) && b.spec.may(k) && b.spec.Server == a.spec.Server && b.spec.Server != "" {
			return false
		}
	}
	return true
}

// takeFault takes a fault that is a choice of its own.
func (m *Machine) takeFault(c Choice) {
	switch c.Fault {
	case Crash:
		m.crash(c.Actor)
		m.mix(c, 0)
	case Restart:
		m.restart(c.Actor)
		m.mix(c, 0)
	default:
		t := &m.transition
		m.world.FaultStep(c.Fault, c.Actor, int(c.Alt), &m.advanced)
		t.Step = &m.advanced
		t.Reply = m.world.Apply(c.Actor, t.Step, 0)
		m.mix(c, m.world.Digest(c.Actor, t.Step, t.Reply))
		m.pass()
	}
}

// crash ends every actor of the server of a, without any further effect.
func (m *Machine) crash(id ActorID) {
	if m.hosted != nil {
		m.crashHosted(id)
		return
	}
	for i := range m.actors {
		a := &m.actors[i]
		if a.state != parked || !m.together(id, a) {
			continue
		}
		m.kill(a)
		a.state = crashed
		m.world.Crashed(a.id)
	}
}

// together tells whether an actor lives in the process of another, or is that.
func (m *Machine) together(id ActorID, a *Actor) bool {
	server := m.actors[id].spec.Server
	return a.id == id || server != "" && a.spec.Server == server
}

// kill ends the operation in progress without any further effect.
func (m *Machine) kill(a *Actor) {
	if m.trees == nil {
		a.co.abandon()
		m.checkFailure(a)
	} else if f := m.trees[a.id].end(a.node); f != nil {
		m.fail(f)
	}
}

// restart ends the operations in progress on the server of a, and has its actors go on with their next ones on a
// fresh server. An operation that has taken no step was never called: it is undertaken again.
func (m *Machine) restart(id ActorID) {
	if m.hosted != nil {
		panic("sim: the server of code that a Host runs cannot be restarted")
	}
	for i := range m.actors {
		if a := &m.actors[i]; a.state == parked && m.together(id, a) {
			m.kill(a)
		}
		if a := &m.actors[i]; m.together(id, a) && a.state != crashed {
			m.world.Restarted(a.id)
		}
	}
	if spec := m.actors[id].spec; m.sys.Restart != nil && m.failure == nil {
		name := spec.Server
		if name == "" {
			name = spec.Name
		}
		m.sys.Restart(name)
	}
	for i := range m.actors {
		if a := &m.actors[i]; a.state == parked && m.together(id, a) && m.failure == nil {
			m.comeBack(a)
		}
	}
}

// comeBack lets an actor that was killed go on.
func (m *Machine) comeBack(a *Actor) {
	switch {
	case m.trees != nil:
		m.follow(a, m.trees[a.id].restart(a.node, m.sys.Cut))
	case a.first:
		op := a.doing
		a.undertake(a.pos, op)
		m.run(a, &op)
	default:
		m.begin(a, a.pos+1, m.sys.Cut)
	}
}

// restart is where an actor goes that is restarted at node n, once its operation in progress has ended: to the next
// one, or, at a root, where it is.
func (t *replyTree) restart(n int32, cut Reply) *edge {
	node := t.nodes[n]
	if node.restart == nil {
		e := &edge{node: n, reply: cut}
		if node.parent != noNode {
			t.rest()
			e.node, e.idle = t.begin(node.pos+1, cut)
		}
		node.restart = e
	}
	return node.restart
}
