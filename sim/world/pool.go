package world

import (
	"encoding/binary"
	"fmt"

	"fermata/model"
	"fermata/sim"
)

// pool interns names and records: equal names have equal numbers, and so have equal values unless the pool is fleeting.
// It only grows.
type pool struct {
	*nouns
	ids     []sim.Ref // of each name: it as a value
	entries []entry
	records map[model.WorkflowRecord]sim.Ref // nil if the pool is fleeting
	tasks   map[model.Task]sim.Ref
	lists   map[string]sim.Ref
	buf     []byte
	refs    []sim.Ref // of the lists of a fleeting pool
}

// nouns are the names of a pool, or of several.
type nouns struct {
	names   []string
	byName  map[string]sim.Object
	recent  [recentNames]sim.Object // by a cheap hash of the name: what was asked for last
	nameSum []uint64
	derived [derivations][]sim.Object // of each name: the object that steps on a part of it access

	shared sim.Numbers // nil: names and values are numbered in the order in which they come
}

// entry is one interned value: a record, a task, or a list whose head may be a record.
type entry struct {
	record model.WorkflowRecord
	task   model.Task
	list   []sim.Ref
	kind   uint8
	summed bool
	hash   uint64 // by content, once it is summed
	json   string // as it is written to a server, once it has been
}

// The kinds of entries.
const (
	aRecord uint8 = 1 + iota
	aTask
	aList
)

func newNouns(shared sim.Numbers) *nouns {
	n := &nouns{
		names: []string{""}, nameSum: []uint64{0}, byName: map[string]sim.Object{"": 0}, shared: shared,
	}
	n.number("names", "", 0)
	return n
}

func newPool(shared sim.Numbers) *pool {
	p := &pool{
		nouns: newNouns(shared), entries: make([]entry, 1), records: map[model.WorkflowRecord]sim.Ref{},
		tasks: map[model.Task]sim.Ref{}, lists: map[string]sim.Ref{},
	}
	p.number("values", nil, 0)
	return p
}

// fleetingPool makes a pool of those names whose values are forgotten when its World is reset, each met once or not: a
// value that is made again has another number. What compares numbers for equality may not use it.
func fleetingPool(n *nouns) *pool { return &pool{nouns: n, entries: make([]entry, 1)} }

// forget forgets the values of a fleeting pool.
func (p *pool) forget() {
	if p.records == nil {
		p.entries, p.refs = p.entries[:1], p.refs[:0]
		clear(p.ids)
	}
}

// number numbers what is new to this pool: so, or as the pools do that share their numbers.
func (p *nouns) number(space string, key any, so int) int {
	if p.shared == nil {
		return so
	}
	return p.shared.Number(space, key)
}

// recentNames is how many names are found without the map.
const recentNames = 64

// slot is where a name is remembered, if it is.
func slot(name string) int {
	n := len(name)
	if n == 0 {
		return 0
	}
	return (n*7 ^ int(name[0])*3 ^ int(name[n/2])*5 ^ int(name[n-1])) % recentNames
}

func (p *nouns) object(name string) sim.Object {
	recent := &p.recent[slot(name)]
	if p.names[*recent] == name {
		return *recent
	}
	*recent = p.interned(name)
	return *recent
}

func (p *nouns) interned(name string) sim.Object {
	if o, ok := p.byName[name]; ok {
		return o
	}
	n := p.number("names", name, len(p.names))
	if n > 1<<16-1 {
		panic("world: a search met more than 65,535 different names")
	}
	p.names, p.nameSum = put(p.names, n, name), put(p.nameSum, n, hash([]byte(name)))
	p.byName[name] = sim.Object(n)
	return sim.Object(n)
}

// The objects that go with a name, by what stands before it.
const (
	lockOf = iota
	listenerOf
	tasksOf
	taskOf
	derivations
)

var derivation = [derivations]string{lockOf: "lock ", listenerOf: "listener ", tasksOf: "tasks ", taskOf: "task "}

// of is the object that goes with a name.
func (p *nouns) of(kind int, o sim.Object) sim.Object {
	known := p.derived[kind]
	if int(o) < len(known) && known[o] != 0 {
		return known[o]
	}
	d := p.object(derivation[kind] + p.names[o])
	p.derived[kind] = put(known, int(o), d)
	return d
}

// put puts a value at its number. Numbers in between are of values that this pool does not have.
func put[V any](values []V, n int, v V) []V {
	for len(values) <= n {
		values = append(values, *new(V))
	}
	values[n] = v
	return values
}

// listKey tells a list from what else has a key of text.
type listKey string

func (p *pool) add(key any, e entry) sim.Ref {
	n := p.number("values", key, len(p.entries))
	p.entries = put(p.entries, n, e)
	return sim.Ref(n)
}

// append adds a value to a fleeting pool.
func (p *pool) append(e entry) sim.Ref {
	p.entries = append(p.entries, e)
	return sim.Ref(len(p.entries) - 1)
}

func (p *pool) record(r model.WorkflowRecord) sim.Ref {
	if p.records == nil {
		return p.append(entry{record: r, kind: aRecord})
	}
	ref, ok := p.records[r]
	if !ok {
		ref = p.add(r, entry{record: r, kind: aRecord})
		p.records[r] = ref
	}
	return ref
}

func (p *pool) task(t model.Task) sim.Ref {
	if p.records == nil {
		return p.append(entry{task: t, kind: aTask})
	}
	ref, ok := p.tasks[t]
	if !ok {
		ref = p.add(t, entry{task: t, kind: aTask})
		p.tasks[t] = ref
	}
	return ref
}

// list interns a list of values.
func (p *pool) list(refs ...sim.Ref) sim.Ref {
	if p.records == nil {
		first := len(p.refs)
		p.refs = append(p.refs, refs...)
		return p.append(entry{list: p.refs[first:len(p.refs):len(p.refs)], kind: aList})
	}
	p.buf = p.buf[:0]
	for _, r := range refs {
		p.buf = binary.LittleEndian.AppendUint32(p.buf, uint32(r))
	}
	ref, ok := p.lists[string(p.buf)]
	if !ok {
		ref = p.add(listKey(p.buf), entry{list: append([]sim.Ref(nil), refs...), kind: aList})
		p.lists[string(p.buf)] = ref
	}
	return ref
}

// sum is a hash of the value by content. It is worked out when it is first asked for: a driver that takes no
// fingerprint never asks.
func (p *pool) sum(ref sim.Ref) uint64 {
	e := &p.entries[ref]
	if e.summed {
		return e.hash
	}
	sum := uint64(0)
	switch e.kind {
	case aRecord:
		sum = hash(fmt.Append(nil, e.record))
	case aTask:
		sum = hash(fmt.Append(nil, e.task))
	case aList:
		sum = uint64(len(e.list))
		for _, r := range e.list {
			sum = mix(sum, p.sum(r))
		}
	}
	e.hash, e.summed = sum, true
	return sum
}

// hash is FNV-1a, finished so that close texts have distant sums.
func hash(b []byte) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, c := range b {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return mix(h, uint64(len(b)))
}

func mix(a, b uint64) uint64 {
	a = (a ^ b) * 0x9e3779b97f4a7c15
	return a ^ a>>29
}
