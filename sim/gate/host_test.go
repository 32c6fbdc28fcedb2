package gate_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// host is the other side of the gate in Go: an engine's text of this repository in a process of its own.
// It is written against docs/gate-protocol.md, and shares nothing with the side that it tests.
type host struct {
	in    *bufio.Reader
	out   io.Writer
	mood  string // how it misbehaves
	mu    sync.Mutex
	calls map[int64]chan frame
	now   model.Millis
}

// frame is a frame of either direction.
type frame map[string]any

func (f frame) text(key string) string {
	s, _ := f[key].(string)
	return s
}

func (f frame) number(key string) int64 {
	n, _ := f[key].(float64)
	return int64(n)
}

func (f frame) yes(key string) bool {
	b, _ := f[key].(bool)
	return b
}

func (f frame) sub(key string) frame {
	m, _ := f[key].(map[string]any)
	return m
}

// serve is the child's main function.
func serve(mood string) {
	h := &host{mood: mood, calls: map[int64]chan frame{}}
	in, out := io.Reader(os.Stdin), io.Writer(os.Stdout)
	if address, ok := strings.CutPrefix(os.Getenv("FERMATA_GATE"), "tcp:"); ok {
		if mood == "never-connects" {
			select {}
		}
		stranger(mood, address)
		c, err := net.Dial("tcp", address)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		in, out = c, c
	}
	h.in, h.out = bufio.NewReaderSize(in, 1<<20), out
	h.hello()
	for {
		line, err := h.in.ReadBytes('\n')
		if err != nil {
			os.Exit(0)
		}
		var f frame
		if err := json.Unmarshal(line, &f); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		h.take(f)
	}
}

// stranger connects first, and is no engine.
func stranger(mood, address string) {
	if mood != "stranger" {
		return
	}
	c, err := net.Dial("tcp", address)
	if err != nil {
		os.Exit(1)
	}
	fmt.Fprintln(c, `{"type":"hello","protocol":1,"engine":"stranger","token":"0"}`)
	answer, _ := bufio.NewReader(c).ReadString('\n')
	fmt.Fprintln(os.Stderr, "the stranger was told "+answer)
}

func (h *host) hello() {
	f := frame{
		"type": "hello", "protocol": 1, "engine": "host-3.17.0", "memoisable": true,
		"token": os.Getenv("FERMATA_TOKEN"),
	}
	switch h.mood {
	case "protocol-2":
		f["protocol"] = 2
	case "no-token":
		f["token"] = "guessed"
	case "cannot-start":
		f = frame{"type": "failure", "token": f["token"], "message": "WorkflowSweeper has no known constructor"}
	case "no-json":
		fmt.Fprintln(h.out, "Starting engine...")
		return
	case "dies-at-start":
		fmt.Fprintln(os.Stderr, "Error: Unable to access jarfile engine.jar")
		os.Exit(1)
	case "silent":
		select {}
	}
	h.send(f)
}

func (h *host) send(f frame) {
	line, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(h.out, "%s\n", line)
}

// take deals with one frame from Fermata.
func (h *host) take(f frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = model.Millis(f.number("now"))
	call := f.number("call")
	switch f.text("type") {
	case "call":
		replies := make(chan frame)
		h.calls[call] = replies
		a := &remote{h: h, call: call, actor: f.text("actor"), replies: replies}
		go a.run(f)
	case "reply", "crash":
		h.calls[call] <- f
	case "end":
		h.send(frame{"type": "ended", "run": f["run"]})
	}
}

// crashed is thrown out of the port calls of an actor that is crashed.
type crashed struct{}

// remote is one call in progress.
type remote struct {
	h       *host
	call    int64
	actor   string
	replies chan frame
	steps   int
	dead    bool
}

func (r *remote) run(f frame) {
	defer func() {
		switch v := recover(); {
		case v == nil:
		case v == crashed{}:
			if r.h.mood == "no-crash" {
				r.h.send(frame{"type": "done", "call": r.call})
				return
			}
			r.h.send(frame{"type": "crashed", "call": r.call})
		default:
			panic(v)
		}
	}()
	value, err := r.operation(f)
	done := frame{"type": "done", "call": r.call, "value": value}
	if err != nil {
		done["error"], done["message"] = errorName(err), err.Error()
	}
	if r.h.mood == "speaks-twice" {
		line, _ := json.Marshal(done)
		fmt.Fprintf(r.h.out, "%s\n%s\n", line, line)
		return
	}
	r.h.send(done)
}

