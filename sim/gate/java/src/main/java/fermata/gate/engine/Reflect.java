package fermata.gate.engine;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Calls by name, where releases differ in whether a type is a class or an interface. */
final class Reflect {
    private Reflect() {}

    /** Calls the method of that name and number of arguments which takes these. */
    static Object call(Object target, String name, Object... args) {
        for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
            for (Method m : type.getDeclaredMethods()) {
                if (m.getName().equals(name) && takes(m, args)) {
                    return invoke(target, m, args);
                }
            }
        }
        throw new Unmodelled(
                target.getClass().getName() + " has no " + name + " of these " + args.length + " arguments");
    }

    /** The value of a private field. */
    static Object field(Object target, String name) {
        try {
            Field field = target.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(target);
        } catch (ReflectiveOperationException e) {
            throw new Unmodelled(target.getClass().getName() + " has no field " + name);
        }
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
