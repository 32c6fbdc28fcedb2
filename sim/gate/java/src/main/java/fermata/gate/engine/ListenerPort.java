package fermata.gate.engine;

import com.netflix.conductor.model.WorkflowModel;

/** WorkflowStatusListener: the ends of workflows. Its other methods are defaults of the interface, and do nothing. */
final class ListenerPort implements Ports.Port {
    @Override
    public Object call(String name, Object[] a) {
        switch (name) {
            case "onWorkflowCompletedIfEnabled1":
            case "onWorkflowCompleted1":
                return tell("listener.completed", a);
            case "onWorkflowTerminatedIfEnabled1":
            case "onWorkflowTerminated1":
                return tell("listener.terminated", a);
            case "onWorkflowFinalizedIfEnabled1":
            case "onWorkflowFinalized1":
                return tell("listener.finalized", a);
            default:
                return Ports.UNLISTED;
        }
    }

    private static Object tell(String port, Object[] a) {
        Ports.port(port, Ports.id(((WorkflowModel) a[0]).getWorkflowId()));
        return null;
    }
}
