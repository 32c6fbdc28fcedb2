package explore

import "fermata/sim"

// census counts one run: the steps of each agent, and those of each agent that touch each object.
type census struct {
	steps   []int // by agent
	brought []int // by agent: who brought it; -1 if it was there from the start
	objects []objectCount
	index   map[sim.Object]int

	newcomers newcomers
}

// objectCount is what a census knows of one object.
type objectCount struct {
	object  sim.Object
	steps   []int // by agent
	written bool
	brings  bool // by it one actor lets another begin
}

func (c *census) begin(m *sim.Machine) {
	*c = census{steps: make([]int, agents(m)), brought: make([]int, agents(m)), index: map[sim.Object]int{}}
	for agent := range c.brought {
		c.brought[agent] = -1
	}
	c.newcomers.begin(m)
}

// look counts nothing; it notes who brings whom.
func (c *census) look(m *sim.Machine, open []sim.Choice) {
	for _, agent := range c.newcomers.look(m, open) {
		if m.Steps() == 0 || agent >= m.Actors() {
			continue
		}
		_, c.brought[agent] = acted(m, m.Transition())
		for _, o := range brings(m, agent) {
			c.of(o).brings = true
		}
	}
}

// families gives, by agent, its steps and those of all whom it brought, and they.
func (c *census) families() []int {
	sums := make([]int, len(c.steps))
	for agent, n := range c.steps {
		for ; agent >= 0; agent = c.brought[agent] {
			sums[agent] += n
		}
	}
	return sums
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

// conflict is the number of steps that touch the object; 0 if nobody writes it, or nobody else touches it, or only one
// who begins by it and one who lets it.
func (o *objectCount) conflict() int {
	sum, who := 0, 0
	for _, n := range o.steps {
		sum += n
		who += min(n, 1)
	}
	if !o.written || who < 2 || o.brings && who == 2 {
		return 0
	}
	return sum
}
