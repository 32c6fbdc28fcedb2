package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import fermata.gate.Streams;
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

    /** Serves until Fermata is gone. A server is made first, so that an engine of other constructors is refused. */
    public static void run(PrintStream frames, String engine) throws IOException {
        new Engine(new Settings(Ports.args()), new Records());
        Host host = new Host(new Wire(Streams.open(frames)));
        host.wire.send(host.wire.object().put("type", "hello").put("protocol", PROTOCOL).put("engine", engine)
                .put("memoisable", true).put("token", System.getenv().getOrDefault("FERMATA_TOKEN", "")));
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
                reply(number, frame);
                break;
            case "end":
                end(frame.path("run").asLong());
                break;
            default:
                fail(number, "unknown frame type " + frame.path("type"));
        }
    }

    private void begin(long number, JsonNode frame) {
        Run run = runs.computeIfAbsent(frame.path("run").asLong(), n -> new Run());
        String actor = frame.path("actor").asText();
        Call call = new Call(wire, number, actor);
        calls.put(number, call);
        run.thread(actor).execute(() -> call.perform(
                () -> run.server(frame.path("server").asText(), frame.path("settings"))
                        .perform(frame.path("op").asText(), frame.path("args")),
                () -> calls.remove(number)));
    }

    private void reply(long number, JsonNode frame) {
        Call call = calls.get(number);
        if (call == null) {
            fail(number, "there is no such call");
        } else {
            call.reply(frame);
        }
    }

    private void end(long number) {
        Run run = runs.remove(number);
        if (run != null) {
            run.close();
        }
        wire.send(wire.object().put("type", "ended").put("run", number));
    }

    private void fail(long number, String message) {
        wire.send(wire.object().put("type", "failure").put("call", number).put("message", message));
    }
}
