package redis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/drawn"
	"fermata/internal/redistest"
	"fermata/model"
	"fermata/sim/world"
	"fermata/sweeper"
)

// releasedLock is a lock of the released engine, in a process of Java.
type releasedLock struct {
	in  io.Writer
	out *bufio.Scanner
}

// startLock starts testdata/locks; without its jar, or without Java, the test is skipped.
func startLock(t *testing.T, words ...string) *releasedLock {
	t.Helper()
	const jar = "../../testdata/locks/target/locks.jar"
	java, err := exec.LookPath("java")
	if _, missing := os.Stat(jar); err != nil || missing != nil {
		t.Skip("the released locks are not built: install Java 17 and Maven (Debian/Ubuntu: apt-get install " +
			"openjdk-17-jdk-headless maven) and run make locks to run this test")
	}
	command := exec.Command(java, append([]string{"-jar", jar}, words...)...)
	in, err := command.StdinPipe()
	require.NoError(t, err)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = in.Close() // it ends with its input
		_ = command.Wait()
	})
	l := &releasedLock{in, bufio.NewScanner(out)}
	require.Equal(t, "ready", l.answer(t))
	return l
}

func (l *releasedLock) answer(t require.TestingT) string {
	for l.out.Scan() {
		if !strings.HasPrefix(l.out.Text(), "SLF4J") {
			return l.out.Text()
		}
	}
	require.NoError(t, l.out.Err())
	require.Fail(t, "the process of Java has ended")
	return ""
}

func (l *releasedLock) call(t require.TestingT, line string) string {
	_, err := fmt.Fprintln(l.in, line)
	require.NoError(t, err)
	return l.answer(t)
}

// lockCall makes the call of a line on the model, and gives the answer in the same words.
func lockCall(b *drawn.Bench, line string) (answer string) {
	words := strings.Fields(line)
	actor, id := int(words[0][0]-'a'), model.WorkflowID(words[2])
	lock := b.World.Ports().Lock
	made := func(ctx context.Context) {
		var err error
		held := true
		switch words[1] {
		case "acquire":
			var lease int
			if _, failed := fmt.Sscan(words[4], &lease); failed != nil {
				panic(failed)
			}
			held, err = lock.AcquireLock(ctx, id, 0, model.Millis(lease))
			answer = fmt.Sprint(held)
		case "release":
			answer, err = "done", lock.ReleaseLock(ctx, id)
		case "delete":
			answer, err = "done", lock.DeleteLock(ctx, id)
		}
		if errors.Is(err, sweeper.ErrIllegalMonitorState) {
			answer = "illegal monitor state"
		}
	}
	b.Calls = [3]func(context.Context){}
	b.Calls[actor] = made
	b.RunOf(actor)
	return answer
}

func drawLockCall(t *rapid.T, id string) string {
	thread := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "thread")
	call := rapid.SampledFrom([]string{"acquire", "acquire", "release", "release", "delete"}).Draw(t, "call")
	line := thread + " " + call + " " + id
	if call == "acquire" {
		line += " 0 60000"
	}
	return line
}

// TestRedisLockDoesAsTheModel: RedisLock of 3.15.0 with its Redisson, on a real Redis, answers drawn calls as the model
// does, counts the same holds, and leaves the same lease: a minute after an acquire, and half a minute after a release
// that leaves a hold.
func TestRedisLockDoesAsTheModel(t *testing.T) {
	url := redistest.Start(t)
	options, err := redis.ParseURL(url)
	require.NoError(t, err)
	client := redis.NewClient(options)
	defer client.Close()
	released := startLock(t, "redisson", "redis://"+options.Addr)
	n, partial := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := fmt.Sprintf("w%d", n) // a workflow of its own for each run
		b := drawn.New(drawn.NewWorld(world.Parts{}), nil)
		defer b.Machine.Close()
		for range rapid.IntRange(1, 12).Draw(t, "calls") {
			line := drawLockCall(t, id)
			require.Equal(t, lockCall(b, line), released.call(t, line), line)
			key := lockKey(b.World)
			holds, err := client.HVals(context.Background(), "."+id).Result()
			require.NoError(t, err)
			left, err := client.PTTL(context.Background(), "."+id).Result()
			require.NoError(t, err)
			if key == nil {
				require.Empty(t, holds)
				continue
			}
			require.Equal(t, []string{key.Fields[0].Value}, holds, line)
			require.InDelta(t, key.TTL, left.Milliseconds(), 10_000, line)
			if key.TTL == 30_000 {
				partial++
			}
		}
	})
	require.Positive(t, partial, "no release left a hold")
}

// lockKey is the key of the only lock; nil if nobody holds it.
func lockKey(w *world.World) *world.Key {
	for _, k := range w.Keys() {
		if strings.HasPrefix(k.Name, ".") {
			return &k
		}
	}
	return nil
}

// TestLocalOnlyLockDoesAsTheModel: LocalOnlyLock of 3.15.0 answers drawn calls as the model does, as long as no lease
// ends.
func TestLocalOnlyLockDoesAsTheModel(t *testing.T) {
	released := startLock(t, "local")
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		b := drawn.New(drawn.NewWorld(world.Parts{Lock: "local"}), nil)
		defer b.Machine.Close()
		for range rapid.IntRange(1, 12).Draw(t, "calls") {
			line := drawLockCall(t, fmt.Sprintf("w%d", n))
			require.Equal(t, lockCall(b, line), released.call(t, line), line)
		}
	})
}

// TestDefectsOfLocalOnlyLock runs the three that are read in its text (engine facts 1.9), on the released class and on
// the model.
func TestDefectsOfLocalOnlyLock(t *testing.T) {
	for name, script := range map[string]string{ //tidy:unordered each on its own
		"a lease that ends lets another in beside the holder": `
			a acquire w1 0 700 => true
			b acquire w1 0 60000 => false
			a sleep 1500 => done
			b acquire w1 0 60000 => true
			a release w1 => illegal monitor state`,
		"deleteLock lets another in beside the holder": `
			a acquire w2 0 60000 => true
			a delete w2 => done
			b acquire w2 0 60000 => true
			a release w2 => illegal monitor state`,
		"the job of the first of two acquires deletes the lock of the next holder": `
			a acquire w3 0 1200 => true
			a acquire w3 0 60000 => true
			a release w3 => done
			a release w3 => done
			b acquire w3 0 60000 => true
			c acquire w3 0 60000 => false
			a sleep 2000 => done
			c acquire w3 0 60000 => true
			b release w3 => illegal monitor state`,
	} {
		t.Run(name, func(t *testing.T) {
			released := startLock(t, "local")
			b := drawn.New(drawn.NewWorld(world.Parts{Lock: "local"}), nil)
			defer b.Machine.Close()
			for _, step := range strings.Split(strings.TrimSpace(script), "\n") {
				line, want, _ := strings.Cut(strings.TrimSpace(step), " => ")
				require.Equal(t, want, released.call(t, line), "the released class: %s", line)
				if strings.Contains(line, " sleep ") {
					b.Advance() // to the end of the shorter lease
					continue
				}
				require.Equal(t, want, lockCall(b, line), "the model: %s", line)
			}
		})
	}
}