func (r *remote) operation(f frame) (any, error) {
	args, ctx := f.sub("args"), context.Background()
	s := conductor.Release3170().New(r.ports(), settings(f.sub("settings"))).(sweeper.FullServer)
	id := model.WorkflowID(args.text("id"))
	switch op := f.text("op"); op {
	case "pollAndSweep":
		return nil, s.PollAndSweep(ctx)
	case "sweep":
		return nil, s.Sweep(ctx, id)
	case "decide":
		wf, err := s.Decide(ctx, id)
		if wf == nil {
			return nil, err
		}
		return workflowFrame(*wf), err
	case "updateTask":
		return nil, s.UpdateTask(ctx, sweeper.TaskResult{
			TaskID: model.TaskID(args.text("taskId")), WorkflowID: model.WorkflowID(args.text("workflowId")),
			Status: taskStatus(args.text("status")),
		})
	case "poll":
		tasks, err := s.Poll(ctx, args.text("queue"), int(args.number("count")))
		return taskFrames(tasks), err
	case "getWorkflow":
		wf, err := s.GetWorkflow(ctx, id)
		return workflowFrame(wf), err
	case "startWorkflow":
		return nil, s.StartWorkflow(ctx, id, args.text("def"))
	case "terminateWorkflow":
		return nil, s.TerminateWorkflow(ctx, id, args.text("reason"))
	case "pauseWorkflow":
		return nil, s.PauseWorkflow(ctx, id)
	case "resumeWorkflow":
		return nil, s.ResumeWorkflow(ctx, id)
	case "pollSystemTasks":
		return nil, s.PollSystemTasks(ctx, args.text("queue"))
	case "verifyAndRepairWorkflow":
		return nil, s.VerifyAndRepairWorkflow(ctx, id)
	case "retryWorkflow":
		return nil, s.RetryWorkflow(ctx, id, args.yes("resumeSubworkflowTasks"))
	case "rerunWorkflow":
		return nil, s.RerunWorkflow(ctx, id, model.TaskID(args.text("taskId")))
	case "restartWorkflow":
		return nil, s.RestartWorkflow(ctx, id, args.yes("useLatestDefinition"))
	case "removeWorkflow":
		return nil, s.RemoveWorkflow(ctx, id)
	case "requeueSweep":
		return s.RequeueSweep(ctx, id)
	default:
		panic("unknown operation " + op)
	}
}

func settings(f frame) sweeper.Settings {
	return sweeper.Settings{
		SweeperThreadCount:         int(f.number("sweeperThreadCount")),
		SweeperWorkflowPollTimeout: model.Millis(f.number("sweeperWorkflowPollTimeout")),
		WorkflowOffsetTimeout:      model.Seconds(f.number("workflowOffsetTimeout")),
		LockEnabled:                f.yes("lockEnabled"),
		LockLeaseTime:              model.Millis(f.number("lockLeaseTime")),
		LockTimeToTry:              model.Millis(f.number("lockTimeToTry")),
		RepairServiceEnabled:       f.yes("repairServiceEnabled"),
		TaskExecutionPostpone:      model.Seconds(f.number("taskExecutionPostpone")),
		SystemTaskCallback:         model.Seconds(f.number("systemTaskCallback")),
		SweepBatchSize:             int(f.number("sweepBatchSize")),
		QueuePopTimeout:            model.Millis(f.number("queuePopTimeout")),
	}
}

// do sends a port call, and holds it until it is let go.
func (r *remote) do(port string, args frame) (frame, error) {
	if r.dead {
		panic(crashed{})
	}
	r.steps++
	r.misbehave()
	f := frame{"type": "step", "call": r.call, "actor": r.actor, "port": port, "args": args}
	switch {
	case r.steps != 3:
	case r.h.mood == "other-actor":
		f["actor"] = "somebody"
	case r.h.mood == "other-call":
		f["call"] = r.call + 100
	case r.h.mood == "unlisted":
		f["port"] = "queue.flush"
	}
	r.h.send(f)
	reply := <-r.replies
	if reply.text("type") == "crash" {
		r.dead = true
		panic(crashed{})
	}
	for _, e := range errorsByName {
		if e.name == reply.text("error") {
			return reply, e.err
		}
	}
	return reply, nil
}

// misbehave does at the third step of a call what its mood says.
func (r *remote) misbehave() {
	if r.steps != 3 {
		return
	}
	switch r.h.mood {
	case "dies":
		fmt.Fprintln(os.Stderr, "java.lang.OutOfMemoryError: Java heap space")
		os.Exit(3)
	case "hangs":
		select {}
	case "malformed":
		fmt.Fprintln(r.h.out, `{"type":"step","call":`)
		select {}
	case "huge":
		fmt.Fprintln(r.h.out, `{"type":"step","message":"`+strings.Repeat("x", 2<<20)+`"}`)
		select {}
	case "fails":
		r.h.send(frame{"type": "failure", "call": r.call, "message": "unmodelled call: QueueDAO.flush(queue)"})
		select {}
	}
}

var errorsByName = []struct {
	name string
	err  error
}{
	{"not-found", sweeper.ErrNotFound}, {"conflict", sweeper.ErrConflict}, {"transient", sweeper.ErrTransient},
	{"not-owner", sweeper.ErrIllegalMonitorState}, {"injected", sweeper.ErrInjected},
}

func errorName(err error) string {
	for _, e := range errorsByName {
		if errors.Is(err, e.err) {
			return e.name
		}
	}
	return "other"
}
