package fermata.gate;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads the engine's released classes, with the changes to their code that {@link Redirect} makes: the clock, chance
 * and threads are the gate's. The gate's own classes that touch the engine are loaded here too.
 */
final class EngineLoader extends URLClassLoader {
    private static final String OWN = "fermata.gate.engine.";
    private static final String WITNESS = "com/netflix/conductor/core/execution/DeciderService.class";
    private static final Pattern CORE = Pattern.compile(".*?([a-z]+)-core-([^/!]+)\\.jar!.*");

    private EngineLoader(URL[] urls) {
        super(urls, EngineLoader.class.getClassLoader());
    }

    /** Finds the engine: the arguments, else the class path, else the folder lib next to the gate. */
    static EngineLoader of(String[] paths) {
        List<File> files = new ArrayList<>();
        for (String path : paths) {
            for (String part : path.split(File.pathSeparator)) {
                add(files, part);
            }
        }
        if (paths.length == 0 && EngineLoader.class.getClassLoader().getResource(WITNESS) == null) {
            add(files, new File(home(), "lib").getPath());
        }
        EngineLoader loader = new EngineLoader(files.stream().map(EngineLoader::url).toArray(URL[]::new));
        if (loader.getResource(WITNESS) == null) {
            throw new IllegalArgumentException("no engine: none of the jars has " + WITNESS);
        }
        return loader;
    }

    /** The engine's name: conductor-VERSION after its core jar, or the name of whatever folder its classes are in. */
    String engine() {
        Matcher m = CORE.matcher(String.valueOf(getResource(WITNESS)));
        return m.matches() ? m.group(1) + "-" + m.group(2) : "conductor-unnamed";
    }

    private static File home() {
        try {
            URL jar = EngineLoader.class.getProtectionDomain().getCodeSource().getLocation();
            return new File(jar.toURI()).getParentFile();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
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

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage());
        }
    }

    /** The engine's classes and the gate's engine side are defined here, even if they are on the class path. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean engine = Redirect.concerns(name);
        if (!engine && !name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name, engine);
        }
    }

    private Class<?> define(String name, boolean engine) throws ClassNotFoundException {
        URL from = getResource(name.replace('.', '/') + ".class");
        if (from == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = from.openStream()) {
            byte[] code = in.readAllBytes();
            if (engine) {
                code = Redirect.in(code);
            }
            definePackageOf(name);
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private void definePackageOf(String name) {
        String pack = name.substring(0, name.lastIndexOf('.'));
        if (getDefinedPackage(pack) == null) {
            definePackage(pack, null, null, null, null, null, null, null);
        }
    }
}
