package world

import (
	"context"
	"encoding/binary"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// fence is a workflow's fencing tokens: the last that its lock has issued, and the newest that the store has seen.
type fence struct {
	workflow     sim.Object
	issued, seen uint32
}

// CanFence tells whether the lock can give tokens and the store refuse a write with an old one in the write itself: a
// Redisson lock by its RFencedLock, a row of PostgreSQL by a column; a table by the condition of an update. A Redis
// store whose writes are single commands cannot, nor a lock that counts holds within its process or does not lock.
func (p Parts) CanFence() bool {
	return (p.Lock == "redisson" || p.Lock == "postgres") && p.Store != "redis"
}

// fence gives the tokens of a workflow, made on first use; the order is that of the ids.
func (w *World) fence(workflow sim.Object) *fence {
	at := 0
	for ; at < len(w.fences); at++ {
		if w.fences[at].workflow == workflow {
			return &w.fences[at]
		}
		if w.pool.names[w.fences[at].workflow] > w.pool.names[workflow] {
			break
		}
	}
	w.fences = slices.Insert(w.fences, at, fence{workflow: workflow})
	return &w.fences[at]
}

// token answers an acquire that succeeded: a new hold gets the next token, a hold that is entered again its own, which
// is the last one issued.
func (w *World) token(workflow sim.Object, newHold bool) sim.Reply {
	if !w.cfg.Fence {
		return sim.Reply{}
	}
	f := w.fence(workflow)
	if newHold {
		f.issued++
	}
	return sim.Reply{N: int64(f.issued)}
}

// admits tells whether the store takes a step: it refuses one whose token is older than the newest that it saw.
func (w *World) admits(v sweeper.Verb, s *sim.Step) bool {
	if !w.cfg.Fence || s.B == 0 {
		return true
	}
	var workflow sim.Object
	switch v {
	case sweeper.DAOUpdateWorkflow, sweeper.DAOGetWorkflow:
		workflow = s.Object
	case sweeper.DAORemoveTask:
		workflow = s.Other
	case sweeper.DAOUpdateTask:
		workflow = w.pool.object(string(w.pool.entries[s.Ref].task.WorkflowID))
	case sweeper.DAOCreateTasks:
		first := w.pool.entries[s.Ref].list[0]
		workflow = w.pool.object(string(w.pool.entries[first].task.WorkflowID))
	default:
		return true
	}
	f := w.fence(workflow)
	if uint32(s.B) < f.seen {
		return false
	}
	f.seen = uint32(s.B)
	return true
}

// carry has a step of the store carry the token of the context, if it has one of the workflow.
func (w *World) carry(ctx context.Context, s *sim.Step, id model.WorkflowID) {
	if !w.cfg.Fence {
		return
	}
	if s.B = int64(sweeper.TokenOf(ctx, id)); s.B != 0 {
		s.Touch(w.pool.object("fence "+string(id)), sim.Write)
	}
}

// encodeFences appends the tokens: nothing where there are none.
func encodeFences(dst []byte, fences []fence, there bool) []byte {
	if !there {
		return dst
	}
	dst = append(dst, byte(len(fences)))
	for _, f := range fences {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(f.workflow))
		dst = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(dst, f.issued), f.seen)
	}
	return dst
}

func (w *World) loadFences(r *reader) {
	if !w.cfg.Fence {
		return
	}
	w.fences = w.fences[:0]
	for range int(r.byte()) {
		w.fences = append(w.fences, fence{sim.Object(r.u16()), r.u32(), r.u32()})
	}
}

type fencePort struct{ lockPort }

func (p fencePort) AcquireToken(
	ctx context.Context, id model.WorkflowID, timeToTry, lease model.Millis,
) (sweeper.Token, error) {
	r := p.try(ctx, id, timeToTry, lease)
	if r.Code != done {
		return 0, errorOf(r)
	}
	return sweeper.Token(r.N), nil
}
