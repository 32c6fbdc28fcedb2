package postgres

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// call is one step on the database: what it sends, and the answer in the words of schedules.
type call struct {
	w      *World
	s      *sim.Step
	actor  sim.ActorID
	now    int64
	sent   bool
	answer string
	err    error
}

func (c *call) run() {
	v := sweeper.Verb(c.s.Verb)
	if c.sent = c.w.sqlVerb(v); !c.sent {
		return
	}
	object, other := c.w.ObjectName(c.s.Object), c.w.ObjectName(c.s.Other)
	switch {
	case v <= sweeper.LockDelete:
		c.lock(v, object)
	case v <= sweeper.QueueProcessUnacks, v == sweeper.QueuePushMillis, v == sweeper.QueueSetUnackTimeoutIfShorter:
		c.queue(v, object, other)
	case v == sweeper.RepairTask:
		c.repair(object, other)
	default:
		c.store(v, object)
	}
}

// repair is the atomic repair: one transaction over the task and its queue. Where the tasks are not in the database
// the World's is taken for what the transaction would read.
func (c *call) repair(queue, id string) {
	pushed := false
	c.within(func() {
		task, found := c.w.Task(model.TaskID(id))
		if c.w.ofStore() {
			var text string
			if text, found = c.one(readTask+" for update", id); found {
				c.err = json.Unmarshal([]byte(text), &task)
			}
		}
		if found && task.Status == model.TaskScheduled && !c.contains(queue, id) {
			c.pushWithin(queue, id, int64(task.CallbackAfter.Millis()), 0)
			pushed = true
		}
	})
	c.pick(pushed, "pushed", "left")
}

// exec runs a statement and gives the number of rows.
func (c *call) exec(sql string, args ...any) int64 {
	if c.err != nil {
		return 0
	}
	tag, err := c.w.db.Exec(c.w.ctx, sql, args...)
	c.err = err
	return tag.RowsAffected()
}

// texts runs a query for one column.
func (c *call) texts(sql string, args ...any) []string {
	if c.err != nil {
		return nil
	}
	rows, err := c.w.db.Query(c.w.ctx, sql, args...)
	if err != nil {
		c.err = err
		return nil
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	c.err = err
	return all
}

// within runs statements as one transaction.
func (c *call) within(run func()) {
	c.exec("begin")
	run()
	if c.err != nil {
		_, _ = c.w.db.Exec(c.w.ctx, "rollback") // the first error is the one that is told
		return
	}
	c.exec("commit")
}

func (c *call) pick(is bool, yes, no string) {
	c.answer = no
	if is {
		c.answer = yes
	}
}

func (c *call) lock(v sweeper.Verb, id string) {
	key := hold{c.actor, id}
	own := c.w.holds[key]
	reentrant := c.w.Parts().Lock == "postgres-reentrant"
	switch {
	case v == sweeper.LockAcquire && own != nil:
		own.count++
		c.answer = "true"
	case v == sweeper.LockAcquire:
		got := c.exec(acquire, c.now, id, c.s.B) == 1
		c.pick(got, "true", "timeout")
		if got && reentrant {
			c.w.holds[key] = &held{1, c.now + c.s.B}
		}
	case v == sweeper.LockDelete || own == nil:
		delete(c.w.holds, key)
		c.exec(unlock, id)
	case own.count > 1:
		own.count--
	default:
		delete(c.w.holds, key)
		if own.until > c.now {
			c.exec(unlock, id)
		} else {
			c.exec(unlockExpired, c.now, id)
		}
	}
}

func (c *call) queue(v sweeper.Verb, queue, id string) {
	switch v {
	case sweeper.QueuePush:
		c.push(queue, id, c.s.A*1000)
	case sweeper.QueuePushMillis:
		c.push(queue, id, c.s.A/1000*1000)
	case sweeper.QueuePushIfNotExists:
		there := c.contains(queue, id)
		if !there {
			c.push(queue, id, c.s.A*1000)
		}
		c.pick(!there, "pushed", "left")
	case sweeper.QueuePop:
		c.pop(queue)
	case sweeper.QueueAck:
		c.pick(c.exec(removeOne, queue, id) == 1, "true", "false")
	case sweeper.QueueRemove:
		c.exec(removeOne, queue, id)
	case sweeper.QueueSetUnackTimeout:
		c.pick(c.exec(unack, c.now, queue, id, c.s.A) == 1, "true", "false")
	case sweeper.QueueSetUnackTimeoutIfShorter:
		c.pick(c.exec(unackShorter, c.now, queue, id, c.s.A) == 1, "true", "false")
	case sweeper.QueueContainsMessage:
		c.pick(c.contains(queue, id), "true", "false")
	case sweeper.QueueProcessUnacks:
		c.exec(processAll, c.now)
	}
}

func (c *call) contains(queue, id string) bool {
	var n int
	if c.err == nil {
		c.err = c.w.db.QueryRow(c.w.ctx, exists, queue, id).Scan(&n)
	}
	return n == 1
}

func (c *call) push(queue, id string, offset int64) {
	priority := c.s.B
	if priority > 99 {
		priority = 0 // a push without one
	}
	c.within(func() { c.pushWithin(queue, id, offset, priority) })
}

// pushWithin is a push within a transaction.
func (c *call) pushWithin(queue, id string, offset, priority int64) {
	if c.exec(pushUpdate, c.now, queue, id, offset) == 0 {
		c.exec(pushInsert, c.now, queue, id, offset, priority)
	}
}

func (c *call) pop(queue string) {
	var popped []string
	c.within(func() {
		for _, id := range c.texts(peek, c.now, queue, c.s.A) {
			if c.exec(pop, queue, id) == 1 {
				popped = append(popped, id)
			}
		}
	})
	c.list(popped)
}

// list answers with ids.
func (c *call) list(ids []string) {
	if c.answer = strings.Join(ids, " "); len(ids) == 0 {
		c.answer = "nothing"
	}
}

func (c *call) one(sql, id string) (text string, found bool) {
	err := c.w.db.QueryRow(c.w.ctx, sql, id).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false
	}
	if err != nil {
		c.err = err
	}
	return text, err == nil
}
