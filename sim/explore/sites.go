package explore

import "fermata/sim"

// site tells where in an actor's program a step is, without knowing the program: by its verb and object, and by the
// verbs of its actor's two steps before. Actors that run the same code have the same sites, whatever objects of their
// own they use. It is 0 for the start of a run.
type site uint64

// readsAt tells that a step at a site touched an object as a step at another site had left it.
type readsAt struct {
	on       sim.Object
	from, to site
}

// sites follows a run.
type sites struct {
	before [][2]sim.Verb // by agent: its last steps, the last first
	at     []site        // by agent: where its pending step is; 0 if that is not yet asked
}

func (p *sites) begin(m *sim.Machine) {
	p.before = append(p.before[:0], make([][2]sim.Verb, agents(m))...)
	p.at = append(p.at[:0], make([]site, agents(m))...)
}

// of tells where an agent's pending step is.
func (p *sites) of(m *sim.Machine, agent int, step *sim.Step) site {
	if agent >= m.Actors() {
		return p.compute(agent, step) // what the clock would do changes by what others do
	}
	if p.at[agent] == 0 {
		p.at[agent] = p.compute(agent, step)
	}
	return p.at[agent]
}

func (p *sites) compute(agent int, step *sim.Step) site {
	b := p.before[agent]
	return site(scramble(uint64(step.Object)<<32 | uint64(step.Verb)<<16 | uint64(b[0])<<8 | uint64(b[1])))
}

// taken tells where the step was that the agent took.
func (p *sites) taken(agent int, step *sim.Step) site {
	p.at[agent] = 0
	if step == nil {
		return 0
	}
	at := p.compute(agent, step)
	p.before[agent] = [2]sim.Verb{step.Verb, p.before[agent][0]}
	return at
}
