package world_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim/world"
)

// localReference is LocalOnlyLock as its class has it: objects in a cache, a job for each lease, and a map that knows
// the latest job of each lock. Nothing real is compared with it, so that this stands for its specification.
type localReference struct {
	now    int64
	cache  map[string]*reentrant
	latest map[string]*job
	jobs   []*job
}

// reentrant is one ReentrantLock.
type reentrant struct {
	owner string
	holds int
}

// job deletes a lock when its time comes, unless it was called off or has run.
type job struct {
	id   string
	at   int64
	over bool
}

func (r *localReference) acquire(who, id string) string {
	lock := r.cache[id]
	if lock == nil {
		lock = &reentrant{}
		r.cache[id] = lock
	}
	if lock.holds > 0 && lock.owner != who {
		return "timeout"
	}
	lock.owner = who
	lock.holds++
	j := &job{id: id, at: r.now + 60_000}
	r.jobs, r.latest[id] = append(r.jobs, j), j
	return "true"
}

func (r *localReference) release(who, id string) string {
	lock := r.cache[id]
	switch {
	case lock == nil:
		return ""
	case lock.holds == 0 || lock.owner != who:
		return "error not-owner"
	}
	lock.holds--
	if j := r.latest[id]; j != nil && !j.over {
		j.over = true
		delete(r.latest, id)
	}
	return ""
}

// advance lets the time pass to the next job, and runs every job of that time.
func (r *localReference) advance() bool {
	next := int64(-1)
	for _, j := range r.jobs {
		if !j.over && (next < 0 || j.at < next) {
			next = j.at
		}
	}
	if next < 0 {
		return false
	}
	r.now = next
	for _, j := range r.jobs {
		if !j.over && j.at == next {
			j.over = true
			delete(r.cache, j.id)
		}
	}
	r.jobs = slices.DeleteFunc(r.jobs, func(j *job) bool { return j.over })
	return true
}

// TestLocalLockIsAsItsClassHasIt: the rows of the model answer as the objects, the jobs and the map of the class do.
func TestLocalLockIsAsItsClassHasIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t, func(c *world.Config) { c.Parts.Lock = "local" })
		defer b.m.Close()
		r := &localReference{cache: map[string]*reentrant{}, latest: map[string]*job{}}
		for range rapid.IntRange(1, 40).Draw(t, "calls") {
			who := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "who")
			id := rapid.SampledFrom([]string{"w1", "w2"}).Draw(t, "lock")
			var want, verb string
			verbs := []string{"acquire", "release", "delete", "advance", "wait"}
			switch verb = rapid.SampledFrom(verbs).Draw(t, "verb"); verb {
			case "acquire":
				want = r.acquire(who, id)
			case "release":
				want = r.release(who, id)
			case "delete":
				delete(r.cache, id)
			case "advance":
				require.Equal(t, r.advance(), b.do("advance") != "clock  nothing is due")
				continue
			case "wait": // time passes in which no lease ends
				if !slices.ContainsFunc(r.jobs, func(j *job) bool { return !j.over && j.at <= r.now+1000 }) {
					b.w.Wait(1000)
					r.now += 1000
				}
				continue
			}
			line := fmt.Sprintf("%s  lock.%s %s", who, verb, id)
			if want != "" {
				line += " => " + want
			}
			require.Equal(t, line, b.do(fmt.Sprintf("%s lock.%s %s", who, verb, id)))
			requireHeld(t, b, r, id)
		}
	})
}

// requireHeld compares who has the lock, and how often.
func requireHeld(t *rapid.T, b *bench, r *localReference, id string) {
	owner, holds, held := b.w.LockHolder(model.WorkflowID(id))
	lock := r.cache[id]
	require.Equal(t, lock != nil && lock.holds > 0, held)
	if held {
		require.Equal(t, lock.owner, actorNames[owner])
		require.Equal(t, lock.holds, holds)
	}
}
