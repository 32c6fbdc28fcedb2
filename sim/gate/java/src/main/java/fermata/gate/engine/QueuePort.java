package fermata.gate.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private static ObjectNode message(Object[] a) {
        return Ports.args().put("queue", (String) a[0]).put("id", (String) a[1]);
    }

    private static ObjectNode pushed(Object[] a) {
        int priority = a.length == 4 ? (int) a[2] : PRIORITY_DEFAULT;
        return message(a).put("priority", priority).put("offset", (long) a[a.length - 1]);
    }
}
