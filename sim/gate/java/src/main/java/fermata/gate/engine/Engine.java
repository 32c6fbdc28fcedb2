package fermata.gate.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.netflix.conductor.common.config.ObjectMapperProvider;
import com.netflix.conductor.core.config.ConductorProperties;
import com.netflix.conductor.core.utils.IDGenerator;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One server: the released classes with its settings, and what differs between the generations of them. */
final class Engine {
    private static final String OLD_SWEEPER = Assembly.CORE + "reconciliation.WorkflowSweeper";
    private static final String RECONCILER = Assembly.CORE + "reconciliation.WorkflowReconciler";
    private static final String NEW_SWEEPER = "org.conductoross.conductor.core.execution.WorkflowSweeper";
    private static final String SWEEPER_PROPERTIES = "org.conductoross.conductor.core.execution.SweeperProperties";
    private static final String START_OPERATION = Assembly.CORE + "operation.StartWorkflowOperation";

    /** The engine's own, costly to make and without state. */
    private static final ObjectMapper JSON = new ObjectMapperProvider().getObjectMapper();

    private final Settings settings;
    private final PollLoop loop = new PollLoop();
    private final Assembly parts;

    Engine(Settings settings, Records records) {
        this.settings = settings;
        parts = new Assembly(new Ports(records, new QueuePort(loop)), settings.repairServiceEnabled());
        parts.put(ObjectMapper.class, JSON);
        parts.put(ConductorProperties.class, settings.into(new ConductorProperties()));
        parts.put(IDGenerator.class, new Ids());
        parts.put(Duration.class, Duration.ofMinutes(60)); // the decider's pending-time threshold: metrics only
        if (Assembly.has(SWEEPER_PROPERTIES)) {
            settings.intoSweeper(parts.part(SWEEPER_PROPERTIES));
        }
        parts.part(Assembly.CORE + "execution.WorkflowExecutor");
        sweeper();
        parts.part(Assembly.CORE + "execution.AsyncSystemTaskExecutor");
        parts.part("com.netflix.conductor.service.ExecutionService");
    }

    /** WorkflowExecutor: a class until 3.21.2, then an interface. */
    Object executor() {
        return parts.part(Assembly.CORE + "execution.WorkflowExecutor");
    }

    Object executionService() {
        return parts.part("com.netflix.conductor.service.ExecutionService");
    }

    /** The sweeper that the release's server runs: since 3.21.23 a new class, with its own loop. */
    Object sweeper() {
        return parts.part(Assembly.has(NEW_SWEEPER) ? NEW_SWEEPER : OLD_SWEEPER);
    }

    /** One turn of the loop over the decider queue. */
    void pollAndSweep() {
        if (!Assembly.has(NEW_SWEEPER)) {
            Object reconciler = parts.part(RECONCILER);
            Reflect.call(reconciler, "start");
            Reflect.call(reconciler, "pollAndSweep");
            return;
        }
        Object sweeper = sweeper();
        AtomicBoolean stop = (AtomicBoolean) Reflect.field(sweeper, "stop");
        Reflect.call(sweeper, "start");
        loop.once(() -> Reflect.call(sweeper, "pollAndSweep"), () -> stop.set(false), () -> stop.set(true));
    }

    /**
     * One turn of a system task worker over one queue. The worker is a fresh one, so that it has its slots whatever
     * other actors of this server are in the middle of.
     */
    void pollSystemTasks(String queue) {
        Object worker = parts.another(Assembly.CORE + "execution.tasks.SystemTaskWorker");
        Reflect.call(worker, "start");
        Reflect.call(worker, "pollAndExecute", parts.systemTask(queue), queue);
    }

    /** Starts by the release's own way in: an operation of its own until 3.21.2, then the executor. */
    void start(Object input) {
        if (Assembly.has(START_OPERATION)) {
            Reflect.call(parts.part(START_OPERATION), "execute", input);
        } else {
            Reflect.call(executor(), "startWorkflow", input);
        }
    }

    /** The administrator's; it answers "true." or "false." with the id. */
    boolean requeueSweep(String id) {
        Object admin = parts.part("com.netflix.conductor.service.AdminServiceImpl");
        return ((String) Reflect.call(admin, "requeueSweep", id)).startsWith("true.");
    }

    void repair(String id) {
        if (!settings.repairServiceEnabled()) {
            throw new IllegalStateException("the repair service is not enabled");
        }
        Object service = parts.part(Assembly.CORE + "reconciliation.WorkflowRepairService");
        Reflect.call(service, "verifyAndRepairWorkflow", id, true);
    }
}
