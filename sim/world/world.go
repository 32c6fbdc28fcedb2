package world

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// Deadlines says which deadlines may fire when the clock advances. A deadline of a kind that may not
// fire never comes: a lease, for example, then never ends.
type Deadlines struct {
	MessageVisibility bool // a message that is not yet due, or delivered and not acknowledged
	DeadOwnerLease    bool // the lease of a lock whose owner crashed
	LivingOwnerLease  bool // any other lease
	TaskTimeouts      bool // timeouts that the definitions set
}

// Config is what a World is made of.
type Config struct {
	Definitions []model.WorkflowDef
	// Start puts the start state into the World. It is called once.
	Start     func(w *World)
	Deadlines Deadlines
	// Advances is the scope's budget of advances. Without one, jitter is no step and always 0.
	Advances int
	// AtomicRepair offers the port of that name.
	AtomicRepair bool
	// Fence offers the port of that name, and has the store refuse writes by it. Only with parts that CanFence.
	Fence bool
	// ActorName names actors, for minted ids and for reading.
	ActorName func(sim.ActorID) string
	// Parts names the lock, the queue and the store.
	Parts Parts
	// Guarded has the ports call Enter and Leave of the actor: for code that a Host runs, or that is suspicious.
	Guarded bool
	// Lost, if not nil, hears of a call of a port without an actor, and does not return. Only with Guarded.
	Lost func(call string)
	// Numbers, if not nil, numbers names and values: worlds that share it have equal keys in equal states.
	Numbers sim.Numbers
	// Names, if not nil, are what worlds share of which one acts at a time: see Names. There is no Start then, and no
	// Numbers.
	Names *Names
	// MayFail tells which steps may fail, by their calls, and when; nil is every step of a port that can fail.
	MayFail func(call sweeper.Verb, k sim.FaultKind) bool
	// LockErrors is what an acquire answers that the lock service throws in.
	LockErrors LockErrors
	// Redelivers keeps apart what was delivered and not acknowledged, so that it can be redelivered.
	Redelivers bool
	// UnackTimeMs is how long a message that orkes delivered stays hidden; 0 is its own 30,000.
	UnackTimeMs model.Millis
}

// startTime is the virtual time at the start: the engine reads a timestamp of 0 as never set.
const startTime = 1_000_000

// World is the store, the queues, the locks and the clock. It implements sim.World.
type World struct {
	cfg      Config
	pool     *pool
	time     sim.Object
	decider  sim.Object
	removals sim.Object // written where many rows change at once, as by a removal; read with every task by its id
	now      int64
	flows    []flow
	queues   []queue
	locks    []lock
	keyspace keyspace
	fences   []fence // none without Config.Fence

	parts     Parts
	lockPart  lockPart
	queuePart queuePart
	storePart storePart

	crashed  uint64 // by actor
	settling bool
	timed    bool // the definitions set timeouts, so that records hold timestamps
	effect   Effect
	next     int64 // of nextDeadline in progress
	soonest  func(what string, queue, id sim.Object, at int64)
	start    []byte
	scratch  []sim.Ref

	// workflows are the names of listed, which Workflows listed last; listing is for the next.
	workflows       []model.WorkflowID
	listed, listing []sim.Object
	who             who
}

// New makes a World in its start state.
func New(cfg Config) *World {
	if cfg.UnackTimeMs == 0 {
		cfg.UnackTimeMs = 30_000
	}
	w := &World{cfg: cfg, pool: cfg.pool(), now: startTime}
	w.timed = slices.ContainsFunc(cfg.Definitions, Timed)
	w.time, w.decider = w.pool.object("time"), w.pool.object(model.DeciderQueue)
	w.removals = w.pool.object("removals")
	w.keyspace.keys = map[sim.Object]key{}
	w.soonest = func(_ string, _, _ sim.Object, at int64) { w.sooner(at) }
	w.assembleParts()
	if cfg.Start != nil {
		cfg.Start(w)
	}
	w.start = w.Save(nil)
	return w
}

// Reset puts the World into its start state.
func (w *World) Reset() {
	w.pool.forget()
	w.Load(w.start)
	w.effect.clear()
}

// Settling lets every kind of deadline fire, until it is called with false.
func (w *World) Settling(on bool) { w.settling = on }

// Object gives the number of a name.
func (w *World) Object(name string) sim.Object { return w.pool.object(name) }

