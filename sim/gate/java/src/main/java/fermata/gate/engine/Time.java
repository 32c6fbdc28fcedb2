package fermata.gate.engine;

import java.util.Random;

/** What the engine's code asks instead of the wall clock and of chance. */
public final class Time {
    private static volatile long now;

    private Time() {}

    static void set(long millis) {
        now = millis;
    }

    /** The virtual time, as the last frame told it. */
    public static long currentTimeMillis() {
        return now;
    }

    /**
     * The draw of the sweep's jitter: the engine draws from 0 to bound-1 and takes the middle of that away. Outside of
     * a call it is that middle.
     */
    public static int nextInt(Random ignored, int bound) {
        int middle = (bound - 1) / 2;
        Call call = Call.current();
        return call == null ? middle : middle + call.jitter(middle);
    }
}
