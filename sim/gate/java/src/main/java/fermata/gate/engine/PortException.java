package fermata.gate.engine;

/** A port call that failed, by the name that the protocol has for it. */
final class PortException extends RuntimeException {
    private static final long serialVersionUID = 1;

    final String kind;

    PortException(String kind, String message) {
        super(message);
        this.kind = kind;
    }
}
