package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
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
    /** Since 3.21.23 a response timeout counts from a task's start, where the next sweep is postponed. */
    private static final boolean RESPONSE_FROM_START =
            Assembly.has("org.conductoross.conductor.core.execution.ExecutorUtils");

    private static final String SUB_WORKFLOW_NAME = "subWorkflowName";

    private final Map<String, WorkflowDef> definitions = new ConcurrentHashMap<>();
    private final Map<String, String> definitionOf = new ConcurrentHashMap<>(); // by workflow
    private final Map<String, String> workflowOf = new ConcurrentHashMap<>(); // by task

    /** The definition of that name, asked for once; null if there is none. */
    WorkflowDef definition(String name) {
        WorkflowDef known = definitions.get(name);
        if (known == null) {
            JsonNode d = Ports.port("metadata.getWorkflowDef", Ports.args().put("name", name));
            if (d.isNull() || d.isMissingNode()) {
                return null;
            }
            known = Definitions.of(d);
            definitions.put(name, known);
        }
        return known;
    }

    WorkflowModel workflow(JsonNode w) {
        WorkflowModel model = new WorkflowModel();
        String name = w.path("def").asText();
        WorkflowDef def = definition(name);
        model.setWorkflowId(w.path("id").asText());
        model.setWorkflowDefinition(def);
        model.setStatus(WorkflowModel.Status.valueOf(w.path("status").asText()));
        model.setPriority(w.path("priority").asInt());
        model.setCreateTime(w.path("createTime").asLong());
        model.setFailedTaskId(text(w, "failedTaskId"));
        model.setParentWorkflowId(text(w, "parentWorkflowId"));
        model.setParentWorkflowTaskId(text(w, "parentWorkflowTaskId"));
        definitionOf.put(model.getWorkflowId(), name);
        List<TaskModel> tasks = new ArrayList<>();
        w.path("tasks").forEach(t -> tasks.add(task(t, def, name)));
        tasks.forEach(t -> t.setWorkflowPriority(model.getPriority()));
        tasks.forEach(t -> workflowOf.put(t.getTaskId(), model.getWorkflowId()));
        model.setTasks(tasks);
        return model;
    }

    /** The workflow of a task that was read with it. */
    String workflowOf(String task) {
        return workflowOf.get(task);
    }

    /** A task that was read by itself: its record names its workflow's definition, or its workflow was met before. */
    TaskModel task(JsonNode t) {
        String name = t.has("def") ? t.path("def").asText() : definitionOf.get(t.path("workflowId").asText());
        return task(t, name == null ? null : definition(name), name);
    }

    private static TaskModel task(JsonNode t, WorkflowDef def, String workflowType) {
        TaskModel model = new TaskModel();
        model.setTaskId(t.path("id").asText());
        model.setWorkflowInstanceId(t.path("workflowId").asText());
        model.setWorkflowType(workflowType);
        model.setReferenceTaskName(t.path("ref").asText());
        model.setTaskType(typeOf(t));
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
        model.setSubWorkflowId(text(t, "subWorkflowId"));
        model.setSubworkflowChanged(t.path("subworkflowChanged").asBoolean());
        model.setWaitTimeout(t.path("waitTimeout").asLong());
        if (def != null && def.getTaskByRefName(model.getReferenceTaskName()) != null) {
            restore(model, def.getTaskByRefName(model.getReferenceTaskName()));
        }
        return model;
    }

    /** What the engine's record has of the definition, and the protocol's has not. */
    private static void restore(TaskModel model, WorkflowTask task) {
        model.setWorkflowTask(task);
        if (model.getRetriedTaskId() != null && task.getTaskDefinition() != null) {
            model.setStartDelayInSeconds(task.getTaskDefinition().getRetryDelaySeconds());
        }
        if ("JOIN".equals(model.getTaskType())) {
            Map<String, Object> input = new HashMap<>();
            input.put("joinOn", task.getJoinOn());
            model.setInputData(input);
        }
        if (task.getSubWorkflowParam() != null) {
            Map<String, Object> input = new HashMap<>();
            input.put(SUB_WORKFLOW_NAME, task.getSubWorkflowParam().getName());
            input.put("subWorkflowVersion", 1);
            model.setInputData(input);
        }
    }

    /** A SIMPLE task's row has its name as its type, as the engine's mapper sets it. */
    private static String typeOf(JsonNode t) {
        String type = t.path("type").asText();
        return type.equals("SIMPLE") ? t.path("defName").asText() : type;
    }

    private static String text(JsonNode node, String field) {
        return node.hasNonNull(field) && !node.path(field).asText().isEmpty() ? node.path(field).asText() : null;
    }

    /** The workflow with its tasks. */
    ObjectNode json(WorkflowModel w) {
        ObjectNode node = record(w);
        ArrayNode tasks = node.putArray("tasks");
        w.getTasks().forEach(t -> tasks.add(json(t)));
        return node;
    }

    /**
     * The workflow without its tasks, as a store writes it. The time that a timeout counts from is createTime, until a
     * resume sets lastRetriedTime in its place.
     */
    ObjectNode record(WorkflowModel w) {
        ObjectNode node = Ports.args();
        node.put("id", w.getWorkflowId()).put("def", w.getWorkflowName()).put("status", w.getStatus().name());
        long created = w.getCreateTime() == null ? 0 : w.getCreateTime();
        put(node, "createTime", w.getLastRetriedTime() > 0 ? w.getLastRetriedTime() : created);
        put(node, "priority", w.getPriority());
        put(node, "parentWorkflowId", w.getParentWorkflowId());
        put(node, "parentWorkflowTaskId", w.getParentWorkflowTaskId());
        put(node, "failedTaskId", w.getFailedTaskId());
        return node;
    }

    ObjectNode json(TaskModel t) {
        ObjectNode node = Ports.args();
        node.put("id", t.getTaskId()).put("workflowId", t.getWorkflowInstanceId()).put("ref", t.getReferenceTaskName());
        node.put("type", t.getTaskType()).put("defName", t.getTaskDefName()).put("status", t.getStatus().name());
        put(node, "seq", t.getSeq());
        put(node, "retryCount", t.getRetryCount());
        put(node, "iteration", t.getIteration());
        put(node, "pollCount", t.getPollCount());
        put(node, "executed", t.isExecuted());
        put(node, "retried", t.isRetried());
        put(node, "callbackAfter", t.getCallbackAfterSeconds());
        put(node, "responseTimeout", t.getResponseTimeoutSeconds());
        long timeout = t.getTaskDefinition().map(d -> d.getTimeoutSeconds()).orElse(0L);
        put(node, "timeout", timeout);
        put(node, "scheduledTime", t.getScheduledTime());
        put(node, "startTime", timeout > 0 || RESPONSE_FROM_START ? t.getStartTime() : 0);
        put(node, "updateTime", t.getUpdateTime());
        put(node, "retriedTaskId", t.getRetriedTaskId());
        put(node, "subWorkflowId", t.getSubWorkflowId());
        put(node, "subworkflowChanged", t.isSubworkflowChanged());
        put(node, "waitTimeout", t.getWaitTimeout());
        if ("SUB_WORKFLOW".equals(t.getTaskType())) {
            put(node, "defName", (String) t.getInputData().get(SUB_WORKFLOW_NAME));
        }
        return node;
    }

    /** A task as the API hands it out. */
    ObjectNode json(Task t) {
        TaskModel model = new TaskModel();
        model.setTaskId(t.getTaskId());
        model.setWorkflowInstanceId(t.getWorkflowInstanceId());
        model.setReferenceTaskName(t.getReferenceTaskName());
        model.setTaskType(t.getTaskType());
        model.setTaskDefName(t.getTaskDefName());
        model.setStatus(TaskModel.Status.valueOf(t.getStatus().name()));
        model.setSeq(t.getSeq());
        model.setRetryCount(t.getRetryCount());
        model.setIteration(t.getIteration());
        model.setPollCount(t.getPollCount());
        model.setExecuted(t.isExecuted());
        model.setRetried(t.isRetried());
        model.setRetriedTaskId(t.getRetriedTaskId());
        model.setCallbackAfterSeconds(t.getCallbackAfterSeconds());
        model.setResponseTimeoutSeconds(t.getResponseTimeoutSeconds());
        model.setWorkflowTask(t.getWorkflowTask());
        model.setScheduledTime(t.getScheduledTime());
        model.setStartTime(t.getStartTime());
        model.setUpdateTime(t.getUpdateTime());
        return json(model);
    }

    private static void put(ObjectNode node, String field, long value) {
        if (value != 0) {
            node.put(field, value);
        }
    }

    private static void put(ObjectNode node, String field, String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    private static void put(ObjectNode node, String field, boolean value) {
        if (value) {
            node.put(field, true);
        }
    }
}
