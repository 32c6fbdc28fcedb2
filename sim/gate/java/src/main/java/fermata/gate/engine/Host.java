package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serves the gate: begins calls, hands replies to the threads that wait for them, and forgets runs. */
public final class Host {
    private static final int PROTOCOL = 1;

    private final Wire wire;
    private final Map<Long, Run> runs = new ConcurrentHashMap<>();
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    private Host(Wire wire) {
        this.wire = wire;
    }

    /** Serves until Fermata is gone. */
    public static void run(PrintStream frames, String engine) throws IOException {
        new Engine(new Settings(new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode()), new Records(null));
        Host host = new Host(Wire.open(frames));
        host.wire.send(host.wire.object().put("type", "hello").put("protocol", PROTOCOL).put("engine", engine)
                .put("token", System.getenv().getOrDefault("FERMATA_TOKEN", "")));
        for (JsonNode frame = host.wire.receive(); frame != null; frame = host.wire.receive()) {
            host.take(frame);
        }
        Runtime.getRuntime().halt(0);
    }

    private void take(JsonNode frame) {
        if (frame.has("now")) {
            Time.set(frame.path("now").asLong());
        }
        long number = frame.path("call").asLong();
        switch (frame.path("type").asText()) {
            case "call":
                begin(number, frame);
                break;
            case "reply":
            case "crash":
                calls.get(number).reply(frame);
                break;
            case "end":
                Run run = runs.remove(frame.path("run").asLong());
                if (run != null) {
                    run.close();
                }
                wire.send(wire.object().put("type", "ended").put("run", frame.path("run").asLong()));
                break;
            default:
                wire.send(wire.object().put("type", "failure").put("call", number)
                        .put("message", "unknown frame type " + frame.path("type")));
        }
    }

    private void begin(long number, JsonNode frame) {
        Run run = runs.computeIfAbsent(frame.path("run").asLong(), n -> new Run(wire));
        String actor = frame.path("actor").asText();
        Call call = new Call(wire, run, number, actor);
        calls.put(number, call);
        run.thread(actor).execute(() -> {
            Operation operation = () -> {
                Engine engine = run.engine(frame.path("server").asText(), frame.path("settings"));
                return Operations.of(engine, frame.path("op").asText(), frame.path("args"), wire, run);
            };
            call.perform(operation, () -> calls.remove(number));
        });
    }
}
