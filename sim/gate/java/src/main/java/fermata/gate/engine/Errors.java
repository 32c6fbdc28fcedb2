package fermata.gate.engine;

/** The protocol's names for the engine's exceptions. */
final class Errors {
    private Errors() {}

    static String kindOf(Throwable e) {
        if (e instanceof PortException) {
            return ((PortException) e).kind;
        }
        switch (e.getClass().getSimpleName()) {
            case "NotFoundException":
                return "not-found";
            case "ConflictException":
                return "conflict";
            case "TransientException":
                return "transient";
            case "IllegalStateException":
                return "illegal-state";
            default:
                return e.getCause() instanceof PortException ? kindOf(e.getCause()) : "other";
        }
    }
}
