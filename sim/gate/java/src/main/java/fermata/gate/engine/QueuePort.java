package fermata.gate.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** com.netflix.conductor.dao.QueueDAO. Messages with payloads, and looks at whole queues, are not modelled. */
final class QueuePort implements Ports.Port {
    /** What a push without a priority has in the queues that the world stands for. */
    private static final int PRIORITY_DEFAULT = 100;

    private final PollLoop loop;

    /** The loop, if not null, is told of each pop by a sweeper that polls for ever. */
    QueuePort(PollLoop loop) {
        this.loop = loop;
    }

    @Override
    public Object call(String name, Object[] a) {
        switch (name) {
            case "push3":
            case "push4":
                if (a[a.length - 1] instanceof Duration) {
                    pushDuration(a);
                    return null;
                }
                if (!(a[1] instanceof String && a[a.length - 1] instanceof Long)) {
                    return Ports.UNLISTED;
                }
                Ports.port("queue.push", pushed(a));
                return null;
            case "pushIfNotExists3":
            case "pushIfNotExists4":
                return Ports.port("queue.pushIfNotExists", pushed(a)).asBoolean();
            case "pop3":
                return loop.ends() ? new ArrayList<>() : pop(a);
            case "remove2":
                Ports.port("queue.remove", message(a));
                return null;
            case "ack2":
                return Ports.port("queue.ack", message(a)).asBoolean();
            case "setUnackTimeout3":
                return Ports.port("queue.setUnackTimeout", message(a).put("timeout", (long) a[2])).asBoolean();
            case "setUnackTimeoutIfShorter3":
                return Ports.port("queue.setUnackTimeoutIfShorter", message(a).put("timeout", (long) a[2])).asBoolean();
            case "resetOffsetTime2":
                return Ports.port("queue.resetOffsetTime", message(a)).asBoolean();
            case "postpone4":
                return Ports.port("queue.postpone", pushed(a)).asBoolean();
            case "containsMessage2":
                return Ports.port("queue.containsMessage", message(a)).asBoolean();
            case "getSize1":
                return 0;
            default:
                return Ports.UNLISTED;
        }
    }

    private static List<String> pop(Object[] a) {
        ObjectNode args = Ports.args().put("queue", (String) a[0]).put("count", (int) a[1]).put("timeout", (int) a[2]);
        List<String> ids = new ArrayList<>();
        Ports.port("queue.pop", args).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    /** Since 3.30.0. Whole seconds are the push in seconds, whatever the queue makes of a Duration. */
    private static void pushDuration(Object[] a) {
        long millis = ((Duration) a[3]).toMillis();
        boolean whole = millis % 1000 == 0;
        ObjectNode args = message(a).put("priority", (int) a[2]).put("offset", whole ? millis / 1000 : millis);
        Ports.port(whole ? "queue.push" : "queue.pushMillis", args);
    }

    private static ObjectNode message(Object[] a) {
        return Ports.args().put("queue", (String) a[0]).put("id", (String) a[1]);
    }

    private static ObjectNode pushed(Object[] a) {
        int priority = a.length == 4 ? (int) a[2] : PRIORITY_DEFAULT;
        return message(a).put("priority", priority).put("offset", (long) a[a.length - 1]);
    }
}
