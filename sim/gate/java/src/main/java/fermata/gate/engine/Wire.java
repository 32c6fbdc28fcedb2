package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Frames, one JSON object a line, over the standard streams or a loopback socket. */
final class Wire {
    private final ObjectMapper json = new ObjectMapper();
    private final BufferedReader in;
    private final OutputStream out;

    private Wire(InputStream in, OutputStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        this.out = out;
    }

    /** Opens what FERMATA_GATE names; frames is the process's standard output. */
    static Wire open(PrintStream frames) throws IOException {
        String where = System.getenv().getOrDefault("FERMATA_GATE", "stdio");
        if (!where.startsWith("tcp:")) {
            return new Wire(System.in, frames);
        }
        int colon = where.lastIndexOf(':');
        Socket socket = new Socket(where.substring("tcp:".length(), colon), Integer.parseInt(where.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        return new Wire(socket.getInputStream(), socket.getOutputStream());
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    ArrayNode array() {
        return json.createArrayNode();
    }

    /** Sends a frame; only one thread at a time has anything to say. */
    synchronized void send(ObjectNode frame) {
        try {
            out.write((frame + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            Runtime.getRuntime().halt(0); // nobody listens any more
        }
    }

    /** Waits for a frame; null if Fermata is gone. */
    JsonNode receive() throws IOException {
        String line = in.readLine();
        return line == null ? null : json.readTree(line);
    }
}
