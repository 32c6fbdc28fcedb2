package redis

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// The words of answers, the same for what the World answers and for what the server does.
const (
	isNil    = "nil"
	anything = "done"
)

// expected is what the server must answer to a step, by what the World did.
func (w *World) expected(s *sim.Step, r sim.Reply) string {
	failed := w.ReplyText(s, r)
	switch v := sweeper.Verb(s.Verb); v {
	case sweeper.LockAcquire, sweeper.LockRelease:
		if failed == "" {
			return "true"
		}
		return failed
	case sweeper.QueuePop:
		return strings.Join(w.PoppedIDs(r), " ")
	case sweeper.QueuePush, sweeper.QueuePushMillis, sweeper.QueuePostpone, sweeper.QueueAck, sweeper.QueueRemove:
		return anything
	case sweeper.QueueSetUnackTimeout, sweeper.QueueSetUnackTimeoutIfShorter, sweeper.QueueContainsMessage:
		return failed
	case sweeper.RepairTask:
		return failed
	case sweeper.DAOGetWorkflow, sweeper.DAOGetTask:
		if failed == "error not-found" {
			return isNil
		}
		if v == sweeper.DAOGetTask {
			return w.JSON(r.Ref)
		}
		return strings.Join(w.Values(r.Ref), " ")
	case sweeper.DAOCreateTasks:
		ids, _ := w.Members(r.Ref)
		return strings.Join(ids, " ")
	case sweeper.RedisGet, sweeper.RedisHGet:
		if failed == isNil {
			return isNil
		}
		return w.JSON(r.Ref)
	case sweeper.RedisSScan, sweeper.RedisZRange:
		ids, _ := w.Members(r.Ref)
		return strings.Join(ids, " ")
	case sweeper.RedisZScore:
		return failed
	default:
		if v.IsCommand() && v != sweeper.RedisSet {
			return strconv.FormatInt(r.N, 10)
		}
		return anything
	}
}

// answer is what the server answered to a step, in the same words.
func answer(s *sim.Step, got any) string {
	switch v := sweeper.Verb(s.Verb); v {
	case sweeper.LockAcquire:
		return pick(got == nil, "true", "timeout")
	case sweeper.LockRelease:
		return pick(got == nil, "error not-owner", "true")
	case sweeper.QueuePush, sweeper.QueuePushMillis, sweeper.QueuePostpone, sweeper.QueueAck, sweeper.QueueRemove:
		return anything
	case sweeper.QueueSetUnackTimeout, sweeper.QueueSetUnackTimeoutIfShorter:
		return pick(got == int64(1), "true", "false")
	case sweeper.QueueContainsMessage:
		return pick(got != nil, "true", "false")
	case sweeper.RepairTask:
		return pick(got == int64(1), "pushed", "left")
	case sweeper.RedisZScore:
		return pick(got != nil, "there", isNil)
	case sweeper.RedisSScan:
		if page, ok := got.([]any); ok && len(page) == 2 {
			got = page[1]
		}
		ids := words(got)
		sort.Strings(ids)
		return strings.Join(ids, " ")
	case sweeper.RedisZRange:
		var ids []string
		for i, word := range words(got) {
			if i%2 == 0 {
				ids = append(ids, word)
			}
		}
		return strings.Join(ids, " ")
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow, sweeper.DAOUpdateTask, sweeper.DAORemoveWorkflow,
		sweeper.DAORemoveTask, sweeper.RedisSet:
		return anything
	}
	if got == nil {
		return isNil
	}
	return strings.Join(words(got), " ")
}

func pick(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// words are a reply's strings and numbers.
func words(reply any) []string {
	switch r := reply.(type) {
	case nil:
		return nil
	case []any:
		var all []string
		for _, part := range r {
			all = append(all, words(part)...)
		}
		return all
	}
	return []string{fmt.Sprint(reply)}
}

// ttlSlackMs is by how much a time to live may be less on a server on which real time passes.
const ttlSlackMs = 30_000

// compare reads every own key, and tells the first that is not as the World has it.
func (w *World) compare() error {
	names, err := w.server.Keys()
	if err != nil {
		return err
	}
	prefix := w.server.Prefix()
	var got []string
	for _, k := range w.Keys() {
		name := prefix + k.Name
		have, err := w.read(k, name)
		if err != nil {
			return err
		}
		if want := text(k); want != have {
			return fmt.Errorf("%w: key %s: expected %s, %s has %s", ErrDiffers, name, want, w.server.Name(), have)
		}
		if err := w.compareTTL(k, name); err != nil {
			return err
		}
		got = append(got, name)
	}
	for _, name := range names {
		if !slices.Contains(got, name) {
			return fmt.Errorf("%w: key %s: expected none, %s has it", ErrDiffers, name, w.server.Name())
		}
	}
	return nil
}

func (w *World) compareTTL(k world.Key, name string) error {
	if k.TTL == 0 {
		return nil
	}
	reply, err := w.server.Do("PTTL", name)
	if err != nil {
		return err
	}
	ttl, _ := reply.(int64)
	if ttl == k.TTL || !w.server.Exact() && ttl <= k.TTL+reserveMs && ttl > k.TTL-ttlSlackMs {
		return nil
	}
	return fmt.Errorf("%w: key %s: expected %d ms to live, %s has %d", ErrDiffers, name, k.TTL, w.server.Name(), ttl)
}

// text is a key's contents, in an order of their own.
func text(k world.Key) string {
	var fields []string
	for _, f := range k.Fields {
		switch k.Kind {
		case world.KeyString:
			fields = append(fields, f.Value)
		case world.KeyHash:
			fields = append(fields, f.Name+"="+f.Value)
		case world.KeySortedSet:
			fields = append(fields, f.Name+"="+score(f.Score))
		default:
			fields = append(fields, f.Name)
		}
	}
	if k.Kind == world.KeyHash || k.Kind == world.KeySet {
		sort.Strings(fields)
	}
	return strings.Join(fields, ", ")
}

// read gives a key of the server in the same words.
func (w *World) read(k world.Key, name string) (string, error) {
	commands := map[world.KeyKind][]any{
		world.KeyString: {"GET", name}, world.KeyHash: {"HGETALL", name}, world.KeySet: {"SMEMBERS", name},
		world.KeyList: {"LRANGE", name, 0, -1}, world.KeySortedSet: {"ZRANGE", name, 0, -1, "WITHSCORES"},
	}
	reply, err := w.server.Do(commands[k.Kind]...)
	if err != nil {
		return "", err
	}
	list := words(reply)
	got := world.Key{Kind: k.Kind}
	switch k.Kind {
	case world.KeyString:
		got.Fields = []world.Field{{Value: strings.Join(list, "")}}
	case world.KeyHash, world.KeySortedSet:
		for i := 0; i+1 < len(list); i += 2 {
			f := world.Field{Name: list[i], Value: list[i+1]}
			f.Score, _ = strconv.ParseFloat(list[i+1], 64)
			got.Fields = append(got.Fields, f)
		}
	default:
		for _, name := range list {
			got.Fields = append(got.Fields, world.Field{Name: name})
		}
	}
	return text(got), nil
}
