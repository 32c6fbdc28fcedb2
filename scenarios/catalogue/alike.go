package catalogue

import "fermata/sim"

// plays says which part the last actor plays. All who play one part have one script, but for their own servers.
func (c *cast) plays(part string) {
	for len(c.parts) < len(c.actors) {
		c.parts = append(c.parts, "")
	}
	c.parts[len(c.actors)-1] = part
}

// alike are the classes of actors that are alike: they play one part, the same faults may hit them, and each lives
// alone on its server.
func (c *cast) alike() (classes [][]sim.ActorID) {
	seen := map[sim.ActorID]bool{}
	for i := range c.parts {
		var class []sim.ActorID
		for j := i; j < len(c.parts); j++ {
			if id := sim.ActorID(j); !seen[id] && c.likes(i, j) {
				class = append(class, id)
				seen[id] = true
			}
		}
		if len(class) > 1 {
			classes = append(classes, class)
		}
	}
	return classes
}

func (c *cast) likes(i, j int) bool {
	a, b := &c.actors[i], &c.actors[j]
	return c.parts[i] != "" && c.parts[i] == c.parts[j] && a.SameFaults(b) &&
		c.alone(i) && c.alone(j)
}

func (c *cast) alone(i int) bool {
	for j := range c.actors {
		if j != i && c.actors[j].Server == c.actors[i].Server {
			return false
		}
	}
	return true
}
