package fermata.gate.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What the engine's code asks instead of the wall clock and of chance: the virtual time, as the last frame told it. */
public final class Time {
    private static volatile long now;

    private Time() {}

    static void set(long millis) {
        now = millis;
    }

    public static long currentTimeMillis() {
        return now;
    }

    public static long nanoTime() {
        return TimeUnit.MILLISECONDS.toNanos(now);
    }

    /** In place of Instant.now(). */
    public static Instant now() {
        return Instant.ofEpochMilli(now);
    }

    /** In place of Instant.now(clock), whose clock is one of these. */
    public static Instant now(Clock clock) {
        return clock.instant();
    }

    public static Clock systemDefaultZone() {
        return new Virtual(ZoneOffset.UTC);
    }

    public static Clock systemUTC() {
        return new Virtual(ZoneOffset.UTC);
    }

    /** Nobody sleeps: time passes only where Fermata lets it. */
    public static void sleep(long millis) {}

    public static void sleep(long millis, int nanos) {}

    public static void sleep(Duration duration) {}

    /**
     * The draw of the sweep's jitter: the engine draws from 0 to bound-1 and takes the middle of that away. Outside of
     * a call it is that middle.
     */
    public static int jitter(Random ignored, int bound) {
        int middle = (bound - 1) / 2;
        Call call = Call.current();
        return call == null ? middle : middle + call.jitter(middle);
    }

    /** Any other draw is not modelled. */
    public static void chance(String who) {
        Call call = Call.current();
        if (call != null) {
            throw call.unmodelled("chance: " + who);
        }
    }

    private static final class Virtual extends Clock {
        private final ZoneId zone;

        Virtual(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new Virtual(other);
        }

        @Override
        public Instant instant() {
            return Time.now();
        }
    }
}
