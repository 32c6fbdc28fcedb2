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
}

// entry is one interned value: a record, a task, or a list whose head may be a record.
type entry struct {
	record model.WorkflowRecord
	task   model.Task
	list   []sim.Ref
	sum    uint64
	json   string // as it is written to a server, once it has been
}

func newPool() *pool {
	return &pool{
		names: []string{""}, nameSum: []uint64{0}, byName: map[string]sim.Object{"": 0},
		entries: make([]entry, 1), records: map[model.WorkflowRecord]sim.Ref{},
		tasks: map[model.Task]sim.Ref{}, lists: map[string]sim.Ref{},
	}
}

func (p *pool) object(name string) sim.Object {
	if o, ok := p.byName[name]; ok {
		return o
	}
	if len(p.names) > 1<<16-1 {
		panic("world: a search met more than 65,535 different names")
	}
	o := sim.Object(len(p.names))
	p.names = append(p.names, name)
	p.nameSum = append(p.nameSum, hash([]byte(name)))
	p.byName[name] = o
	return o
}

func (p *pool) add(e entry) sim.Ref {
	p.entries = append(p.entries, e)
	return sim.Ref(len(p.entries) - 1)
}

func (p *pool) record(r model.WorkflowRecord) sim.Ref {
	ref, ok := p.records[r]
	if !ok {
		ref = p.add(entry{record: r, sum: hash(fmt.Append(nil, r))})
		p.records[r] = ref
	}
	return ref
}

func (p *pool) task(t model.Task) sim.Ref {
	ref, ok := p.tasks[t]
	if !ok {
		ref = p.add(entry{task: t, sum: hash(fmt.Append(nil, t))})
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
		ref = p.add(entry{list: append([]sim.Ref(nil), refs...), sum: sum})
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
