package fermata.gate.engine;

import com.netflix.conductor.core.execution.tasks.WorkflowSystemTask;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Puts the released classes together by the types that their constructors ask for, one of each type, as Spring does for
 * the server. What cannot be supplied is refused with the names of the class and the parameter.
 */
final class Assembly {
    static final String CORE = "com.netflix.conductor.core.";
    private static final String EXECUTOR = CORE + "execution.WorkflowExecutor";

    /** The task types that are modelled, by the class of their mapper, and of those that the engine executes. */
    private static final String[] MAPPERS = {
        "Simple", "UserDefined", "ForkJoin", "Join", "SubWorkflow", "Wait", "Human"
    };
    private static final String[] SYSTEM_TASKS = {"Join", "Fork", "SubWorkflow", "Wait", "Human"};

    private final Map<Class<?>, Object> parts = new LinkedHashMap<>();
    private final Ports ports;
    private final boolean repairs;

    Assembly(Ports ports, boolean repairs) {
        this.ports = ports;
        this.repairs = repairs;
    }

    void put(Class<?> type, Object part) {
        parts.put(type, part);
    }

    /** Whether the release has the class. */
    static boolean has(String type) {
        try {
            load(type);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    static Class<?> load(String type) {
        try {
            return Class.forName(type, true, Assembly.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the engine has no class " + type);
        }
    }

    /** The part of that type, made on first use with everything that it needs. */
    Object part(String type) {
        return part(load(type), "the gate");
    }

    /** One more of that type, with the parts that there are. */
    Object another(String type) {
        return make(load(type));
    }

    private Object part(Class<?> type, String asker) {
        Object known = parts.get(type);
        if (known == null) {
            known = newPart(type, asker);
            parts.put(type, known);
        }
        return known;
    }

    private Object newPart(Class<?> type, String asker) {
        if (type.getName().equals(EXECUTOR) && type.isInterface()) {
            return make(load(EXECUTOR + "Ops")); // an interface since 3.21.3
        }
        if (type.getName().equals("org.springframework.context.ApplicationEventPublisher")) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (p, m, args) -> publish(args[0]));
        }
        if (type == Executor.class) {
            return (Executor) task -> {}; // of the sweeper that polls for ever; its actors poll instead
        }
        if (!type.getName().contains(".conductor.")) {
            throw new IllegalStateException(asker + " asks for a " + type.getName() + ", which is not known here");
        }
        return type.isInterface() ? ports.proxy(type) : make(type);
    }

    private Object make(Class<?> type) {
        Constructor<?> constructor = constructorOf(type);
        Parameter[] parameters = constructor.getParameters();
        Object[] args = new Object[parameters.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = argument(parameters[i], type.getName() + ", parameter " + (i + 1) + ",");
        }
        try {
            return constructor.newInstance(args);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be made: " + e);
        }
    }

    /** The public constructor; of several, the one that Spring is told to take, else the longest. */
    private static Constructor<?> constructorOf(Class<?> type) {
        return Arrays.stream(type.getConstructors())
                .max(Comparator.<Constructor<?>, Boolean>comparing(c -> annotated(c.getAnnotations(), "Autowired"))
                        .thenComparing(Constructor::getParameterCount))
                .orElseThrow(() -> new IllegalStateException(type.getName() + " has no public constructor"));
    }

    private static boolean annotated(Annotation[] annotations, String with) {
        return Arrays.stream(annotations).anyMatch(a -> a.toString().contains(with));
    }

    private Object argument(Parameter p, String asker) {
        if (p.getType() == Optional.class) {
            return optional(((ParameterizedType) p.getParameterizedType()).getActualTypeArguments()[0].getTypeName());
        }
        if (p.getType() == Map.class) {
            return annotated(p.getAnnotations(), "taskMappers") ? mappers() : new HashMap<>();
        }
        if (p.getType() == Set.class) {
            return systemTasks(annotated(p.getAnnotations(), "async"));
        }
        return part(p.getType(), asker);
    }

    /** Of what may be there or not, only the repair service is. */
    private Optional<?> optional(String type) {
        return repairs && type.endsWith("WorkflowRepairService") ? Optional.of(part(type)) : Optional.empty();
    }

    private Map<String, Object> mappers() {
        Map<String, Object> mappers = new LinkedHashMap<>();
        for (String name : MAPPERS) {
            Object mapper = part(CORE + "execution.mapper." + name + "TaskMapper");
            mappers.put((String) Reflect.call(mapper, "getTaskType"), mapper);
        }
        return mappers;
    }

    private Set<Object> systemTasks(boolean asyncOnly) {
        Set<Object> tasks = new HashSet<>();
        for (String name : SYSTEM_TASKS) {
            Object task = systemTask(load(CORE + "execution.tasks." + name));
            if (!asyncOnly || (boolean) Reflect.call(task, "isAsync")) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private Object systemTask(Class<?> type) {
        Object task = parts.get(type);
        if (task == null) {
            task = make(type);
            if (type.getSimpleName().equals("SubWorkflow")) {
                task = new NamingSubWorkflow((WorkflowSystemTask) task);
            }
            parts.put(type, task);
        }
        return task;
    }

    /** The system task of that type. */
    Object systemTask(String type) {
        return systemTasks(false).stream().filter(t -> Reflect.call(t, "getTaskType").equals(type)).findFirst()
                .orElseThrow(() -> new Unmodelled("the system task " + type));
    }

    /** Hands an event to the parts that listen to it, at once, as Spring does (until 3.21.2). */
    private Object publish(Object event) {
        for (Object part : parts.values().toArray()) {
            for (Method m : part.getClass().getMethods()) {
                if (m.getParameterCount() == 1 && m.getParameterTypes()[0] == event.getClass()
                        && annotated(m.getAnnotations(), "EventListener")) {
                    Reflect.invoke(part, m, event);
                }
            }
        }
        return null;
    }
}
