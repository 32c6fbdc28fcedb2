package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.netflix.conductor.common.metadata.tasks.Task;
import com.netflix.conductor.common.metadata.tasks.TaskResult;
import com.netflix.conductor.core.execution.StartWorkflowInput;
import com.netflix.conductor.model.WorkflowModel;
import java.util.List;

/** The operations of the protocol on the released classes. */
final class Operations {
    private static final int WORKER_POLL_MILLIS = 100;
    private static final int SYSTEM_POLL_MILLIS = 200;
    private static final int SWEEPER_POLL_MILLIS = 100;

    private Operations() {}

    static JsonNode of(Engine engine, String op, JsonNode args, Wire wire, Run run) {
        Object executor = engine.executor();
        String id = args.path("id").asText();
        switch (op) {
            case "pollAndSweep":
                return pollAndSweep(engine);
            case "sweep":
                Reflect.call(engine.sweeper(), "sweep", id);
                return null;
            case "decide":
                return workflow(run, Reflect.call(executor, "decide", id));
            case "updateTask":
                Reflect.call(executor, "updateTask", result(args));
                return null;
            case "poll":
                return poll(engine, args, wire, run);
            case "pollSystemTasks":
                return pollSystemTasks(engine, args.path("queue").asText());
            case "startWorkflow":
                return start(engine, executor, id, run.records().definition(args.path("def").asText()));
            case "terminateWorkflow":
                Reflect.call(executor, "terminateWorkflow", id, args.path("reason").asText());
                return null;
            case "pauseWorkflow":
            case "resumeWorkflow":
                Reflect.call(executor, op, id);
                return null;
            case "getWorkflow":
                return workflow(run, Reflect.call(executor, "getWorkflow", id, true));
            case "verifyAndRepairWorkflow":
                return repair(engine, id);
            default:
                throw new Unmodelled("the operation " + op);
        }
    }

    /**
     * One run of the reconciler; from 3.22 on, one turn of the sweeper's own loop, which this actor goes round: what it
     * pops it sweeps one after the other.
     */
    private static JsonNode pollAndSweep(Engine engine) {
        if (!engine.sweepsByItself()) {
            Object reconciler = engine.part(Engine.CORE + "reconciliation.WorkflowReconciler");
            Reflect.call(reconciler, "start");
            Reflect.call(reconciler, "pollAndSweep");
            return null;
        }
        Object queues = engine.part("com.netflix.conductor.dao.QueueDAO");
        for (Object id : (List<?>) Reflect.call(queues, "pop", "_deciderQueue", 1, SWEEPER_POLL_MILLIS)) {
            Reflect.call(engine.sweeper(), "sweep", id);
        }
        return null;
    }

    private static JsonNode workflow(Run run, Object model) {
        return model == null ? NullNode.getInstance() : run.records().json((WorkflowModel) model);
    }

    private static TaskResult result(JsonNode args) {
        TaskResult result = new TaskResult();
        result.setTaskId(args.path("taskId").asText());
        result.setWorkflowInstanceId(args.path("workflowId").asText());
        result.setStatus(TaskResult.Status.valueOf(args.path("status").asText()));
        result.setCallbackAfterSeconds(args.path("callbackAfter").asLong());
        return result;
    }

    /** ExecutionService.poll and the acknowledgement that the API sends for each task. */
    @SuppressWarnings("unchecked")
    private static JsonNode poll(Engine engine, JsonNode args, Wire wire, Run run) {
        Object service = engine.part("com.netflix.conductor.service.ExecutionService");
        List<Task> tasks = (List<Task>) Reflect.call(service, "poll", args.path("queue").asText(), "worker",
                args.path("count").asInt(), WORKER_POLL_MILLIS);
        ArrayNode array = wire.array();
        tasks.forEach(t -> array.add(run.records().json(t)));
        return array;
    }

    /**
     * SystemTaskWorker.pollAndExecute, without its thread pool: acknowledged first, then executed by this actor. An
     * exception ends the turn, and one of the execution ends with its future.
     */
    private static JsonNode pollSystemTasks(Engine engine, String queue) {
        Object service = engine.part("com.netflix.conductor.service.ExecutionService");
        Object worker = engine.part(Engine.CORE + "execution.AsyncSystemTaskExecutor");
        Object dao = engine.part("com.netflix.conductor.dao.QueueDAO");
        try {
            for (Object id : (List<?>) Reflect.call(dao, "pop", queue, 1, SYSTEM_POLL_MILLIS)) {
                Reflect.call(service, "ackTaskReceived", id);
                execute(worker, engine.systemTask(queue), id);
            }
        } catch (RuntimeException e) {
            return null; // logged there
        }
        return null;
    }

    private static void execute(Object worker, Object task, Object id) {
        try {
            Reflect.call(worker, "execute", task, id);
        } catch (RuntimeException e) {
            // the future's
        }
    }

    /** Starts by the release's own way in: an operation of its own until 3.21.2, then the executor. */
    private static JsonNode start(Engine engine, Object executor, String id, Object definition) {
        StartWorkflowInput input = new StartWorkflowInput();
        input.setName(((com.netflix.conductor.common.metadata.workflow.WorkflowDef) definition).getName());
        input.setVersion(1);
        input.setWorkflowDefinition((com.netflix.conductor.common.metadata.workflow.WorkflowDef) definition);
        input.setWorkflowId(id);
        input.setPriority(0);
        input.setWorkflowInput(new java.util.HashMap<>());
        String operation = Engine.CORE + "operation.StartWorkflowOperation";
        if (Engine.exists(operation)) {
            Reflect.call(engine.part(operation), "execute", input);
        } else {
            Reflect.call(executor, "startWorkflow", input);
        }
        return null;
    }

    private static JsonNode repair(Engine engine, String id) {
        if (!engine.repairs()) {
            throw new IllegalStateException("the repair service is not enabled");
        }
        Reflect.call(engine.part(Engine.CORE + "reconciliation.WorkflowRepairService"), "verifyAndRepairWorkflow", id, true);
        return null;
    }
}
