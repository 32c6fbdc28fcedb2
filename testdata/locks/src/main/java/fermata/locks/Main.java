package fermata.locks;

import com.netflix.conductor.core.sync.Lock;
import com.netflix.conductor.core.sync.local.LocalOnlyLock;
import com.netflix.conductor.redislock.config.RedisLockProperties;
import com.netflix.conductor.redislock.lock.RedisLock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.config.Config;

/**
 * Makes calls of a released lock, one a line, each from the thread that the line names, and answers each with a line.
 *
 * <pre>THREAD acquire ID TRY LEASE (milliseconds) | THREAD release ID | THREAD delete ID | THREAD sleep MILLISECONDS</pre>
 *
 * The arguments are "redisson redis://HOST:PORT" or "local".
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Redisson redisson = null;
        Lock lock = new LocalOnlyLock();
        if (args[0].equals("redisson")) {
            Config config = new Config();
            config.useSingleServer().setAddress(args[1]);
            redisson = (Redisson) Redisson.create(config);
            lock = new RedisLock(redisson, new RedisLockProperties());
        }
        Map<String, ExecutorService> threads = new HashMap<>();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            ExecutorService thread = threads.computeIfAbsent(words[0], name -> Executors.newSingleThreadExecutor());
            Lock of = lock;
            System.out.println(thread.submit(() -> call(of, words)).get());
        }
        threads.values().forEach(ExecutorService::shutdownNow);
        if (redisson != null) {
            redisson.shutdown();
        }
        System.exit(0); // LocalOnlyLock's scheduler is no daemon
    }

    private static String call(Lock lock, String[] words) throws InterruptedException, ExecutionException {
        try {
            switch (words[1]) {
                case "acquire":
                    long toTry = Long.parseLong(words[3]);
                    long lease = Long.parseLong(words[4]);
                    return Boolean.toString(lock.acquireLock(words[2], toTry, lease, TimeUnit.MILLISECONDS));
                case "release":
                    lock.releaseLock(words[2]);
                    return "done";
                case "delete":
                    lock.deleteLock(words[2]);
                    return "done";
                case "sleep":
                    Thread.sleep(Long.parseLong(words[2]));
                    return "done";
                default:
                    throw new IllegalArgumentException(words[1]);
            }
        } catch (IllegalMonitorStateException e) {
            return "illegal monitor state";
        }
    }
}
