package sim

// World is everything that actors share: stores, queues, locks and the clock. It is not safe for
// concurrent use; each worker has its own.
type World interface {
	// Reset puts the World into its start state.
	Reset()
	// Enabled tells whether the actor's step can be taken now. Only a blocking step ever cannot.
	Enabled(actor ActorID, s *Step) bool
	// Alternatives is the number of replies that the schedule may choose from, at least 1, when
	// the clock may advance that many times yet.
	Alternatives(actor ActorID, s *Step, advances int) int
	// AltReply is the reply that alternative alt of a step with several gives; no effect.
	AltReply(actor ActorID, s *Step, alt int) Reply
	// Apply takes the step and answers it. Afterwards nothing is shared between the two.
	Apply(actor ActorID, s *Step, alt int) Reply
	// NextAdvance describes the clock's next step, to the next deadline that may fire and can
	// change a reply; false if there is none. Apply takes it, with the actor Clock.
	NextAdvance(s *Step) bool
	// FaultReply is the reply of a step that fails by an injected error.
	FaultReply(s *Step) Reply
	// MayFail tells whether an error may be injected into the step, before its effect or after it.
	MayFail(s *Step, k FaultKind) bool
	// FaultStep describes the step that a pause of an actor is, or the redelivery of that number; false if there is
	// none. Apply takes it.
	FaultStep(k FaultKind, actor ActorID, alt int, s *Step) bool
	// Crashed tells that the actor is dead from now on: its leases are a dead owner's. No lock is
	// freed and no object touched.
	Crashed(actor ActorID)
	// Restarted tells the same of what the actor was until now: it is there again, and what it held is not its own.
	Restarted(actor ActorID)

	// Save appends the whole state; Load puts it back and returns what follows it.
	Save(dst []byte) []byte
	Load(src []byte) []byte
	// Key appends what can still matter: Save without what no later reply can depend on, with
	// deadlines as the time that remains. Equal keys behave equally. A key tells its own end, so that
	// keys can stand behind one another.
	Key(dst []byte) []byte

	// Digest is a hash of a step and its reply by content, the same in every process.
	Digest(actor ActorID, s *Step, r Reply) uint64
	// StepText is the step in a schedule: verb and arguments. ReplyText is what follows "=>", empty
	// for a reply that says nothing.
	StepText(actor ActorID, s *Step) string
	ReplyText(s *Step, r Reply) string
	// ObjectName is the name of an object.
	ObjectName(o Object) string
}

// QuickWorld is a World with short answers to what a Machine asks at every step.
type QuickWorld interface {
	World
	// Quick is the World of which the answers are true: itself. A World that embeds it, and may answer otherwise at
	// length, is not asked in short.
	Quick() World
	// Plain tells that the step can be taken and has one alternative, whatever state the World is in.
	Plain(s *Step) bool
	// MayAdvance tells whether NextAdvance describes a step.
	MayAdvance() bool
}

// quick is the World as one with short answers; nil if it is none.
func quick(w World) QuickWorld {
	if q, ok := w.(QuickWorld); ok && q.Quick() == w {
		return q
	}
	return nil
}

// Transition is one choice taken, as a Judge sees it, after its effect.
type Transition struct {
	Number int // of the step in its run, from 1
	Choice Choice
	// Actor is on whose behalf it was taken: the choice's actor, or the one that this is a thread of.
	Actor ActorID
	// Step is what was done and Reply what it answered; nil for a crash and a restart.
	Step  *Step
	Reply Reply
	// Op is the operation that the step belongs to; nil for the clock and for faults that are choices of their own.
	// OpNumber counts the actor's operations from 0. First and Last tell whether the step opens and closes it; Result
	// is what it returned if Last.
	Op          *Operation
	OpNumber    int
	First, Last bool
	Result      Reply
	// Site are the program counters of the port call that made the step, from the port up, for
	// runtime.CallersFrames; nil unless Machine.RecordSites asked for them.
	Site []uintptr
}

