package fermata.gate.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Calls by name, where releases differ in whether a type is a class or an interface. */
final class Reflect {
    private Reflect() {}

    /** Calls the public method of that name and number of arguments which takes these. */
    static Object call(Object target, String name, Object... args) {
        for (Method m : target.getClass().getMethods()) {
            if (m.getName().equals(name) && takes(m, args)) {
                return invoke(target, m, args);
            }
        }
        throw new Unmodelled(target.getClass().getName() + " has no " + name + " of these " + args.length + " arguments");
    }

    static Object invoke(Object target, Method m, Object... args) {
        try {
            m.setAccessible(true);
            return m.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw Reflect.<RuntimeException>sneaky(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean takes(Method m, Object[] args) {
        Class<?>[] types = m.getParameterTypes();
        if (types.length != args.length || m.isBridge()) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (args[i] != null && !boxed(types[i]).isInstance(args[i])) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }

    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
        throw (E) e;
    }
}
