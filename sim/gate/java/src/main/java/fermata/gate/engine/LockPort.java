package fermata.gate.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;

/** com.netflix.conductor.core.sync.Lock. Only the acquisition with a lease is modelled. */
final class LockPort implements Ports.Port {
    @Override
    public Object call(String name, Object[] a) {
        switch (name) {
            case "acquireLock4":
                TimeUnit unit = (TimeUnit) a[3];
                ObjectNode args = Ports.id(a[0]);
                args.put("timeToTry", unit.toMillis((long) a[1])).put("lease", unit.toMillis((long) a[2]));
                return Ports.port("lock.acquire", args).asBoolean();
            case "releaseLock1":
                release(Ports.id(a[0]));
                return null;
            case "deleteLock1":
                Ports.port("lock.delete", Ports.id(a[0]));
                return null;
            default:
                return Ports.UNLISTED;
        }
    }

    /** RedisLock swallows a release by a non-owner. */
    private static void release(ObjectNode args) {
        try {
            Ports.port("lock.release", args);
        } catch (PortException e) {
            if (!e.kind.equals("not-owner")) {
                throw e;
            }
        }
    }
}
