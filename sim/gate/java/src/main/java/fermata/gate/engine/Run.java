package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One run: its servers, its actors' threads, and the definitions it has met. */
final class Run {
    private final Map<String, Operations> servers = new ConcurrentHashMap<>();
    private final Map<String, ExecutorService> threads = new HashMap<>();
    private final Records records = new Records();

    /** The server of that name, made on first use. */
    Operations server(String server, JsonNode settings) {
        return servers.computeIfAbsent(
                server, name -> new Operations(new Engine(new Settings(settings), records), records));
    }

    /** The actor's thread: one for all its calls, since the engine keeps some things by thread. */
    ExecutorService thread(String actor) {
        return threads.computeIfAbsent(actor, name -> Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(Run.class.getClassLoader());
            return thread;
        }));
    }

    void close() {
        threads.values().forEach(ExecutorService::shutdownNow);
    }
}
