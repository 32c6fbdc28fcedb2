package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;

/** One operation in progress, on the thread of its actor. */
final class Call {
    private static final ThreadLocal<Call> CURRENT = new ThreadLocal<>();

    /** What a thread that is no actor's did; it is told with the next frame, whosever that is. */
    private static volatile Unmodelled stray;

    private final Wire wire;
    private final long number;
    private final String actor;
    private final SynchronousQueue<JsonNode> replies = new SynchronousQueue<>();
    private boolean crashed;
    private Unmodelled unmodelled;
    private Runnable atUnwind = () -> {};

    Call(Wire wire, long number, String actor) {
        this.wire = wire;
        this.number = number;
        this.actor = actor;
    }

    /** The call of this thread; null on a thread that is no actor's. */
    static Call current() {
        return CURRENT.get();
    }

    /** The call of this thread, for a port that only actors may use. */
    static Call of(String what) {
        Call call = CURRENT.get();
        if (call == null) {
            stray = new Unmodelled(what + " from the thread " + Thread.currentThread().getName());
            throw stray;
        }
        return call;
    }

    /** What to do when the operation is to end early, for an engine that catches everything in a loop. */
    void atUnwind(Runnable stop) {
        atUnwind = stop;
    }

    /** Runs the operation to its end, and tells what that was. */
    void perform(Supplier<JsonNode> operation, Runnable atEnd) {
        CURRENT.set(this);
        ObjectNode end = null;
        try {
            JsonNode value = operation.get();
            end = frame("done");
            end.set("value", value);
        } catch (Crash e) {
            crashed = true;
        } catch (Unmodelled e) {
            unmodelled = e;
        } catch (LinkageError e) {
            end = frame("failure").put("message", "the engine's classes do not fit together: " + e);
        } catch (Throwable e) {
            end = frame("done").put("error", Errors.kindOf(e));
            end.put("message", e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            CURRENT.remove();
        }
        if (unmodelled == null) {
            unmodelled = stray;
        }
        if (unmodelled != null) {
            end = frame("failure").put("message", unmodelled.getMessage());
        } else if (crashed) {
            end = frame("crashed");
        }
        atEnd.run();
        wire.send(end);
    }

    /** Sends a port call, and waits until it is let go. */
    JsonNode port(String port, ObjectNode args) {
        unwind();
        ObjectNode step = frame("step").put("actor", actor).put("port", port);
        step.set("args", args);
        wire.send(step);
        JsonNode reply = await();
        if (reply.path("type").asText().equals("crash")) {
            crashed = true;
            unwind();
        }
        if (reply.has("error")) {
            throw new PortException(reply.path("error").asText(), reply.path("message").asText());
        }
        return reply.path("value");
    }

    /** Goes on unwinding, whatever the engine's handlers have made of the error. */
    private void unwind() {
        if (unmodelled == null) {
            unmodelled = stray;
        }
        if (!crashed && unmodelled == null) {
            return;
        }
        atUnwind.run();
        if (crashed) {
            throw new Crash();
        }
        throw unmodelled;
    }

    /** Notes that the run has met something that the protocol does not have, even if the engine catches it. */
    Unmodelled unmodelled(String what) {
        unmodelled = new Unmodelled(what);
        return unmodelled;
    }

    int jitter(int bound) {
        return port("jitter", wire.object().put("bound", bound)).asInt();
    }

    /** Hands a reply to the thread that waits for it. */
    void reply(JsonNode frame) {
        try {
            replies.put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode await() {
        try {
            return replies.take();
        } catch (InterruptedException e) {
            throw new Crash();
        }
    }

    private ObjectNode frame(String type) {
        return wire.object().put("type", type).put("call", number);
    }
}
