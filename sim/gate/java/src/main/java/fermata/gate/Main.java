package fermata.gate;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Runs the engine whose jars are named by the arguments behind the gate (docs/gate-protocol.md).
 *
 * <p>Usage: {@code java -jar gate.jar PATH...}, where a PATH is a jar, a folder of classes, a folder of jars, or
 * several of them with the system's path separator between them.
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

    /** Keeps the engine's loggers from writing more than warnings, on standard error. */
    private static void quiet() {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("log4j2.level", "OFF");
        System.setProperty("log4j.configurationFile", "fermata-no-configuration");
        System.setProperty("log4j2.StatusLogger.level", "OFF");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    }

    /** Says in one line why there is no engine, and ends. */
    private static void refuse(PrintStream frames, Throwable why) {
        String message = why.getClass().getSimpleName() + ": " + why.getMessage();
        String token = System.getenv().getOrDefault("FERMATA_TOKEN", "");
        frames.println("{\"type\":\"failure\",\"token\":\"" + token + "\",\"message\":\"" + escaped(message) + "\"}");
        frames.flush();
        Runtime.getRuntime().halt(1);
    }

    private static String escaped(String s) {
        return s.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ");
    }
}
