package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.netflix.conductor.common.metadata.tasks.TaskDef;
import com.netflix.conductor.common.metadata.workflow.SubWorkflowParams;
import com.netflix.conductor.common.metadata.workflow.WorkflowDef;
import com.netflix.conductor.common.metadata.workflow.WorkflowTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Definitions out of the protocol's records. */
final class Definitions {
    private Definitions() {}

    static WorkflowDef of(JsonNode d) {
        WorkflowDef def = new WorkflowDef();
        def.setName(d.path("name").asText());
        def.setVersion(1);
        def.setSchemaVersion(2);
        def.setOwnerEmail("owner@example.com");
        def.setTimeoutSeconds(d.path("timeout").asLong());
        def.setTimeoutPolicy(WorkflowDef.TimeoutPolicy.valueOf(d.path("timeoutPolicy").asText()));
        def.setRestartable(d.path("restartable").asBoolean(true));
        def.setTasks(tasks(d.path("tasks")));
        def.setWorkflowStatusListenerEnabled(true);
        return def;
    }

    private static List<WorkflowTask> tasks(JsonNode list) {
        List<WorkflowTask> tasks = new ArrayList<>();
        list.forEach(t -> tasks.add(task(t)));
        return tasks;
    }

    private static WorkflowTask task(JsonNode t) {
        WorkflowTask task = new WorkflowTask();
        TaskDef def = taskDef(t.path("def"));
        task.setTaskReferenceName(t.path("ref").asText());
        task.setName(def.getName().isEmpty() ? t.path("ref").asText() : def.getName());
        task.setType(t.path("type").asText());
        task.setOptional(t.path("optional").asBoolean());
        if (t.path("type").asText().equals("SIMPLE") || !def.getName().isEmpty()) {
            task.setTaskDefinition(def);
        }
        if (t.hasNonNull("subWorkflow")) {
            SubWorkflowParams params = new SubWorkflowParams();
            params.setName(t.path("subWorkflow").asText());
            params.setVersion(1);
            task.setSubWorkflowParam(params);
        }
        if (t.hasNonNull("duration")) {
            task.setInputParameters(new HashMap<>(Map.of("duration", t.path("duration").asLong() + " seconds")));
        }
        List<List<WorkflowTask>> branches = new ArrayList<>();
        t.path("forkTasks").forEach(b -> branches.add(tasks(b)));
        task.setForkTasks(branches);
        List<String> joinOn = new ArrayList<>();
        t.path("joinOn").forEach(j -> joinOn.add(j.asText()));
        task.setJoinOn(joinOn);
        return task;
    }

    private static TaskDef taskDef(JsonNode d) {
        TaskDef def = new TaskDef();
        def.setName(d.path("name").asText(""));
        def.setOwnerEmail("owner@example.com");
        def.setRetryCount(d.path("retryCount").asInt());
        def.setRetryDelaySeconds(d.path("retryDelay").asInt());
        def.setTimeoutSeconds(d.path("timeout").asLong());
        def.setTimeoutPolicy(TaskDef.TimeoutPolicy.valueOf(d.path("timeoutPolicy").asText()));
        def.setResponseTimeoutSeconds(d.path("responseTimeout").asLong());
        def.setPollTimeoutSeconds(d.path("pollTimeout").asInt());
        return def;
    }
}
