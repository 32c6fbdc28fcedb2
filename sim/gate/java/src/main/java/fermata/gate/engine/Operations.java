package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.netflix.conductor.common.metadata.tasks.Task;
import com.netflix.conductor.common.metadata.tasks.TaskResult;
import com.netflix.conductor.common.metadata.workflow.RerunWorkflowRequest;
import com.netflix.conductor.common.metadata.workflow.SkipTaskRequest;
import com.netflix.conductor.common.metadata.workflow.WorkflowDef;
import com.netflix.conductor.core.exception.NotFoundException;
import com.netflix.conductor.core.execution.StartWorkflowInput;
import com.netflix.conductor.model.WorkflowModel;
import java.util.HashMap;
import java.util.List;

/** The operations of the protocol on the released classes. */
final class Operations {
    /** How long the API waits at the queue for a worker that does not say. */
    private static final int WORKER_POLL_MILLIS = 100;

    private final Engine engine;
    private final Records records;

    Operations(Engine engine, Records records) {
        this.engine = engine;
        this.records = records;
    }

    /** Runs the operation and returns its value. */
    JsonNode perform(String op, JsonNode args) {
        String id = args.path("id").asText();
        switch (op) {
            case "decide":
                return workflow(Reflect.call(engine.executor(), "decide", id));
            case "getWorkflow":
                return workflow(Reflect.call(engine.executor(), "getWorkflow", id, true));
            case "poll":
                return poll(args.path("queue").asText(), args.path("count").asInt());
            case "requeueSweep":
                return BooleanNode.valueOf(engine.requeueSweep(id));
            default:
                performVoid(op, id, args);
                return NullNode.getInstance();
        }
    }

    private void performVoid(String op, String id, JsonNode args) {
        switch (op) {
            case "pollAndSweep":
                engine.pollAndSweep();
                break;
            case "sweep":
                Reflect.call(engine.sweeper(), "sweep", id);
                break;
            case "updateTask":
                Reflect.call(engine.executor(), "updateTask", result(args));
                break;
            case "pollSystemTasks":
                engine.pollSystemTasks(args.path("queue").asText());
                break;
            case "startWorkflow":
                engine.start(input(id, args.path("def").asText()));
                break;
            case "terminateWorkflow":
                Reflect.call(engine.executor(), op, id, args.path("reason").asText());
                break;
            case "pauseWorkflow":
            case "resumeWorkflow":
                Reflect.call(engine.executor(), op, id);
                break;
            case "verifyAndRepairWorkflow":
                engine.repair(id);
                break;
            default:
                performOperator(op, id, args);
        }
    }

    private void performOperator(String op, String id, JsonNode args) {
        switch (op) {
            case "retryWorkflow":
                Reflect.call(engine.executor(), "retry", id, args.path("resumeSubworkflowTasks").asBoolean());
                break;
            case "rerunWorkflow":
                Reflect.call(engine.executor(), "rerun", rerun(id, args.path("taskId").asText(null)));
                break;
            case "restartWorkflow":
                Reflect.call(engine.executor(), "restart", id, args.path("useLatestDefinition").asBoolean());
                break;
            case "removeWorkflow":
                Reflect.call(engine.executionService(), op, id, false);
                break;
            case "skipTaskFromWorkflow":
                Reflect.call(engine.executor(), op, id, args.path("ref").asText(), new SkipTaskRequest());
                break;
            case "resetCallbacksForWorkflow":
                Reflect.call(engine.executor(), op, id);
                break;
            default:
                throw new Unmodelled("the operation " + op);
        }
    }

    private static RerunWorkflowRequest rerun(String id, String task) {
        RerunWorkflowRequest request = new RerunWorkflowRequest();
        request.setReRunFromWorkflowId(id);
        request.setReRunFromTaskId(task);
        return request;
    }

    private JsonNode workflow(Object model) {
        return model == null ? NullNode.getInstance() : records.json((WorkflowModel) model);
    }

    private static TaskResult result(JsonNode args) {
        TaskResult result = new TaskResult();
        result.setTaskId(args.path("taskId").asText());
        result.setWorkflowInstanceId(args.path("workflowId").asText());
        result.setStatus(TaskResult.Status.valueOf(args.path("status").asText()));
        result.setCallbackAfterSeconds(args.path("callbackAfter").asLong());
        return result;
    }

    @SuppressWarnings("unchecked")
    private JsonNode poll(String queue, int count) {
        List<Task> tasks = (List<Task>)
                Reflect.call(engine.executionService(), "poll", queue, "worker", count, WORKER_POLL_MILLIS);
        ArrayNode array = Ports.args().arrayNode();
        tasks.forEach(t -> array.add(records.json(t)));
        return array;
    }

    private StartWorkflowInput input(String id, String name) {
        WorkflowDef def = records.definition(name);
        if (def == null) {
            throw new NotFoundException("No such workflow found by name: " + name);
        }
        StartWorkflowInput input = new StartWorkflowInput();
        input.setName(name);
        input.setVersion(1);
        input.setWorkflowDefinition(def);
        input.setWorkflowId(id);
        input.setPriority(0);
        input.setWorkflowInput(new HashMap<>());
        return input;
    }
}
