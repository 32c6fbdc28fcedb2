package explore

import "fermata/sim"

// census counts one run: the steps of each agent, and those of each agent that touch each object.
type census struct {
	steps   []int // by agent
	objects []objectCount
	index   map[sim.Object]int
}

// objectCount is what a census knows of one object.
type objectCount struct {
	object  sim.Object
	steps   []int // by agent
	written bool
}

func (c *census) begin(m *sim.Machine) {
	*c = census{steps: make([]int, agents(m)), index: map[sim.Object]int{}}
}

func (c *census) taken(m *sim.Machine) {
	t := m.Transition()
	one, other := acted(m, t)
	c.steps[one]++
	if other != one {
		c.steps[other]++
	}
	if t.Step == nil {
		return
	}
	for i, a := range t.Step.Access[:t.Step.Accesses] {
		o := c.of(a.Object)
		o.written = o.written || a.Kind == sim.Write
		if !touchedBefore(t.Step, i) {
			o.steps[other]++
		}
	}
}

// touchedBefore tells whether an earlier access of the step is to the same object.
func touchedBefore(s *sim.Step, i int) bool {
	for _, a := range s.Access[:i] {
		if a.Object == s.Access[i].Object {
			return true
		}
	}
	return false
}

func (c *census) of(o sim.Object) *objectCount {
	i, ok := c.index[o]
	if !ok {
		i = len(c.objects)
		c.index[o] = i
		c.objects = append(c.objects, objectCount{object: o, steps: make([]int, len(c.steps))})
	}
	return &c.objects[i]
}

// conflict is the number of steps that touch the object; 0 if nobody writes it, or nobody else touches it.
func (o *objectCount) conflict() int {
	sum, who := 0, 0
	for _, n := range o.steps {
		sum += n
		who += min(n, 1)
	}
	if !o.written || who < 2 {
		return 0
	}
	return sum
}
