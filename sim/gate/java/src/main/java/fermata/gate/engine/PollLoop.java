package fermata.gate.engine;

/**
 * How one turn is made of a sweeper that polls the decider queue for ever (3.21.23 and later): its second pop of a call
 * finds nothing and tells it to stop. Elsewhere this does nothing.
 */
final class PollLoop {
    private final ThreadLocal<Integer> popsLeft = new ThreadLocal<>();
    private Runnable stop = () -> {};

    /** Runs the loop for one pop. */
    void once(Runnable loop, Runnable start, Runnable stop) {
        this.stop = stop;
        start.run();
        popsLeft.set(1);
        Call.of("poll").atUnwind(stop);
        try {
            loop.run();
        } finally {
            popsLeft.remove();
        }
    }

    /** Whether this thread's loop has had its pop. */
    boolean ends() {
        Integer left = popsLeft.get();
        if (left == null || left-- > 0) {
            popsLeft.set(left);
            return false;
        }
        stop.run();
        return true;
    }
}
