package fermata.gate.engine;

import com.netflix.conductor.common.config.ObjectMapperProvider;
import com.netflix.conductor.core.config.ConductorProperties;
import com.netflix.conductor.core.execution.tasks.WorkflowSystemTask;
import com.netflix.conductor.core.utils.IDGenerator;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server: the released classes, put together by the types that their constructors ask for. A constructor that asks
 * for something else is refused with its name.
 */
final class Engine {
    static final String CORE = "com.netflix.conductor.core.";

    /** The sweeper of 3.22 and later, which has its own polling loops. */
    private static final String NEW_SWEEPER = "org.conductoross.conductor.core.execution.WorkflowSweeper";

    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final Settings settings;
    private final Ports ports;

    Engine(Settings settings, Records records) {
        this.settings = settings;
        this.ports = new Ports(records);
        parts.put(com.fasterxml.jackson.databind.ObjectMapper.class, new ObjectMapperProvider().getObjectMapper());
        parts.put(ConductorProperties.class, settings.into(new ConductorProperties()));
        parts.put(IDGenerator.class, new Ids());
        parts.put(Duration.class, Duration.ofMinutes(60)); // the decider's pending-time threshold: metrics only
        parts.put(Executor.class, (Executor) loop -> {}); // a polling loop is an actor here
        executor();
        sweeper();
    }

    /** Whether the sweeper is that of 3.22 and later. */
    boolean sweepsByItself() {
        return exists(NEW_SWEEPER);
    }

    Object sweeper() {
        return part(sweepsByItself() ? NEW_SWEEPER : CORE + "reconciliation.WorkflowSweeper");
    }

    boolean repairs() {
        return settings.repairServiceEnabled();
    }

    /** WorkflowExecutor: a class until 3.21.2, then an interface. */
    Object executor() {
        return part(CORE + "execution.WorkflowExecutor");
    }

    /** The part of that type, made on first use with everything that it needs. */
    Object part(String type) {
        return part(load(type), type);
    }

    static boolean exists(String type) {
        try {
            Class.forName(type, false, Engine.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Class<?> load(String type) {
        try {
            return Class.forName(type, true, Engine.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the engine has no class " + type);
        }
    }

    private Object part(Class<?> type, String asker) {
        Object known = parts.get(type);
        if (known != null) {
            return known;
        }
        Object made;
        if (type.isInterface()) {
            made = type.getName().equals(CORE + "execution.WorkflowExecutor")
                    ? make(load(CORE + "execution.WorkflowExecutorOps"))
                    : ofInterface(type, asker);
        } else if (ofEngine(type)) {
            made = make(type);
        } else {
            throw new IllegalStateException(asker + " asks for a " + type.getName() + ", which is not known here");
        }
        parts.put(type, made);
        return made;
    }

    private Object ofInterface(Class<?> type, String asker) {
        if (type.getName().equals("org.springframework.context.ApplicationEventPublisher")) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, m, args) -> publish(args[0]));
        }
        if (!ofEngine(type)) {
            throw new IllegalStateException(asker + " asks for a " + type.getName() + ", which is not known here");
        }
        return ports.proxy(type);
    }

    private static boolean ofEngine(Class<?> type) {
        return type.getName().startsWith("com.netflix.conductor.") || type.getName().startsWith("org.conductoross.conductor.");
    }

    /** The public constructor, or of several the one that Spring would take. */
    private static Constructor<?> constructorOf(Class<?> type) {
        Constructor<?>[] all = type.getConstructors();
        Constructor<?>[] wired = Arrays.stream(all).filter(c -> annotated(c, "Autowired")).toArray(Constructor<?>[]::new);
        Constructor<?>[] candidates = wired.length > 0 ? wired : all;
        if (candidates.length != 1) {
            throw new IllegalStateException(
                    type.getName() + " has " + candidates.length + " constructors to choose from: expected 1");
        }
        return candidates[0];
    }

    private static boolean annotated(AnnotatedElement element, String annotation) {
        return Arrays.stream(element.getAnnotations())
                .anyMatch(a -> a.annotationType().getSimpleName().equals(annotation));
    }

    private Object make(Class<?> type) {
        Constructor<?> constructor = constructorOf(type);
        Parameter[] parameters = constructor.getParameters();
        Object[] args = new Object[parameters.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = argument(parameters[i], type.getName());
        }
        try {
            return constructor.newInstance(args);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e);
        }
    }

    private Object argument(Parameter p, String asker) {
        Class<?> type = p.getType();
        if (annotated(p, "Nullable")) {
            return null;
        }
        if (type == Optional.class) {
            return settings.repairServiceEnabled()
                    ? Optional.of(part(CORE + "reconciliation.WorkflowRepairService"))
                    : Optional.empty();
        }
        if (type == Map.class) {
            boolean mappers = Arrays.stream(p.getAnnotations()).map(Annotation::toString).anyMatch(a -> a.contains("taskMappers"));
            return mappers ? mappers() : new HashMap<>();
        }
        if (type == Set.class) {
            return systemTasks();
        }
        return part(type, asker);
    }

    /** The mappers of the task types that are modelled, and of the types that stand for SIMPLE. */
    private Map<String, Object> mappers() {
        Map<String, Object> mappers = new LinkedHashMap<>();
        for (String[] m : new String[][] {
            {"SIMPLE", "SimpleTaskMapper"}, {"USER_DEFINED", "UserDefinedTaskMapper"},
            {"FORK_JOIN", "ForkJoinTaskMapper"}, {"JOIN", "JoinTaskMapper"},
        }) {
            mappers.put(m[0], part(CORE + "execution.mapper." + m[1]));
        }
        return mappers;
    }

    private Set<WorkflowSystemTask> systemTasks() {
        Set<WorkflowSystemTask> tasks = new HashSet<>();
        for (String name : new String[] {"Join", "Fork"}) {
            tasks.add((WorkflowSystemTask) part(CORE + "execution.tasks." + name));
        }
        return tasks;
    }

    WorkflowSystemTask systemTask(String name) {
        return systemTasks().stream().filter(t -> t.getTaskType().equals(name)).findFirst()
                .orElseThrow(() -> new Unmodelled("the system task " + name));
    }

    /** Hands an event to the parts that listen to it, at once, as Spring does. */
    private Object publish(Object event) {
        for (Object part : parts.values().toArray()) {
            for (Method m : part.getClass().getMethods()) {
                if (listens(m, event)) {
                    Reflect.invoke(part, m, event);
                }
            }
        }
        return null;
    }

    private static boolean listens(Method m, Object event) {
        return m.getParameterCount() == 1 && m.getParameterTypes()[0] == event.getClass()
                && Modifier.isPublic(m.getModifiers())
                && annotated(m, "EventListener");
    }

    /**
     * Makes placeholders: a task is named when it is created (Fermata names tasks after what they are and who made
     * them), and a workflow has the name that its start asks for.
     */
    static final class Ids extends IDGenerator {
        static final String PLACEHOLDER = "unnamed-";

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public String generate() {
            return PLACEHOLDER + count.incrementAndGet();
        }
    }
}
