package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.netflix.conductor.model.TaskModel;
import com.netflix.conductor.model.WorkflowModel;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The engine's interfaces to the world over the gate. A method is a port call, or silent (answered here with nothing:
 * see the table of port calls), or unmodelled, which ends the run without a verdict.
 */
final class Ports {
    /** What a push without a priority has in the queues that the world stands for. */
    private static final int PRIORITY_DEFAULT = 100;

    /** Interfaces of which every method is silent. */
    private static final Set<String> SILENT = Set.of(
            "IndexDAO", "RateLimitingDAO", "ConcurrentExecutionLimitDAO", "PollDataDAO", "TaskStatusListener",
            "ExternalPayloadStorage", "EventHandlerDAO", "WorkflowMessageQueueDAO");

    private final Records records;
    private final ObjectNode none = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();

    Ports(Records records) {
        this.records = records;
    }

    Object proxy(Class<?> type) {
        InvocationHandler handler = (p, m, args) -> m.getDeclaringClass() == Object.class
                ? ofObject(p, m, args)
                : call(type, m, args == null ? new Object[0] : args);
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object ofObject(Object proxy, Method m, Object[] args) {
        switch (m.getName()) {
            case "equals":
                return proxy == args[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            default:
                return proxy.getClass().getInterfaces()[0].getSimpleName();
        }
    }

    private Object call(Class<?> type, Method m, Object[] a) {
        if (SILENT.contains(type.getSimpleName())) {
            return nothing(m.getReturnType());
        }
        switch (type.getSimpleName()) {
            case "Lock":
                return lock(type, m, a);
            case "QueueDAO":
                return queue(type, m, a);
            case "ExecutionDAO":
                return store(type, m, a);
            case "MetadataDAO":
                return metadata(type, m, a);
            case "WorkflowStatusListener":
                return listener(m, a);
            default:
                throw unmodelled(type, m);
        }
    }

    private static Error unmodelled(Class<?> type, Method m) {
        String what = type.getSimpleName() + "." + m.getName()
                + Arrays.toString(Arrays.stream(m.getParameterTypes()).map(Class::getSimpleName).toArray());
        return Call.of(what).unmodelled(what);
    }

    /** The answer of a call that says nothing. */
    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        } else if (type == Optional.class) {
            return Optional.empty();
        } else if (type == CompletableFuture.class) {
            return CompletableFuture.completedFuture(null);
        } else if (type == List.class) {
            return new ArrayList<>();
        }
        return null;
    }

    private JsonNode port(String name, ObjectNode args) {
        return Call.of(name).port(name, args);
    }

    private ObjectNode args() {
        return none.objectNode();
    }

    private Object lock(Class<?> type, Method m, Object[] a) {
        ObjectNode args = args().put("id", (String) a[0]);
        switch (m.getName() + a.length) {
            case "acquireLock4":
                TimeUnit unit = (TimeUnit) a[3];
                args.put("timeToTry", unit.toMillis((long) a[1])).put("lease", unit.toMillis((long) a[2]));
                return port("lock.acquire", args).asBoolean();
            case "releaseLock1":
                try {
                    port("lock.release", args);
                } catch (PortException e) {
                    if (!e.kind.equals("not-owner")) {
                        throw e;
                    }
                    // RedisLock swallows a release by a non-owner.
                }
                return null;
            case "deleteLock1":
                port("lock.delete", args);
                return null;
            default:
                throw unmodelled(type, m);
        }
    }

    private Object queue(Class<?> type, Method m, Object[] a) {
        ObjectNode args = args();
        args.put("queue", (String) a[0]);
        if (a.length > 1 && a[1] instanceof String) {
            args.put("id", (String) a[1]);
        }
        switch (m.getName() + a.length) {
            case "push3":
            case "push4":
                if (!(a[1] instanceof String)) {
                    throw unmodelled(type, m);
                }
                port("queue.push", pushed(args, a));
                return null;
            case "pushIfNotExists3":
            case "pushIfNotExists4":
                return port("queue.pushIfNotExists", pushed(args, a)).asBoolean();
            case "pop3":
                List<String> ids = new ArrayList<>();
                port("queue.pop", args.put("count", (int) a[1]).put("timeout", (int) a[2])).forEach(i -> ids.add(i.asText()));
                return ids;
            case "remove2":
                port("queue.remove", args);
                return null;
            case "ack2":
                return port("queue.ack", args).asBoolean();
            case "setUnackTimeout3":
                return port("queue.setUnackTimeout", args.put("timeout", (long) a[2])).asBoolean();
            case "postpone4":
                return port("queue.postpone", pushed(args, a)).asBoolean();
            case "containsMessage2":
                return port("queue.containsMessage", args).asBoolean();
            case "getSize1":
                return 0;
            default:
                throw unmodelled(type, m);
        }
    }

