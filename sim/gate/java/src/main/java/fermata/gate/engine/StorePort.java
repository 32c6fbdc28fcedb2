package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.netflix.conductor.model.TaskModel;
import com.netflix.conductor.model.WorkflowModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** com.netflix.conductor.dao.ExecutionDAO, one record at a time. */
final class StorePort implements Ports.Port {
    private final Records records;

    StorePort(Records records) {
        this.records = records;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object call(String name, Object[] a) {
        switch (name) {
            case "createWorkflow1":
                return write("dao.createWorkflow", (WorkflowModel) a[0]);
            case "updateWorkflow1":
                return write("dao.updateWorkflow", (WorkflowModel) a[0]);
            case "getWorkflow1":
                return read("dao.getWorkflow", Ports.id(a[0]).put("includeTasks", true), records::workflow);
            case "getWorkflow2":
                return read("dao.getWorkflow", Ports.id(a[0]).put("includeTasks", (boolean) a[1]), records::workflow);
            case "removeWorkflow1":
                Ports.port("dao.removeWorkflow", Ports.id(a[0]));
                return true;
            case "removeFromPendingWorkflow2":
                Ports.port("dao.removeFromPendingWorkflow", Ports.id(a[1]));
                return null;
            case "getTask1":
                return read("dao.getTask", Ports.id(a[0]), records::task);
            case "createTasks1":
                return createTasks((List<TaskModel>) a[0]);
            case "updateTask1":
                ObjectNode args = Ports.args();
                Ids.name((TaskModel) a[0]); // a retry writes a new task before it creates it
                args.set("task", records.json((TaskModel) a[0]));
                Ports.port("dao.updateTask", args);
                return null;
            case "removeTask1":
                Ports.port("dao.removeTask", Ports.id(a[0]).put("workflowId", records.workflowOf((String) a[0])));
                return true;
            case "canSearchAcrossWorkflows0":
                return false;
            default:
                return Ports.UNLISTED;
        }
    }

    private String write(String port, WorkflowModel workflow) {
        ObjectNode args = Ports.args();
        args.set("workflow", records.record(workflow));
        Ports.port(port, args);
        return workflow.getWorkflowId();
    }

    /** The real stores answer null for what is not there. */
    private static Object read(String port, ObjectNode args, Function<JsonNode, Object> model) {
        try {
            return model.apply(Ports.port(port, args));
        } catch (PortException e) {
            if (e.kind.equals("not-found")) {
                return null;
            }
            throw e;
        }
    }

    private List<TaskModel> createTasks(List<TaskModel> tasks) {
        ObjectNode args = Ports.args();
        ArrayNode array = args.putArray("tasks");
        for (TaskModel t : tasks) {
            Ids.name(t);
            if (t.getScheduledTime() == 0 && !t.getStatus().isTerminal()) {
                t.setScheduledTime(Time.currentTimeMillis()); // the stores do, on the engine's own object
            }
            array.add(records.json(t));
        }
        Set<String> created = new HashSet<>();
        Ports.port("dao.createTasks", args).forEach(t -> created.add(t.path("id").asText()));
        List<TaskModel> out = new ArrayList<>();
        tasks.stream().filter(t -> created.contains(t.getTaskId())).forEach(out::add);
        return out;
    }
}
