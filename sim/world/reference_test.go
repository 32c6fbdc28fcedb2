package world_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim/world"
)

// reference is the lock, the queues and the store once more, as plain maps and slices with the scores as
// Redis has them, to compare with the world.
type reference struct {
	now    float64
	locks  map[string]*held
	queues map[string]map[string]float64
	flows  map[string]string // id to status
	tasks  map[string][]row  // by workflow
	loose  map[string]bool   // the tasks that updateTask alone has inserted
}

type held struct {
	by    string
	holds int
	until float64
}

type row struct{ id, ref, status string }

func newReference() *reference {
	return &reference{
		now: world.StartTime, locks: map[string]*held{}, queues: map[string]map[string]float64{},
		flows: map[string]string{}, tasks: map[string][]row{}, loose: map[string]bool{},
	}
}

// do takes a call in the words of the bench and answers in the words of schedules.
func (r *reference) do(call string) string {
	words := strings.Fields(call)
	who, verb, args := words[0], words[1], words[2:]
	switch part, _, _ := strings.Cut(verb, "."); part {
	case "lock":
		return r.lock(who, verb, args[0])
	case "queue":
		return r.queue(verb, args)
	case "dao":
		return r.store(verb, args)
	}
	task, found := r.task(args[1])
	if !found || task.status != "SCHEDULED" || r.has(args[0], args[1]) {
		return "left"
	}
	r.push(args[0], args[1], callbackOf(task.ref), 100)
	return "pushed"
}

func (r *reference) lock(who, verb, id string) string {
	l := r.locks[id]
	switch {
	case verb == "lock.delete":
		return ""
	case verb == "lock.acquire" && l == nil:
		r.locks[id] = &held{who, 1, r.now + 60_000}
		return "true"
	case verb == "lock.acquire" && l.by != who:
		return "timeout"
	case verb == "lock.acquire":
		l.holds, l.until = l.holds+1, r.now+60_000
		return "true"
	case l == nil || l.by != who:
		return "error not-owner"
	case l.holds > 1:
		l.holds, l.until = l.holds-1, r.now+30_000
	default:
		delete(r.locks, id)
	}
	return ""
}

func (r *reference) has(queue, id string) bool {
	_, there := r.queues[queue][id]
	return there
}

// push scores as ConductorRedisQueue does: now, the delay, and the priority's fraction; or the priority.
func (r *reference) push(queue, id string, seconds, priority float64) {
	score := r.now
	switch {
	case seconds > 0:
		score += seconds*1000 + 1 - 1/(priority+1)
	case priority > 0:
		score = priority
	}
	if r.queues[queue] == nil {
		r.queues[queue] = map[string]float64{}
	}
	r.queues[queue][id] = score
}

// inOrder is the sorted set as a list: by score, then by member.
func (r *reference) inOrder(queue string) []string {
	ids := slices.Collect(maps.Keys(r.queues[queue]))
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.queues[queue][a], r.queues[queue][b]), cmp.Compare(a, b))
	})
	return ids
}

func (r *reference) queue(verb string, args []string) string {
	queue, id, figure := args[0], "", func(i int) float64 {
		if i >= len(args) {
			return 0
		}
		f, _ := strconv.ParseFloat(args[i], 64)
		return f
	}
	if verb == "queue.pop" {
		return r.pop(queue, int(max(figure(1), 1)))
	}
	id = args[1]
	there := r.has(queue, id)
	switch verb {
	case "queue.push", "queue.postpone":
		r.push(queue, id, figure(2), figure(3))
		return ""
	case "queue.pushMillis":
		r.push(queue, id, figure(2)/1000, figure(3))
		return ""
	case "queue.ack", "queue.remove":
		delete(r.queues[queue], id)
		if verb == "queue.remove" {
			return ""
		}
	case "queue.setUnackTimeout":
		if there {
			r.queues[queue][id] = r.now + figure(2)
		}
	case "queue.setUnackTimeoutIfShorter":
		sooner := there && r.now+figure(2) < r.queues[queue][id]
		if sooner {
			r.queues[queue][id] = r.now + figure(2)
		}
		return strconv.FormatBool(sooner)
	}
	return strconv.FormatBool(there)
}

func (r *reference) pop(queue string, count int) string {
	var popped []string
	for _, id := range r.inOrder(queue) {
		if len(popped) < count && r.queues[queue][id] < r.now+1 {
			popped = append(popped, id)
		}
	}
	for _, id := range popped {
		r.queues[queue][id] = r.now + 30_000
	}
	return cmp.Or(strings.Join(popped, " "), "nothing")
}

func (r *reference) task(id string) (row, bool) {
	for _, rows := range r.tasks { //tidy:unordered an id is in one of them
		if i := slices.IndexFunc(rows, func(t row) bool { return t.id == id }); i >= 0 {
			return rows[i], true
		}
	}
	return row{}, false
}