    private static ObjectNode pushed(ObjectNode args, Object[] a) {
        int priority = a.length == 4 ? (int) a[2] : PRIORITY_DEFAULT;
        return args.put("priority", priority).put("offset", (long) a[a.length - 1]);
    }

    private Object store(Class<?> type, Method m, Object[] a) {
        ObjectNode args = args();
        switch (m.getName() + a.length) {
            case "createWorkflow1":
            case "updateWorkflow1":
                WorkflowModel model = (WorkflowModel) a[0];
                args.set("workflow", records.json(model));
                port("dao." + m.getName(), args);
                return model.getWorkflowId();
            case "getWorkflow1":
                return found(() -> records.workflow(port("dao.getWorkflow", args.put("id", (String) a[0]).put("includeTasks", true))));
            case "getWorkflow2":
                return found(() -> records.workflow(
                        port("dao.getWorkflow", args.put("id", (String) a[0]).put("includeTasks", (boolean) a[1]))));
            case "removeWorkflow1":
                port("dao.removeWorkflow", args.put("id", (String) a[0]));
                return true;
            case "removeFromPendingWorkflow2":
                port("dao.removeFromPendingWorkflow", args.put("id", (String) a[1]));
                return null;
            case "getTask1":
                return found(() -> records.task(port("dao.getTask", args.put("id", (String) a[0]))));
            case "createTasks1":
                return createTasks(a[0]);
            case "updateTask1":
                args.set("task", records.json((TaskModel) a[0]));
                port("dao.updateTask", args);
                return null;
            case "exceedsInProgressLimit1":
            case "canSearchAcrossWorkflows0":
                return false;
            default:
                throw unmodelled(type, m);
        }
    }

    /** The real stores answer null for what is not there. */
    private static Object found(java.util.function.Supplier<Object> read) {
        try {
            return read.get();
        } catch (PortException e) {
            if (e.kind.equals("not-found")) {
                return null;
            }
            throw e;
        }
    }

    @SuppressWarnings("unchecked")
    private List<TaskModel> createTasks(Object list) {
        List<TaskModel> tasks = (List<TaskModel>) list;
        ObjectNode args = args();
        ArrayNode array = args.putArray("tasks");
        for (TaskModel t : tasks) {
            name(t);
            array.add(records.json(t));
        }
        Set<String> created = new HashSet<>();
        port("dao.createTasks", args).forEach(t -> created.add(t.path("id").asText()));
        List<TaskModel> out = new ArrayList<>();
        tasks.stream().filter(t -> created.contains(t.getTaskId())).forEach(out::add);
        return out;
    }

    /** Names a new task, before anything but the engine's memory has seen its placeholder. */
    private void name(TaskModel t) {
        if (t.getTaskId() != null && t.getTaskId().startsWith(Engine.Ids.PLACEHOLDER)) {
            t.setTaskId(port("env.newTaskID", args().put("ref", t.getReferenceTaskName())
                    .put("retryCount", t.getRetryCount()).put("iteration", t.getIteration())).asText());
        }
    }

    private Object metadata(Class<?> type, Method m, Object[] a) {
        switch (m.getName()) {
            case "getWorkflowDef":
            case "getLatestWorkflowDef":
                return Optional.ofNullable(records.definition((String) a[0]));
            case "getTaskDef":
                return null; // definitions of tasks are embedded in those of workflows
            default:
                throw unmodelled(type, m);
        }
    }

    private Object listener(Method m, Object[] a) {
        String end = m.getName().replaceFirst("^onWorkflow", "").replaceFirst("IfEnabled$", "").toLowerCase();
        if (Set.of("completed", "terminated", "finalized").contains(end)) {
            port("listener." + end, args().put("id", ((WorkflowModel) a[0]).getWorkflowId()));
        }
        return null; // the beginnings and the other changes are silent
    }
}
