package fermata.gate.engine;

import com.netflix.conductor.core.utils.IDGenerator;
import com.netflix.conductor.model.TaskModel;

/**
 * Makes placeholders for the ids of tasks. A task is named when it is created, before
 * anything but the engine's memory has seen its placeholder: Fermata names tasks after what they are and who made them,
 * and retries come by no task mapper.
 */
final class Ids extends IDGenerator {
    private static final String PLACEHOLDER = "unnamed-";

    private int count;

    @Override
    public synchronized String generate() {
        return PLACEHOLDER + ++count;
    }

    static void name(TaskModel t) {
        if (t.getTaskId() != null && t.getTaskId().startsWith(PLACEHOLDER)) {
            t.setTaskId(Ports.port("env.newTaskID", Ports.args().put("ref", t.getReferenceTaskName())
                    .put("retryCount", t.getRetryCount()).put("iteration", t.getIteration())).asText());
        }
    }
}
