package fermata.gate.engine;

/** A call that the protocol does not have. It is the outcome of the run, whatever the engine's code does with it. */
final class Unmodelled extends Error {
    private static final long serialVersionUID = 1;

    Unmodelled(String what) {
        super("unmodelled call: " + what, null, false, false);
    }
}
