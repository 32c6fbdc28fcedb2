package fermata.gate.engine;

import com.fasterxml.jackson.databind.JsonNode;

/** What an actor does: one operation of the engine, and its value as a frame has it. */
interface Operation {
    JsonNode run() throws Throwable;
}
