package fermata.gate;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Takes the wall clock and chance out of the engine's code: {@code System.currentTimeMillis()} and
 * {@code Random.nextInt(bound)} become calls of the gate. Nothing else of the code is touched.
 */
final class Redirect extends ClassVisitor {
    private static final String OURS = "fermata/gate/engine/Time";

    private Redirect(ClassVisitor next) {
        super(Opcodes.ASM9, next);
    }

    /** Whether a class is the engine's. */
    static boolean concerns(String name) {
        return name.startsWith("com.netflix.conductor.") || name.startsWith("org.conductoross.conductor.");
    }

    static byte[] in(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Redirect(writer), 0);
        return writer.toByteArray();
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, type, signature, exceptions);
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(int op, String owner, String method, String type, boolean isInterface) {
                if (owner.equals("java/lang/System") && method.equals("currentTimeMillis")) {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, OURS, method, type, false);
                } else if (owner.equals("java/util/Random") && method.equals("nextInt") && type.equals("(I)I")) {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, OURS, method, "(Ljava/util/Random;I)I", false);
                } else {
                    super.visitMethodInsn(op, owner, method, type, isInterface);
                }
            }
        };
    }
}
