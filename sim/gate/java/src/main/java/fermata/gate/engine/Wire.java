package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fermata.gate.Streams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Frames, one JSON object a line. */
final class Wire {
    /** The longest frame, without its newline. */
    private static final int FRAME_MAX = 1 << 20;

    private final ObjectMapper json = new ObjectMapper();
    private final BufferedReader in;
    private final OutputStream out;

    Wire(Streams streams) {
        in = new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8), 1 << 16);
        out = streams.out();
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    /** Sends a frame; only one thread at a time has anything to say. */
    synchronized void send(ObjectNode frame) {
        byte[] line = (frame + "\n").getBytes(StandardCharsets.UTF_8);
        if (line.length > FRAME_MAX + 1) {
            line = (object().put("type", "failure").put("call", frame.path("call").asLong())
                    .put("message", "a frame of " + line.length + " bytes: at most " + FRAME_MAX) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
        try {
            out.write(line);
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
