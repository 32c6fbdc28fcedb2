package conductor

import "fermata/sweeper"

// Release3312 is conductor-3.31.2: 3.22.3's sweeper, with a decide that pushes a workflow back whose lock it
// missed (3.31.2), and polls that bring the next sweep forward (3.30.0).
func Release3312() sweeper.Engine {
	return New("conductor-3.31.2", "the new sweeper; a missed lock pushes the workflow back", Methods3312())
}

// Methods3312 are the methods of 3.31.2.
func Methods3312() Methods {
	m := Methods3223()
	m.Decide = decide3312
	m.ComputePostpone = computePostpone3300
	m.UpdateTask = updateTask3300
	m.Poll = poll3300
	m.ResetRetriedTask = resetRetriedTask3300
	return m
}
