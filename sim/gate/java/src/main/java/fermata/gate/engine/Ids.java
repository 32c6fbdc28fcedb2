package fermata.gate.engine;

import com.netflix.conductor.core.utils.IDGenerator;
import com.netflix.conductor.model.TaskModel;

/**
 * Makes placeholders for the ids of tasks. A task is named when it is created, before
 * anything but the engine's memory has seen its placeholder: Fermata names tasks after what they are and who made them,
 * and retries come by no task mapper. A sub-workflow is named at once, after the task that starts it.
 */
final class Ids extends IDGenerator {
    private static final String PLACEHOLDER = "unnamed-";

    /** What tells a sub-workflow's id from its task's. */
    private static final String CHILD = ".child";

    /** The task whose sub-workflow this thread is about to start. */
    private static final ThreadLocal<TaskModel> STARTS = new ThreadLocal<>();

    private int count;

    @Override
    public synchronized String generate() {
        TaskModel task = STARTS.get();
        if (task == null) {
            return PLACEHOLDER + ++count;
        }
        STARTS.remove();
        return named(task, task.getReferenceTaskName() + CHILD);
    }

    /** Of IDGenerator since 3.30.0. */
    public String generateSubWorkflowId(String parentWorkflowId, String taskId, int retryCount) {
        return taskId + CHILD;
    }

    /** The next id that this thread asks for is of the sub-workflow of the task; of none, if the task is null. */
    static void starts(TaskModel task) {
        STARTS.set(task);
    }

    static void name(TaskModel t) {
        if (t.getTaskId() != null && t.getTaskId().startsWith(PLACEHOLDER)) {
            t.setTaskId(named(t, t.getReferenceTaskName()));
        }
    }

    private static String named(TaskModel t, String ref) {
        return Ports.port("env.newTaskID", Ports.args().put("ref", ref).put("retryCount", t.getRetryCount())
                .put("iteration", t.getIteration())).asText();
    }
}