// ObjectName gives the name of a number.
func (w *World) ObjectName(o sim.Object) string { return w.pool.names[o] }

// ActorName names an actor, or what it was before its server was restarted.
func (w *World) ActorName(id sim.ActorID) string {
	if isFormer(id) {
		return w.cfg.ActorName(id&^former) + " before its restart"
	}
	return w.cfg.ActorName(id)
}

// Last is what the last Apply did. It is no part of the state.
func (w *World) Last() *Effect { return &w.effect }

// Now is the virtual time.
func (w *World) Now() model.Millis { return model.Millis(w.now) }

// Enabled is true: no step of these parts blocks.
func (w *World) Enabled(sim.ActorID, *sim.Step) bool { return true }

// Quick is the World.
func (w *World) Quick() sim.World { return w }

// Plain is false only for a jitter.
func (w *World) Plain(s *sim.Step) bool { return sweeper.Verb(s.Verb) != sweeper.EnvJitter }

// Alternatives is 3 for a jitter that may still matter, none, least and most, and else 1.
func (w *World) Alternatives(_ sim.ActorID, s *sim.Step, advances int) int {
	if sweeper.Verb(s.Verb) == sweeper.EnvJitter && advances > 0 {
		return 3
	}
	return 1
}

// AltReply is the jitter that the alternative stands for.
func (w *World) AltReply(_ sim.ActorID, s *sim.Step, alt int) sim.Reply {
	return sim.Reply{N: [...]int64{0, -s.A, s.A}[alt]}
}

// The codes of replies.
const (
	done uint16 = iota
	no
	failedNotFound
	failedNotOwner
	failedInjected
	failedConflict
	refusedNotOwner // as failedNotOwner, which RedisLock swallows
	failedFenced
)

// Apply takes the step.
func (w *World) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	w.effect.clear()
	switch v := sweeper.Verb(s.Verb); v {
	case sweeper.LockAcquire, sweeper.LockRelease, sweeper.LockDelete:
		return w.lockPart.apply(v, a, s)
	case sweeper.EnvNow:
		return sim.Reply{N: w.now}
	case sweeper.EnvJitter:
		return w.AltReply(a, s, alt)
	case sweeper.ClockAdvance:
		w.advance(s)
		return sim.Reply{}
	case sweeper.ClockWait:
		w.advance(s)
		return sim.Reply{N: s.A}
	case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized, sweeper.OperationReturn:
		return sim.Reply{}
	case sweeper.RepairTask:
		return w.repairTask(s)
	case sweeper.FaultPause:
		w.outlast(a, s)
		return sim.Reply{}
	case sweeper.FaultRedeliver:
		w.queuePart.redeliver(s.Object, s.Other)
		if s.Object != w.decider {
			w.effect.Visible = append(w.effect.Visible, s.Other)
		}
		return sim.Reply{}
	default:
		if w.ofQueue(v, s) {
			return w.queuePart.apply(v, a, s)
		}
		if !w.admits(v, s) {
			return sim.Reply{Code: failedFenced}
		}
		return w.storePart.apply(v, a, s)
	}
}

// ofQueue tells whether a step is the queue's: by its verb, or by its key where it is a Redis command.
func (w *World) ofQueue(v sweeper.Verb, s *sim.Step) bool {
	if v.IsCommand() {
		return w.keyspace.keys[s.Object].kind >= keyMessages
	}
	if v >= sweeper.QueuePush && v <= sweeper.QueueProcessUnacks ||
		v == sweeper.QueuePushMillis || v == sweeper.QueueSetUnackTimeoutIfShorter {
		w.effect.Queue, w.effect.Message = s.Object, s.Other
		return true
	}
	return false
}

// Digest is a hash of the step and its reply by content.
func (w *World) Digest(a sim.ActorID, s *sim.Step, r sim.Reply) uint64 {
	p := w.pool
	h := mix(uint64(a)<<8|uint64(s.Verb)|uint64(s.Call)<<16, p.nameSum[s.Object])
	h = mix(mix(h, p.nameSum[s.Other]), p.sum(s.Ref))
	h = mix(mix(h, uint64(s.A)), uint64(s.B))
	h = mix(mix(h, uint64(r.Code)<<32^uint64(r.N)), p.nameSum[r.Object])
	return mix(h, p.sum(r.Ref))
}
