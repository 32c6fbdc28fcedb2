package world

import (
	"encoding/binary"
	"fmt"

	"fermata/model"
	"fermata/sim"
)

// pool interns names and records: equal values have equal numbers. It only grows.
type pool struct {
	names   []string
	byName  map[string]sim.Object
	nameSum []uint64

	entries []entry
	records map[model.WorkflowRecord]sim.Ref
	tasks   map[model.Task]sim.Ref
	lists   map[string]sim.Ref
	buf     []byte

	shared sim.Numbers // nil: values are numbered in the order in which they come
}

// entry is one interned value: a record, a task, or a list whose head may be a record.
type entry struct {
	record model.WorkflowRecord
	task   model.Task
	list   []sim.Ref
	sum    uint64
	json   string // as it is written to a server, once it has been
}

func newPool(shared sim.Numbers) *pool {
	p := &pool{
		names: []string{""}, nameSum: []uint64{0}, byName: map[string]sim.Object{"": 0},
		entries: make([]entry, 1), records: map[model.WorkflowRecord]sim.Ref{},
		tasks: map[model.Task]sim.Ref{}, lists: map[string]sim.Ref{}, shared: shared,
	}
	p.number("names", "", 0)
	p.number("values", nil, 0)
	return p
}

// number numbers a value that is new to this pool: so, or as the pools do that share their numbers.
func (p *pool) number(space string, key any, so int) int {
	if p.shared == nil {
		return so
	}
	return p.shared.Number(space, key)
}

func (p *pool) object(name string) sim.Object {
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

func (p *pool) record(r model.WorkflowRecord) sim.Ref {
	ref, ok := p.records[r]
	if !ok {
		ref = p.add(r, entry{record: r, sum: hash(fmt.Append(nil, r))})
		p.records[r] = ref
	}
	return ref
}

func (p *pool) task(t model.Task) sim.Ref {
	ref, ok := p.tasks[t]
	if !ok {
		ref = p.add(t, entry{task: t, sum: hash(fmt.Append(nil, t))})
		p.tasks[t] = ref
	}
	return ref
}

// list interns a list of values.
func (p *pool) list(refs ...sim.Ref) sim.Ref {
	p.buf = p.buf[:0]
	for _, r := range refs {
		p.buf = binary.LittleEndian.AppendUint32(p.buf, uint32(r))
	}
	ref, ok := p.lists[string(p.buf)]
	if !ok {
		sum := uint64(len(refs))
		for _, r := range refs {
			sum = mix(sum, p.entries[r].sum)
		}
		ref = p.add(listKey(p.buf), entry{list: append([]sim.Ref(nil), refs...), sum: sum})
		p.lists[string(p.buf)] = ref
	}
	return ref
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
