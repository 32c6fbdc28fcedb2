package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The engine's interfaces to the world over the gate. A method is a port call (see {@link LockPort}, {@link QueuePort},
 * {@link StorePort}, {@link MetadataPort}, {@link ListenerPort}), or silent: answered here with nothing, or by the
 * interface's own default. Any other is unmodelled, which ends the run without a verdict.
 */
final class Ports {
    /** Interfaces of which every method is silent. */
    private static final Set<String> SILENT = Set.of(
            "IndexDAO", "RateLimitingDAO", "ConcurrentExecutionLimitDAO", "PollDataDAO", "TaskStatusListener",
            "ExternalPayloadStorage", "EventHandlerDAO");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One concern's methods: the answer to a listed one, else {@link #UNLISTED}. */
    interface Port {
        Object call(String name, Object[] args);
    }

    static final Object UNLISTED = new Object();

    private final Map<String, Port> ports = new HashMap<>();

    Ports(Records records, QueuePort queue) {
        ports.put("Lock", new LockPort());
        ports.put("QueueDAO", queue);
        ports.put("ExecutionDAO", new StorePort(records));
        ports.put("MetadataDAO", new MetadataPort(records));
        ports.put("WorkflowStatusListener", new ListenerPort());
    }

    Object proxy(Class<?> type) {
        InvocationHandler handler = (proxy, m, args) -> m.getDeclaringClass() == Object.class
                ? ofObject(proxy, m, args)
                : call(type, proxy, m, args == null ? new Object[0] : args);
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

    private Object call(Class<?> type, Object proxy, Method m, Object[] args) throws Throwable {
        if (SILENT.contains(type.getSimpleName())) {
            return nothing(m.getReturnType());
        }
        Port port = ports.get(type.getSimpleName());
        Object answer = port == null ? UNLISTED : port.call(m.getName() + args.length, args);
        if (answer != UNLISTED) {
            return answer;
        }
        if (m.isDefault()) {
            return ofDefault(proxy, m, args); // engine code, which ends in methods that are listed or not
        }
        String what = type.getSimpleName() + "." + m.getName()
                + Arrays.toString(Arrays.stream(m.getParameterTypes()).map(Class::getSimpleName).toArray());
        throw Call.of(what).unmodelled(what.replace('[', '(').replace(']', ')'));
    }

    private static Object ofDefault(Object proxy, Method m, Object[] args) throws Throwable {
        try {
            return InvocationHandler.invokeDefault(proxy, m, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
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
        } else if (type == List.class || type == Collection.class) {
            return new ArrayList<>();
        } else if (type == Set.class) {
            return new HashSet<>();
        } else if (type == Map.class) {
            return new HashMap<>();
        }
        return null;
    }

    /** Makes the port call, and waits for its answer. */
    static JsonNode port(String name, ObjectNode args) {
        return Call.of(name).port(name, args);
    }

    static ObjectNode args() {
        return JSON.createObjectNode();
    }

    static ObjectNode id(Object id) {
        return args().put("id", (String) id);
    }
}
