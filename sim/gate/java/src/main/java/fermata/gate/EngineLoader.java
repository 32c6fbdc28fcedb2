package fermata.gate;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads the engine's released classes, with two changes to their code: the clock and the jitter of the sweep are
 * asked of the gate (see {@link Redirect}). The gate's own classes that touch the engine are loaded here too.
 */
final class EngineLoader extends URLClassLoader {
    private static final String OWN = "fermata.gate.engine.";
    private static final Pattern CORE = Pattern.compile("conductor-core-(.+)\\.jar");

    private final String engine;

    private EngineLoader(URL[] urls, String engine) {
        super(urls, EngineLoader.class.getClassLoader());
        this.engine = engine;
    }

    static EngineLoader of(String[] paths) {
        List<File> files = new ArrayList<>();
        for (String path : paths) {
            for (String part : path.split(File.pathSeparator)) {
                add(files, part);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no engine: expected the paths of its jars as arguments");
        }
        return new EngineLoader(files.stream().map(EngineLoader::url).toArray(URL[]::new), nameOf(files));
    }

    /** The engine's name: after its core jar, if there is one. */
    String engine() {
        return engine;
    }

    private static void add(List<File> files, String path) {
        File file = new File(path.endsWith("/*") ? path.substring(0, path.length() - 2) : path);
        if (!file.exists()) {
            throw new IllegalArgumentException(path + ": there is no such file or folder");
        }
        File[] jars = file.listFiles((dir, name) -> name.endsWith(".jar"));
        if (jars == null || jars.length == 0) {
            files.add(file);
            return;
        }
        Arrays.sort(jars);
        files.addAll(Arrays.asList(jars));
    }

    private static String nameOf(List<File> files) {
        for (File file : files) {
            Matcher m = CORE.matcher(file.getName());
            if (m.matches()) {
                return "conductor-" + m.group(1);
            }
        }
        return "engine";
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage());
        }
    }

    /** The gate's own engine side comes from the gate's jar and is defined here, where the engine's classes are. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name, getParent().getResource(fileOf(name)), false);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!Redirect.concerns(name)) {
            return super.findClass(name);
        }
        return define(name, findResource(fileOf(name)), true);
    }

    private Class<?> define(String name, URL from, boolean redirect) throws ClassNotFoundException {
        if (from == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = from.openStream()) {
            byte[] code = in.readAllBytes();
            if (redirect) {
                code = Redirect.in(code);
            }
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static String fileOf(String name) {
        return name.replace('.', '/') + ".class";
    }
}
