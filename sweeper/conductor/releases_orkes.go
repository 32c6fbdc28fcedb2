package conductor

import "fermata/sweeper"

// ReleaseOrkes is orkes-community, the head of orkes-conductor-community: 3.15.0 with a sweeper of its own,
// which takes the lock once and does everything under it (engine facts 1.2 and 5).
func ReleaseOrkes() sweeper.Engine {
	return released("orkes-community", "locks once, looks up, decides on that; releases before it leaves the queue",
		MethodsOrkes())
}

// MethodsOrkes are the methods of orkes-community: 3.15.0's but for the sweeper, which has no unack.
func MethodsOrkes() Methods {
	m := Methods3170()
	m.Join = join3137
	m.RetryModel = retryModel3130
	m.CheckForWorkflowCompletion = checkForWorkflowCompletion3105
	m.PollAndSweep = pollAndSweepCommunity
	m.Sweep = sweepCommunity
	m.Unack = nil
	return m
}