// Rest is a run in which no choice is left.
type Rest struct {
	// Blocked are the actors that have a step which cannot be taken.
	Blocked []ActorID
	// Crashed are the actors that were crashed.
	Crashed []ActorID
	// Waiting are the actors that have an operation in progress but no step of it: asleep for ever, or in wait of
	// another. Only a Host runs such code.
	Waiting []ActorID
	History History
}

// Violation is a finding: which oracle, about which object, and what it saw.
type Violation struct {
	Oracle  string
	Object  string
	Message string
	// Judging tells whether the oracle decides the verdict; else the violation is also seen.
	Judging bool
}

// Judge watches a run. What it keeps from one step to the next is its residual; it is part of the
// state of a run, and as small as its oracles allow.
type Judge interface {
	// Reset forgets the residual, at the start of a run.
	Reset()
	// Observe sees a transition and reports what it violates.
	Observe(t *Transition) []Violation
	// AtRest sees the end of a run and reports what it violates.
	AtRest(r *Rest) []Violation
	// Save appends the residual; Load puts it back and returns what follows it.
	Save(dst []byte) []byte
	Load(src []byte) []byte
}

// Commuter is a Judge that knows which steps it need not see in both orders.
type Commuter interface {
	// Commutes tells whether two steps of different actors that conflict in no object are the same to the judge in
	// either order: the residual at the end is the same, and so is what it reports. Of b the Reply and the Result
	// are not known.
	Commutes(a, b *Transition) bool
}

// ActorSpec is one actor of a System.
type ActorSpec struct {
	Name string
	// Server names the process that the actor lives in; actors of one server crash together.
	Server string
	Script Script
	// MayCrash and the others tell which faults the scope allows for it.
	MayCrash, MayFail, MayRestart, MayPause bool
}

// System is what a Machine runs: actors over a World within a budget, watched by a Judge. A Machine
// owns the System it is given.
type System struct {
	World  World
	Actors []ActorSpec
	Budget Budget
	Limits Limits
	// Histories tells that the Judge judges histories: the canonical history is then part of a
	// run's state. Without it there is no history in a search that caches states, nor if there is no
	// Judge.
	Histories bool
	// Judge may be nil.
	Judge Judge
	// Alike are classes of actors that may take each other's part: scripts and code are the same but for the names,
	// and each lives alone on its server. No actor's code depends on who is who: it may pass a name on, in an id say,
	// and compare it with another, and do nothing else with it; Machine.RecheckAs looks. A search that caches states
	// takes states that differ only in who is who for one, if the World is a RenamerWorld and the Judge a Renamer.
	Alike [][]ActorID
	// Numbers, if not nil, numbers what stands in the keys of a Machine made with NewMemo.
	Numbers Numbers
	// OperationName gives the word for an operation's verb.
	OperationName func(verb uint8) string
	// Start, if not nil, is called at the start of each run, after the World's Reset.
	Start func()
	// Host, if not nil, runs the code, which may then start goroutines, sleep, and wait. The World must be a
	// HostWorld.
	Host Host
	// Threads is how many goroutines of one actor can be held at once; 0 means ThreadsDefault. Only with a Host.
	Threads int
	// Stop, if not nil, is called at the end of each run, to end what Start began. Only with a Host.
	Stop func()
	// Redelivers tells that the scope allows redeliveries.
	Redelivers bool
	// Restart, if not nil, makes a server afresh that was restarted; the name is that of an actor that has none.
	Restart func(server string)
	// Cut is what an operation that a restart cut short is to its script. It stays without a return in the history.
	Cut Reply
	// Suspicious has every port call looked at: one from a goroutine that an actor's code started ends the run as a
	// Failure. Only without a Host. The ports must call Enter and Leave. Code that waits for such a goroutine in a way
	// that its end does not end waits for ever: such code needs a Host.
	Suspicious bool
}
