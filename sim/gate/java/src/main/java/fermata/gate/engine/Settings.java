package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.time.Duration;

/** A server's settings as the engine's own properties. */
final class Settings {
    private final JsonNode node;

    Settings(JsonNode node) {
        this.node = node;
    }

    boolean repairServiceEnabled() {
        return node.path("repairServiceEnabled").asBoolean();
    }

    /** Fills in a ConductorProperties bean; a property that the release does not have is an error. */
    Object into(Object properties) {
        millis(properties, "SweeperWorkflowPollTimeout", "sweeperWorkflowPollTimeout");
        millis(properties, "LockLeaseTime", "lockLeaseTime");
        millis(properties, "LockTimeToTry", "lockTimeToTry");
        seconds(properties, "WorkflowOffsetTimeout", "workflowOffsetTimeout");
        seconds(properties, "TaskExecutionPostponeDuration", "taskExecutionPostpone");
        seconds(properties, "SystemTaskWorkerCallbackDuration", "systemTaskCallback");
        set(properties, "SweeperThreadCount", Math.max(1, node.path("sweeperThreadCount").asInt()));
        set(properties, "WorkflowExecutionLockEnabled", node.path("lockEnabled").asBoolean());
        set(properties, "SystemTaskWorkerThreadCount", 1); // a turn of a worker is one thread's; its pop asks for one
        set(properties, "AsyncIndexingEnabled", false);
        return properties;
    }

    /** SweeperProperties of 3.21.23 and later. */
    void intoSweeper(Object properties) {
        set(properties, "SweepBatchSize", node.path("sweepBatchSize").asInt());
        set(properties, "QueuePopTimeout", node.path("queuePopTimeout").asInt());
    }

    private void millis(Object properties, String property, String name) {
        set(properties, property, Duration.ofMillis(node.path(name).asLong()));
    }

    private void seconds(Object properties, String property, String name) {
        set(properties, property, Duration.ofSeconds(node.path(name).asLong()));
    }

    private static void set(Object properties, String property, Object value) {
        for (Method m : properties.getClass().getMethods()) {
            if (m.getName().equals("set" + property)) {
                Reflect.invoke(properties, m, value);
                return;
            }
        }
        throw new IllegalStateException(properties.getClass().getName() + " has no set" + property);
    }
}
