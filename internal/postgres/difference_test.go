package postgres_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/drawn"
	"fermata/internal/postgres"
	"fermata/internal/postgrestest"
	"fermata/sim/world"
)

// onPostgres are parts that between them have every part that is a SQL database.
var onPostgres = []world.Parts{
	{Lock: "postgres", Queue: "sql", Store: "sql"},
	{Lock: "postgres-reentrant", Queue: "orkes", Store: "sql"},
	{Lock: "redisson", Queue: "sql", Store: "record"},
}

// TestMemoryAndPostgreSQLDoTheSame: drawn calls, several at the same time, are answered alike at each step, and
// leave the same rows.
func TestMemoryAndPostgreSQLDoTheSame(t *testing.T) {
	db, err := pgx.Connect(t.Context(), postgrestest.Start(t))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close(context.Background()) })
	for _, parts := range onPostgres {
		t.Run(strings.Join([]string{parts.Lock, parts.Queue, parts.Store}, "+"), func(t *testing.T) {
			statements := 0
			rapid.Check(t, func(r *rapid.T) {
				w := drawn.NewWorld(parts)
				on, err := postgres.New(t.Context(), w, db)
				require.NoError(r, err)
				b := drawn.New(w, on)
				defer b.Machine.Close()
				for range rapid.IntRange(1, 10).Draw(r, "rounds") {
					b.Together(r, on.Err)
					on.Check()
					require.NoError(r, on.Err())
				}
				statements += on.Statements
			})
			require.Greater(t, statements, 100) // by -short a fifth of the checks are drawn
		})
	}
}

// TestADifferenceIsFound: a row that someone else changes is told.
func TestADifferenceIsFound(t *testing.T) {
	db, err := pgx.Connect(t.Context(), postgrestest.Start(t))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close(context.Background()) })
	for change, says := range map[string]string{ //tidy:unordered each on its own
		"update queue_message set popped = false": "expected \"nothing\", got \"m\"",
		"delete from queue_message":               "expected\nmessage q1 m 0 1000000 true\ngot",
	} {
		w := drawn.NewWorld(world.Parts{Queue: "sql"})
		on, err := postgres.New(t.Context(), w, db)
		require.NoError(t, err)
		b := drawn.New(w, on)
		b.Calls[0] = func(ctx context.Context) {
			p := w.Ports()
			require.NoError(t, p.Queue.Push(ctx, "q1", "m", 0, 0))
			_, err := p.Queue.Pop(ctx, "q1", 1, 0)
			require.NoError(t, err)
			_, err = db.Exec(t.Context(), change)
			require.NoError(t, err)
			_, err = p.Queue.Pop(ctx, "q1", 1, 0)
			require.NoError(t, err)
		}
		b.Run()
		on.Check()
		require.ErrorIs(t, on.Err(), postgres.ErrDiffers)
		require.ErrorContains(t, on.Err(), says)
		b.Machine.Close()
	}
}
