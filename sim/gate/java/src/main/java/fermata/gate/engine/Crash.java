package fermata.gate.engine;

/** The end of an actor, thrown out of the port call that it is held in. No handler of the engine catches it. */
final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
        super("the actor was crashed", null, false, false);
    }
}
