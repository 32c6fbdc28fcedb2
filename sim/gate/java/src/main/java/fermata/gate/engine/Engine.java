package fermata.gate.engine;

import com.netflix.conductor.common.config.ObjectMapperProvider;
import com.netflix.conductor.core.config.ConductorProperties;
import com.netflix.conductor.core.execution.tasks.WorkflowSystemTask;
import com.netflix.conductor.core.utils.IDGenerator;
import java.lang.annotation.Annotation;
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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server: the released classes, put together by the types that their constructors ask for. A constructor that asks
 * for something else is refused with its name.
 */
final class Engine {
    static final String CORE = "com.netflix.conductor.core.";

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
        executor();
        part(CORE + "reconciliation.WorkflowReconciler");
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
        } else if (type.getName().startsWith("com.netflix.conductor.")) {
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
        if (!type.getName().startsWith("com.netflix.conductor.")) {
            throw new IllegalStateException(asker + " asks for a " + type.getName() + ", which is not known here");
        }
        return ports.proxy(type);
    }

    /** Makes an instance by the public constructor. */
    private Object make(Class<?> type) {
        Constructor<?>[] constructors = type.getConstructors();
        if (constructors.length != 1) {
            throw new IllegalStateException(type.getName() + " has " + constructors.length + " public constructors: expected 1");
        }
        Parameter[] parameters = constructors[0].getParameters();
        Object[] args = new Object[parameters.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = argument(parameters[i], type.getName());
        }
        try {
            return constructors[0].newInstance(args);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e);
        }
    }

    private Object argument(Parameter p, String asker) {
        Class<?> type = p.getType();
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
                && Arrays.stream(m.getAnnotations()).anyMatch(a -> a.annotationType().getSimpleName().equals("EventListener"));
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
