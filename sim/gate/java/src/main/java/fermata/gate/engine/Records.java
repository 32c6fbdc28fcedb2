package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.netflix.conductor.common.metadata.tasks.Task;
import com.netflix.conductor.common.metadata.workflow.WorkflowDef;
import com.netflix.conductor.common.metadata.workflow.WorkflowTask;
import com.netflix.conductor.model.TaskModel;
import com.netflix.conductor.model.WorkflowModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The engine's models as records of the protocol, and back. What the protocol does not have stays at its default. */
final class Records {
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, WorkflowDef> definitions = new ConcurrentHashMap<>();
    private final Map<String, String> definitionOf = new ConcurrentHashMap<>(); // by workflow
    private final Wire wire;

    Records(Wire wire) {
        this.wire = wire;
    }

    /** The definition of that name, asked for once; null if there is none. */
    WorkflowDef definition(String name) {
        WorkflowDef known = definitions.get(name);
        if (known == null) {
            JsonNode d = Call.of("metadata").port("metadata.getWorkflowDef", wire.object().put("name", name));
            if (d.isNull() || d.isMissingNode()) {
                return null;
            }
            known = Definitions.of(d);
            definitions.put(name, known);
        }
        return known;
    }

    Iterable<WorkflowDef> known() {
        return definitions.values();
    }

    WorkflowModel workflow(JsonNode w) {
        WorkflowModel model = new WorkflowModel();
        WorkflowDef def = definition(w.path("def").asText());
        model.setWorkflowId(w.path("id").asText());
        model.setWorkflowDefinition(def);
        model.setStatus(WorkflowModel.Status.valueOf(w.path("status").asText()));
        model.setPriority(w.path("priority").asInt());
        long created = w.path("createTime").asLong();
        model.setCreateTime(created > 0 ? created : Time.currentTimeMillis());
        model.setFailedTaskId(text(w, "failedTaskId"));
        definitionOf.put(model.getWorkflowId(), def.getName());
        List<TaskModel> tasks = new ArrayList<>();
        w.path("tasks").forEach(t -> tasks.add(task(t, def)));
        model.setTasks(tasks);
        return model;
    }

    /** A task that was read by itself: the frame names its workflow's definition. */
    TaskModel task(JsonNode t) {
        String def = t.has("def") ? t.path("def").asText() : definitionOf.get(t.path("workflowId").asText());
        return task(t, def == null ? null : definition(def));
    }

    private TaskModel task(JsonNode t, WorkflowDef def) {
        TaskModel model = new TaskModel();
        model.setTaskId(t.path("id").asText());
        model.setWorkflowInstanceId(t.path("workflowId").asText());
        model.setReferenceTaskName(t.path("ref").asText());
        model.setTaskDefName(t.path("defName").asText());
        model.setStatus(TaskModel.Status.valueOf(t.path("status").asText()));
        model.setSeq(t.path("seq").asInt());
        model.setRetryCount(t.path("retryCount").asInt());
        model.setIteration(t.path("iteration").asInt());
        model.setPollCount(t.path("pollCount").asInt());
        model.setExecuted(t.path("executed").asBoolean());
        model.setRetried(t.path("retried").asBoolean());
        model.setRetriedTaskId(text(t, "retriedTaskId"));
        model.setCallbackAfterSeconds(t.path("callbackAfter").asLong());
        model.setResponseTimeoutSeconds(t.path("responseTimeout").asLong());
        model.setScheduledTime(t.path("scheduledTime").asLong());
        model.setStartTime(t.path("startTime").asLong());
        model.setUpdateTime(t.path("updateTime").asLong());
        model.setTaskType(typeOf(t));
        if (def != null) {
            model.setWorkflowType(def.getName());
            WorkflowTask task = def.getTaskByRefName(model.getReferenceTaskName());
            model.setWorkflowTask(task);
            if (model.getRetriedTaskId() != null) {
                // A repeated task's row has the delay that it waited, by which its timeouts are put off.
                model.getTaskDefinition().ifPresent(d -> model.setStartDelayInSeconds(d.getRetryDelaySeconds()));
            }
            if (task != null && "JOIN".equals(model.getTaskType())) {
                Map<String, Object> input = new HashMap<>();
                input.put("joinOn", task.getJoinOn());
                model.setInputData(input);
            }
        }
        return model;
    }

    /** A SIMPLE task's row has its name as its type, as the engine's mapper sets it. */
    private static String typeOf(JsonNode t) {
        String type = t.path("type").asText();
        return type.equals("SIMPLE") ? t.path("defName").asText() : type;
    }

    private static String text(JsonNode node, String field) {
        return node.hasNonNull(field) && !node.path(field).asText().isEmpty() ? node.path(field).asText() : null;
    }

    ObjectNode json(WorkflowModel w) {
        ObjectNode node = json.createObjectNode();
        node.put("id", w.getWorkflowId()).put("def", w.getWorkflowName()).put("status", w.getStatus().name());
        node.put("priority", w.getPriority()).put("failedTaskId", w.getFailedTaskId());
        node.put("createTime", startedAt(w));
        ArrayNode tasks = node.putArray("tasks");
        w.getTasks().forEach(t -> tasks.add(json(t)));
        return node;
    }

    /** The time from which the workflow's timeout counts: when it was created, or resumed since. */
    private static long startedAt(WorkflowModel w) {
        if (w.getLastRetriedTime() > 0) {
            return w.getLastRetriedTime();
        }
        return w.getCreateTime() == null ? 0 : w.getCreateTime();
    }

    ObjectNode json(TaskModel t) {
        ObjectNode node = json.createObjectNode();
        node.put("id", t.getTaskId()).put("workflowId", t.getWorkflowInstanceId()).put("ref", t.getReferenceTaskName());
        node.put("type", t.getTaskType()).put("defName", t.getTaskDefName()).put("status", t.getStatus().name());
        node.put("seq", t.getSeq()).put("retryCount", t.getRetryCount()).put("iteration", t.getIteration());
        node.put("pollCount", t.getPollCount()).put("executed", t.isExecuted()).put("retried", t.isRetried());
        node.put("retriedTaskId", t.getRetriedTaskId()).put("callbackAfter", t.getCallbackAfterSeconds());
        node.put("responseTimeout", t.getResponseTimeoutSeconds()).put("scheduledTime", t.getScheduledTime());
        node.put("startTime", t.getStartTime()).put("updateTime", t.getUpdateTime());
        t.getTaskDefinition().ifPresent(d -> node.put("timeout", d.getTimeoutSeconds()));
        return node;
    }

    /** A task as the API hands it out. */
    ObjectNode json(Task t) {
        ObjectNode node = json.createObjectNode();
        node.put("id", t.getTaskId()).put("workflowId", t.getWorkflowInstanceId()).put("ref", t.getReferenceTaskName());
        node.put("type", t.getTaskType()).put("defName", t.getTaskDefName()).put("status", t.getStatus().name());
        node.put("seq", t.getSeq()).put("retryCount", t.getRetryCount()).put("iteration", t.getIteration());
        node.put("pollCount", t.getPollCount()).put("executed", t.isExecuted()).put("retried", t.isRetried());
        node.put("retriedTaskId", t.getRetriedTaskId()).put("callbackAfter", t.getCallbackAfterSeconds());
        node.put("responseTimeout", t.getResponseTimeoutSeconds()).put("scheduledTime", t.getScheduledTime());
        return node.put("startTime", t.getStartTime()).put("updateTime", t.getUpdateTime());
    }
}
