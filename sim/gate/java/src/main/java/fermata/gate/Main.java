package fermata.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;

/**
 * Runs a released or forked engine behind the gate (docs/gate-protocol.md).
 *
 * <p>Usage: {@code java -jar gate.jar [PATH...]}, where a PATH is a jar, a folder of classes, a folder of jars, or
 * several of them with the system's path separator between them. Without a PATH the engine is that of the class path
 * ({@code java -cp 'gate.jar:THEIR/JARS/*' fermata.gate.Main}) or else that of the folder {@code lib} next to the gate.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // Standard output is for frames; whatever else writes there goes to standard error.
        PrintStream frames = System.out;
        System.setOut(System.err);
        quiet();
        try {
            EngineLoader loader = EngineLoader.of(args);
            Thread.currentThread().setContextClassLoader(loader);
            Class<?> host = loader.loadClass("fermata.gate.engine.Host");
            host.getMethod("run", PrintStream.class, String.class).invoke(null, frames, loader.engine());
        } catch (InvocationTargetException e) {
            refuse(frames, e.getCause());
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            refuse(frames, e);
        }
    }

    /**
     * Keeps the engine's loggers quiet, whichever they are: what they log is no part of a run, and an engine under test
     * logs an error for each fault that is injected. {@code -Dfermata.gate.log=WARN} lets them speak on standard error.
     */
    private static void quiet() {
        String level = System.getProperty("fermata.gate.log", "OFF");
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("org.apache.logging.log4j.level", level);
        System.setProperty("log4j2.level", level);
        System.setProperty("log4j2.StatusLogger.level", "OFF");
        System.setProperty("log4j2.disableJmx", "true");
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level.toLowerCase());
    }

    /** Says in one line why there is no engine, and ends. */
    private static void refuse(PrintStream frames, Throwable why) {
        String message = escaped(why.getClass().getSimpleName() + ": " + why.getMessage());
        String token = System.getenv().getOrDefault("FERMATA_TOKEN", "");
        String frame = "{\"type\":\"failure\",\"token\":\"" + token + "\",\"message\":\"" + message + "\"}\n";
        try (Streams streams = Streams.open(frames)) {
            streams.out().write(frame.getBytes(StandardCharsets.UTF_8));
            streams.out().flush();
        } catch (IOException e) {
            System.err.println(frame);
        }
        Runtime.getRuntime().halt(1);
    }

    private static String escaped(String s) {
        return s.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ");
    }
}
