package catalogue

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// request is an operation on one workflow, or one queue, that is asked for by its name alone.
type request struct {
	name string
	// offers tells whether a server has it.
	offers func(s sweeper.Server) bool
	run    func(ctx context.Context, s sweeper.Server, name string) error
}

// requests are those that a scenario's actors make, by verb.
var requests = map[uint8]request{
	opDecide: asks("Decide", func(ctx context.Context, s sweeper.Decider, id model.WorkflowID) error {
		_, err := s.Decide(ctx, id)
		return err
	}),
	opTerminate: asks("Terminate", func(ctx context.Context, s sweeper.WorkflowTerminator, id model.WorkflowID) error {
		return s.TerminateWorkflow(ctx, id, "asked for")
	}),
	opPause: asks("Pause", func(ctx context.Context, s sweeper.WorkflowPauser, id model.WorkflowID) error {
		return s.PauseWorkflow(ctx, id)
	}),
	opResume: asks("Resume", func(ctx context.Context, s sweeper.WorkflowResumer, id model.WorkflowID) error {
		return s.ResumeWorkflow(ctx, id)
	}),
	opRepair: asks("Repair", func(ctx context.Context, s sweeper.WorkflowRepairer, id model.WorkflowID) error {
		return s.VerifyAndRepairWorkflow(ctx, id)
	}),
	opSystemTasks: asks("SystemTasks", func(ctx context.Context, s sweeper.SystemTaskPoller, queue string) error {
		return s.PollSystemTasks(ctx, queue)
	}),
	opRetry: asks("Retry", func(ctx context.Context, s sweeper.WorkflowRetrier, id model.WorkflowID) error {
		return s.RetryWorkflow(ctx, id, false)
	}),
	opRerun: asks("Rerun", func(ctx context.Context, s sweeper.WorkflowRerunner, id model.WorkflowID) error {
		return s.RerunWorkflow(ctx, id, "")
	}),
	opRestart: asks("Restart", func(ctx context.Context, s sweeper.WorkflowRestarter, id model.WorkflowID) error {
		return s.RestartWorkflow(ctx, id, false)
	}),
	opRemove: asks("Remove", func(ctx context.Context, s sweeper.WorkflowRemover, id model.WorkflowID) error {
		return s.RemoveWorkflow(ctx, id)
	}),
	opStart: asks("StartWorkflow", func(ctx context.Context, s sweeper.WorkflowStarter, id model.WorkflowID) error {
		return s.StartWorkflow(ctx, id, wholeDef)
	}),
	opRequeue: asks("Requeue", func(ctx context.Context, s sweeper.SweepRequeuer, id model.WorkflowID) error {
		_, err := s.RequeueSweep(ctx, id)
		return err
	}),
}

// asks is a request of a server that is an S.
func asks[S any, N ~string](name string, do func(ctx context.Context, s S, of N) error) request {
	return request{
		name:   name,
		offers: is[S],
		run: func(ctx context.Context, s sweeper.Server, of string) error {
			return do(ctx, s.(S), N(of))
		},
	}
}

// ask asks a server by the verb, of a workflow or a queue.
func ask(verb uint8, s *server, w *world.World, of string) sim.Operation {
	r := requests[verb]
	return sim.Operation{Verb: verb, Object: w.Object(of), Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		return replyOf(r.run(world.Context(a), s.sweeps, of))
	}}
}