func (r *reference) store(verb string, args []string) string {
	id := args[0]
	switch verb {
	case "dao.createWorkflow", "dao.updateWorkflow":
		r.flows[id] = args[1]
	case "dao.getWorkflow":
		return cmp.Or(r.flows[id], "error not-found")
	case "dao.removeWorkflow":
		delete(r.flows, id)
		for _, t := range r.tasks[id] {
			delete(r.loose, t.id)
		}
		delete(r.tasks, id)
	case "dao.removeTask":
		workflow, _, _ := strings.Cut(id, ".")
		delete(r.loose, id)
		r.tasks[workflow] = slices.DeleteFunc(r.tasks[workflow], func(t row) bool { return t.id == id })
	case "dao.getTask":
		t, _ := r.task(id)
		return cmp.Or(t.status, "error not-found")
	case "dao.createTasks":
		var created []string
		for _, name := range args[1:] {
			ref := strings.TrimSuffix(name, "x")
			if !slices.ContainsFunc(r.tasks[id], func(t row) bool { return t.ref == ref && !r.loose[t.id] }) {
				r.write(id, row{id + "." + name, ref, "SCHEDULED"})
				delete(r.loose, id+"."+name)
				created = append(created, id+"."+name)
			}
		}
		return cmp.Or(strings.Join(created, " "), "nothing")
	case "dao.updateTask":
		t := row{id + "." + args[1], strings.TrimSuffix(args[1], "x"), args[2]}
		if r.write(id, t) {
			r.loose[t.id] = true
		}
	}
	return ""
}

// write overwrites the row, or inserts it and tells so.
func (r *reference) write(workflow string, t row) bool {
	if i := slices.IndexFunc(r.tasks[workflow], func(u row) bool { return u.id == t.id }); i >= 0 {
		r.tasks[workflow][i] = t
		return false
	}
	r.tasks[workflow] = append(r.tasks[workflow], t)
	return true
}

func callbackOf(ref string) float64 {
	if ref == "t2" {
		return 30
	}
	return 0
}

// advance goes to the next deadline: a lease's end, or a message that comes due.
func (r *reference) advance() bool {
	next := math.Inf(1)
	for _, l := range r.locks { //tidy:unordered the least counts
		next = min(next, l.until)
	}
	for _, q := range r.queues { //tidy:unordered the least counts
		for _, score := range q { //tidy:unordered the least counts
			if at := math.Floor(score); at > r.now {
				next = min(next, at)
			}
		}
	}
	if math.IsInf(next, 1) {
		return false
	}
	r.now = next
	maps.DeleteFunc(r.locks, func(_ string, l *held) bool { return l.until <= next })
	return true
}

// like compares the contents of world and reference: every lock, queue, record and task.
func (r *reference) like(t *rapid.T, w *world.World) {
	require.EqualValues(t, r.now, w.Now())
	for _, id := range []model.WorkflowID{"w1", "w2"} {
		owner, holds, taken := w.LockHolder(id)
		left, _ := w.Lease(id)
		l := r.locks[string(id)]
		require.Equal(t, l != nil, taken, "lock %s", id)
		if taken {
			require.Equal(t, held{actorNames[owner], holds, r.now + float64(left)}, *l)
		}
		require.Equal(t, cmp.Or(r.flows[string(id)], "NONE"), w.Status(id).String())
		var rows []row
		for _, k := range w.TaskRows(id) {
			rows = append(rows, row{string(k.ID), k.Ref, k.Status.String()})
		}
		require.Equal(t, fmt.Sprint(r.tasks[string(id)]), fmt.Sprint(rows))
	}
	for _, queue := range []string{"q1", "q2", model.DeciderQueue} {
		var have, want []string
		for _, m := range w.Rows(queue) {
			have = append(have, fmt.Sprint(m.ID, " ", m.Due))
		}
		for _, id := range r.inOrder(queue) {
			want = append(want, fmt.Sprint(id, " ", int64(math.Floor(r.queues[queue][id])-r.now)))
		}
		require.Equal(t, want, have, queue)
	}
}

// TestReference: world and reference answer every call alike and then hold the same, for the lock, the
// queues and the store each by itself, and for all of them together.
func TestReference(t *testing.T) {
	for _, part := range []string{"lock.", "queue.", "dao.", ""} {
		t.Run(part, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				b, r := newBench(t), newReference()
				defer b.m.Close()
				of := rapid.Custom(drawCall).Filter(func(call string) bool {
					verb := strings.Fields(call)[1]
					return strings.HasPrefix(verb, part) && !strings.HasPrefix(verb, "listener.") &&
						verb != "env.now" &&
						verb != "dao.removeFromPendingWorkflow"
				})
				t.Repeat(map[string]func(*rapid.T){
					"call": func(t *rapid.T) {
						call := of.Draw(t, "call")
						_, reply, _ := strings.Cut(b.do(call), " => ")
						require.Equal(t, r.do(call), reply, call)
					},
					"advance": func(t *rapid.T) {
						require.Equal(t, r.advance(), b.do("advance") != "clock  nothing is due")
					},
					"": func(t *rapid.T) { r.like(t, b.w) },
				})
			})
		})
	}
}
