package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// ErrDiffers is a PostgreSQL that does not do as the World says.
var ErrDiffers = errors.New("PostgreSQL and the model of it differ")

// World is a World whose SQL parts are on a PostgreSQL too. It implements sim.World. After the first error it sends
// nothing more; Err tells it.
type World struct {
	*world.World
	ctx context.Context
	db  *pgx.Conn
	err error
	// holds is what the threads of a re-entrant lock believe to hold.
	holds map[hold]*held
	// Statements counts the steps that were taken on the database.
	Statements int
}

type hold struct {
	actor sim.ActorID
	lock  string
}

type held struct{ count, until int64 }

// New puts a World on a connection, in temporary tables.
func New(ctx context.Context, w *world.World, db *pgx.Conn) (*World, error) {
	_, err := db.Exec(ctx, "discard temp")
	if err == nil {
		_, err = db.Exec(ctx, schema)
	}
	return &World{World: w, ctx: ctx, db: db, holds: map[hold]*held{}}, err
}

// Err is the first error of the database, or ErrDiffers with where.
func (w *World) Err() error { return w.err }

// Apply takes the step here and on the database, and compares the answers.
func (w *World) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	c := &call{w: w, s: s, actor: a, now: int64(w.Now())}
	if w.err == nil {
		c.run()
	}
	r := w.World.Apply(a, s, alt)
	if w.err != nil || !c.sent {
		return r
	}
	w.Statements++
	want := sortedWords(w.ReplyText(s, r))
	if have := sortedWords(c.answer); c.err == nil && have != want {
		c.err = fmt.Errorf("%w: %s: expected %q, got %q", ErrDiffers, w.StepText(a, s), want, have)
	}
	w.err = c.err
	return r
}

// sortedWords are the words of an answer in an order of their own: a database gives rows in any.
func sortedWords(text string) string {
	words := strings.Fields(text)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Check compares all that the tables hold with the World.
func (w *World) Check() {
	if w.err != nil {
		return
	}
	have, err := w.tables()
	if want := w.Tables(); err == nil && !slices.Equal(want, have) {
		err = fmt.Errorf("%w: expected\n%s\ngot\n%s", ErrDiffers, strings.Join(want, "\n"), strings.Join(have, "\n"))
	}
	w.err = err
}

// tables reads every row in the words of the World's Tables.
func (w *World) tables() ([]string, error) {
	rows, err := w.db.Query(w.ctx, `
select 'lock ' || lock_id || ' ' || lease_expiration from locks where lease_expiration > $1
union all select 'message ' || queue_name || ' ' || message_id || ' ' || priority || ' ' || deliver_on || ' ' ||
  case when popped then 'true' else 'false' end from queue_message
union all select 'workflow ' || workflow_id || ' ' || json_data from workflow
union all select 'task ' || m.workflow_id || ' ' || t.json_data from workflow_to_task m join task t using (task_id)
union all select 'scheduled ' || workflow_id || ' ' || task_key || ' ' || task_id from task_scheduled`, int64(w.Now()))
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	slices.Sort(all)
	return all, err
}

// ofLock tells whether the World's lock is one of a database, and so on.
func (w *World) ofLock() bool { return strings.HasPrefix(w.Parts().Lock, "postgres") }

func (w *World) ofQueue() bool { return w.Parts().Queue == "sql" }

func (w *World) ofStore() bool { return w.Parts().Store == "sql" }

// sqlVerb tells whether a step is one of a SQL part.
func (w *World) sqlVerb(v sweeper.Verb) bool {
	switch {
	case v <= sweeper.LockDelete:
		return w.ofLock()
	case v <= sweeper.QueueProcessUnacks, v == sweeper.QueuePushMillis, v == sweeper.QueueSetUnackTimeoutIfShorter:
		return w.ofQueue()
	case v <= sweeper.DAORemoveTask, v == sweeper.SQLTaskIDs, v == sweeper.SQLTasks:
		return w.ofStore() && v != sweeper.DAORemoveFromPending
	case v == sweeper.RepairTask:
		return w.ofQueue()
	}
	return false
}
