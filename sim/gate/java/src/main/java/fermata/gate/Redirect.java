package fermata.gate;

import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Takes the wall clock, chance and threads out of the engine's code. Calls of the methods below become calls of the
 * gate, which answers for the run; nothing else of the code is touched. What is not listed here is not under control:
 * timers and threads that the engine makes in other ways are met when they call a port, which is then a failure.
 */
final class Redirect extends ClassVisitor {
    private static final String TIME = "fermata/gate/engine/Time";
    private static final String INLINE = "fermata/gate/engine/Inline";

    /** Static methods, by owner and name, to those of the same name and type elsewhere. */
    private static final Map<String, String> STATIC = Map.of(
            "java/lang/System.currentTimeMillis", TIME,
            "java/lang/System.nanoTime", TIME,
            "java/time/Instant.now", TIME,
            "java/time/Clock.systemDefaultZone", TIME,
            "java/time/Clock.systemUTC", TIME,
            "java/lang/Thread.sleep", TIME,
            "java/util/concurrent/Executors.newFixedThreadPool", INLINE,
            "java/util/concurrent/Executors.newCachedThreadPool", INLINE,
            "java/util/concurrent/Executors.newSingleThreadExecutor", INLINE);

    /** Classes whose every method is chance. */
    private static final Set<String> CHANCE =
            Set.of("java/util/Random", "java/util/concurrent/ThreadLocalRandom", "java/security/SecureRandom");

    /** Named by conductor-core 3.22.0 and never published; the library's global registry does for its metrics. */
    private static final String METRICS = "com/netflix/conductor/contribs/metrics/MetricsCollector";

    private String self;

    private Redirect(ClassVisitor next) {
        super(Opcodes.ASM9, next);
    }

    /** By it decide measures how much of its lease is left (3.22.1 and later). */
    private static final String STOPWATCH = "org.apache.commons.lang3.time.StopWatch";

    /** Whether a class is the engine's, or a part of a library that reads the clock for it. */
    static boolean concerns(String name) {
        return name.startsWith(STOPWATCH) || name.startsWith("com.netflix.conductor.") || name.startsWith("org.conductoross.conductor.")
                || name.startsWith("io.orkes.conductor.") || name.startsWith("com.swiftconductor.");
    }

    static byte[] in(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new Redirect(writer), 0);
        return writer.toByteArray();
    }

    @Override
    public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
        self = name;
        super.visit(version, access, name, signature, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
        return new Body(super.visitMethod(access, name, type, signature, exceptions));
    }

    private final class Body extends MethodVisitor {
        Body(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitMethodInsn(int op, String owner, String method, String type, boolean isInterface) {
            String ours = op == Opcodes.INVOKESTATIC ? STATIC.get(owner + "." + method) : null;
            if (ours != null) {
                super.visitMethodInsn(op, ours, method, type, false);
            } else if (method.equals("parallel") && type.equals("()Ljava/util/stream/BaseStream;")) {
                super.visitMethodInsn(op, owner, "sequential", type, isInterface);
            } else if (method.equals("parallelStream") && type.equals("()Ljava/util/stream/Stream;")) {
                super.visitMethodInsn(op, owner, "stream", type, isInterface);
            } else if (op == Opcodes.INVOKESPECIAL && owner.equals("java/util/Date") && type.equals("()V")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, TIME, "currentTimeMillis", "()J", false);
                super.visitMethodInsn(op, owner, method, "(J)V", false);
            } else if (self.endsWith("/WorkflowSweeper") && owner.equals("java/util/Random") && type.equals("(I)I")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, TIME, "jitter", "(Ljava/util/Random;I)I", false);
            } else if (owner.equals(METRICS) && method.equals("getMeterRegistry")) {
                super.visitFieldInsn(Opcodes.GETSTATIC, "io/micrometer/core/instrument/Metrics", "globalRegistry",
                        "Lio/micrometer/core/instrument/composite/CompositeMeterRegistry;");
            } else if (CHANCE.contains(owner) && !method.equals("<init>") && !method.equals("current")) {
                super.visitLdcInsn(self.substring(self.lastIndexOf('/') + 1) + " draws " + method);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, TIME, "chance", "(Ljava/lang/String;)V", false);
                super.visitMethodInsn(op, owner, method, type, isInterface);
            } else {
                super.visitMethodInsn(op, owner, method, type, isInterface);
            }
        }

        /** The same for references to the static methods. */
        @Override
        public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... args) {
            Object[] ours = args.clone();
            for (int i = 0; i < ours.length; i++) {
                if (ours[i] instanceof Handle) {
                    Handle h = (Handle) ours[i];
                    String owner = STATIC.get(h.getOwner() + "." + h.getName());
                    ours[i] = owner == null ? h : new Handle(h.getTag(), owner, h.getName(), h.getDesc(), false);
                }
            }
            super.visitInvokeDynamicInsn(name, type, bootstrap, ours);
        }
    }
}
