package fermata.gate.engine;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** In place of the engine's thread pools: a task is run at once, by the actor that hands it in. */
public final class Inline extends AbstractExecutorService {
    private volatile boolean shut;

    public static ExecutorService newFixedThreadPool(int threads) {
        return new Inline();
    }

    public static ExecutorService newFixedThreadPool(int threads, ThreadFactory factory) {
        return new Inline();
    }

    public static ExecutorService newCachedThreadPool() {
        return new Inline();
    }

    public static ExecutorService newCachedThreadPool(ThreadFactory factory) {
        return new Inline();
    }

    public static ExecutorService newSingleThreadExecutor() {
        return new Inline();
    }

    public static ExecutorService newSingleThreadExecutor(ThreadFactory factory) {
        return new Inline();
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void shutdown() {
        shut = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shut = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shut;
    }

    @Override
    public boolean isTerminated() {
        return shut;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
