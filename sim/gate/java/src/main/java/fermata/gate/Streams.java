package fermata.gate;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Where FERMATA_GATE says to speak: the standard streams, or a loopback socket. */
public final class Streams implements Closeable {
    private static final String TCP = "tcp:";

    private final InputStream in;
    private final OutputStream out;

    private Streams(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Opens the streams; frames is the process's own standard output. */
    public static Streams open(OutputStream frames) throws IOException {
        String where = System.getenv().getOrDefault("FERMATA_GATE", "stdio");
        if (where.equals("stdio")) {
            return new Streams(System.in, frames);
        }
        int colon = where.lastIndexOf(':');
        if (!where.startsWith(TCP) || colon < TCP.length()) {
            throw new IOException("FERMATA_GATE is " + where + ": expected stdio or tcp:HOST:PORT");
        }
        Socket socket = new Socket(where.substring(TCP.length(), colon), Integer.parseInt(where.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        return new Streams(socket.getInputStream(), socket.getOutputStream());
    }

    public InputStream in() {
        return in;
    }

    public OutputStream out() {
        return out;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
