package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// wrongFixes says of each commit of the fix's pull request on which scenario and lock it is caught, and by which
// oracle. byIt is the oracle that alone decides there.
var wrongFixes = []struct {
	engine string
	on     *Scenario
	lock   string
	byIt   string
	why    string
}{
	{"pr214-4943d9770", missedCompletion, "redisson", "progress", "every sweep fails, so nothing ever decides"},
	{"pr214-2172f88fd", lockTakenAway, "postgres", "mutual-exclusion", "it releases the lock that it did not get"},
	{"pr214-4976cc607", missedCompletion, "redisson", "terminal-is-not-queued",
		"one hold: completeWorkflow gives it up before the workflow has left the queue"},
	{"pr214-42a708f29", missedCompletion, "postgres", "progress", "its decide waits for the lock that its sweep holds"},
}

// TestEveryWrongFixIsCaught: each commit of the pull request trips an oracle, and the proposed fix does not trip it
// there.
func TestEveryWrongFixIsCaught(t *testing.T) {
	require.Len(t, wrongFixes, len(WrongFixes()))
	for i, w := range wrongFixes {
		require.Equal(t, WrongFixes()[i].Name, w.engine)
		t.Run(w.engine, func(t *testing.T) {
			s := *w.on
			s.Judged = []string{w.byIt}
			for name, want := range map[string]Verdict{ //tidy:unordered each on its own
				w.engine: Violated, "proposed": OK,
			} {
				c := &Case{Scenario: &s, Engine: engine(t, name), Scope: s.Scope, Parts: Parts{Lock: w.lock}}
				r, err := Verify(c, VerifyOptions{})
				require.NoError(t, err)
				require.Equal(t, want, r.Verdict, "%s: %s", name, w.why)
				if want == Violated {
					require.Equal(t, w.byIt, r.Findings[0].Oracle)
				}
			}
		})
	}
}

// TestTheMergedTextIsBetterThanTheOneBefore: what catches 4976cc607 does not catch what was merged.
func TestTheMergedTextIsBetterThanTheOneBefore(t *testing.T) {
	s := *missedCompletion
	s.Judged = []string{"terminal-is-not-queued"}
	for name, want := range map[string]Verdict{ //tidy:unordered each on its own
		"pr214-4976cc607": Violated, "pr214-42a708f29": OK, "conductor-3.21.3": OK, "orkes-community": Violated,
	} {
		r, err := Verify(&Case{Scenario: &s, Engine: engine(t, name), Scope: s.Scope}, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, want, r.Verdict, name)
	}
}

// TestLocks: what each lock makes of the releases. With one that is not re-entrant the merged fix makes no progress;
// with none every release races; LocalOnlyLock lets two decide at once where completeWorkflow deletes it, and with
// PostgresLockDAO the loser's release frees the winner's lock.
func TestLocks(t *testing.T) {
	if testing.Short() {
		t.Skip("every release without a lock: left out by -short")
	}
	for _, c := range []struct {
		on           *Scenario
		lock, engine string
		want         string
	}{
		{missedCompletion, "postgres", "conductor-3.21.3", "progress"},
		{missedCompletion, "postgres", "conductor-3.22.3", "progress"},
		{missedCompletion, "postgres-reentrant", "conductor-3.21.3", ""},
		{missedCompletion, "postgres", "conductor-3.17.0", ""},
		{lockTakenAway, "redisson", "conductor-3.21.3", ""},
		{lockTakenAway, "local", "conductor-3.21.3", "mutual-exclusion"},
		{lockTakenAway, "postgres", "conductor-3.21.3", "mutual-exclusion"},
		{lockTakenAway, "postgres", "proposed", ""},
		{staleLookup, "redisson", "conductor-3.21.3", ""},
		{staleLookup, "postgres-reentrant", "conductor-3.21.3", "terminal-stays"},
	} {
		requireCell(t, c.on, c.lock, c.engine, c.want)
	}
	for _, lock := range []string{"noop", "disabled"} {
		for _, e := range Engines() {
			if !e.NeedsFence { // which no lock gives tokens for here
				requireCell(t, lockTakenAway, lock, e.Name, "mutual-exclusion")
			}
		}
	}
}

func requireCell(t *testing.T, on *Scenario, lock, engineName, oracle string) {
	t.Helper()
	c, err := (&Case{Scenario: on, Engine: engine(t, engineName), Scope: on.Scope}).On(Parts{Lock: lock})
	require.NoError(t, err)
	cell, err := VerifyCell(c, VerifyOptions{})
	require.NoError(t, err)
	require.NotEqual(t, Unknown, cell.Verdict, "%s: %s", c.Name(), cell.Report.Reason)
	require.Equal(t, oracle, cell.Oracle, c.Name())
}
