package history

import (
	"fermata/model"
	"fermata/model/spec"
)

// directory numbers the objects of a history, once for all judges: most are about the same ones.
type directory struct {
	numbers   map[spec.Object]int32
	workflows int
	// last are the workflow and the task that were asked for last.
	last [2]struct {
		object spec.Object
		number int32
		known  bool
	}
}

func newDirectory() *directory { return &directory{numbers: map[spec.Object]int32{}} }

// number gives an object's number, from 0.
func (d *directory) number(o spec.Object) int32 {
	last := &d.last[0]
	if o.Task != "" {
		last = &d.last[1]
	}
	if last.known && last.object == o {
		return last.number
	}
	n, known := d.numbers[o]
	if !known {
		n = int32(len(d.numbers))
		d.numbers[o] = n
		if o.Task == "" {
			d.workflows++
		}
	}
	last.object, last.number, last.known = o, n, true
	return n
}

// workflow counts a workflow, whether a judge knows it or not.
func (d *directory) workflow(id model.WorkflowID) { d.number(spec.Object{Workflow: id}) }
