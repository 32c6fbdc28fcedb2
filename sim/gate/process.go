package gate

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"mvdan.cc/sh/v3/shell"
)

// Options say how an engine's process is run. The zero value is the default.
type Options struct {
	// Bound is how long to wait for a frame, the first one included; 0 is BoundDefault.
	Bound time.Duration
	// Socket speaks over a loopback socket, for an engine that needs its standard output itself.
	Socket bool
	// Log, if not nil, gets what the process writes on standard error.
	Log io.Writer
}

// Process is an engine in a process of its own. It is not safe for concurrent use: one frame is on its
// way at a time.
type Process struct {
	// Name is what the engine calls itself.
	Name       string
	memoisable bool

	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	close   func()
	bound   time.Duration
	said    *tail
	dead    error // why nothing can be exchanged any more
	reaped  bool

	call int64
	run  int64
	runs map[any]*run // the latest of each set of ports
}

// Start starts the command, whose words are a shell's (quotes, no variables), and waits until its engine
// has said hello. The error is ErrGate and says what was expected; no process is left behind.
func Start(command string, o Options) (*Process, error) {
	words, err := shell.Fields(command, func(name string) string { return "$" + name })
	if err != nil || len(words) == 0 {
		return nil, fmt.Errorf("%w: %q: expected a command line: %w", ErrGate, command, orEmpty(err))
	}
	if o.Bound == 0 {
		o.Bound = BoundDefault
	}
	token, err := newToken()
	if err != nil {
		return nil, err
	}
	p := &Process{
		bound: o.Bound, said: &tail{log: o.Log}, runs: map[any]*run{},
		command: exec.Command(words[0], words[1:]...),
	}
	p.command.Stderr, p.command.WaitDelay = p.said, time.Second
	open := p.overPipes
	if o.Socket {
		open = p.overSocket
	}
	if err := open(token); err != nil {
		return nil, err
	}
	if err := p.hello(token); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func orEmpty(err error) error {
	if err == nil {
		return errors.New("it is empty")
	}
	return err
}

func newToken() (string, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("%w: %w", ErrGate, err)
	}
	return hex.EncodeToString(b), nil
}

// overPipes speaks over the child's standard input and output.
func (p *Process) overPipes(token string) error {
	in, err := p.command.StdinPipe()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGate, err)
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGate, err)
	}
	p.in, p.out, p.close = in, bufio.NewReaderSize(out, 1<<16), func() { in.Close() }
	return p.launch("stdio", token)
}

// launch starts the child.
func (p *Process) launch(where, token string) error {
	p.command.Env = append(os.Environ(), envGate+"="+where, envToken+"="+token)
	if err := p.command.Start(); err != nil {
		return fmt.Errorf("%w: %w", ErrGate, err)
	}
	return nil
}

func (p *Process) hello(token string) error {
	f, err := p.receive()
	switch {
	case err != nil:
		return err
	case f.Type == typeFailure:
		return p.broken("the engine cannot start: %s", f.Message)
	case f.Type != typeHello:
		return p.broken("expected hello, got a frame of type %q", f.Type)
	case f.Protocol != Version:
		return p.broken("the engine speaks protocol %d: expected %d", f.Protocol, Version)
	case f.Token != token:
		return p.broken("a stranger: hello without the token of this run")
	case f.Engine == "" || strings.ContainsAny(f.Engine, " \t\n/\\"):
		return p.broken("the engine calls itself %q: expected a word without spaces and slashes", f.Engine)
	}
	p.Name, p.memoisable = f.Engine, f.Memoisable
	return nil
}

// Close ends the process, and waits for that. It may be called twice.
func (p *Process) Close() {
	if p.dead == nil {
		p.dead = fmt.Errorf("%w: the process was closed", ErrGate)
	}
	p.close()
	p.reap(2 * time.Second)
}

// reap waits for the child's end, and kills it if that does not come by itself.
func (p *Process) reap(grace time.Duration) {
	if p.reaped {
		return
	}
	p.reaped = true
	timer := time.AfterFunc(grace, p.kill)
	_ = p.command.Wait() // ending tells how it ended
	timer.Stop()
}

func (p *Process) kill() { _ = p.command.Process.Kill() }

// broken notes that the process cannot be used any more, and ends it.
func (p *Process) broken(format string, args ...any) error {
	if p.dead != nil {
		return p.dead
	}
	text := fmt.Sprintf(format, args...)
	p.dead = fmt.Errorf("%w: %s", ErrGate, text)
	p.close()
	p.reap(500 * time.Millisecond)
	if last := p.said.String(); last != "" {
		p.dead = fmt.Errorf("%w: %s; it last wrote: %s", ErrGate, text, last)
	}
	return p.dead
}

// exchange sends a frame and waits for the answer.
func (p *Process) exchange(r *request) (*answer, error) {
	if p.dead != nil {
		return nil, p.dead
	}
	if p.out.Buffered() > 0 {
		return nil, p.broken("the engine spoke out of turn, before a frame of type %q", r.Type)
	}
	line, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGate, err)
	}
	if len(line) > FrameMax {
		return nil, p.broken("a frame of %d bytes to the engine: at most %d", len(line), FrameMax)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return nil, p.broken("the engine's process has ended (%s)", p.ending(err))
	}
	return p.receive()
}

// receive waits for one frame, no longer than the bound.
func (p *Process) receive() (*answer, error) {
	timer := time.AfterFunc(p.bound, func() {
		p.kill()
		p.close()
	})
	line, err := readLine(p.out)
	late := !timer.Stop()
	switch {
	case late:
		return nil, p.broken("no answer within %s", p.bound)
	case errors.Is(err, errTooLong):
		return nil, p.broken("a frame of more than %d bytes from the engine", FrameMax)
	case err != nil:
		return nil, p.broken("the engine's process has ended (%s)", p.ending(err))
	}
	f, err := readAnswer(line)
	if err != nil {
		return nil, p.broken("%s", strings.TrimPrefix(err.Error(), ErrGate.Error()+": "))
	}
	return f, nil
}

// ending says how the child ended.
func (p *Process) ending(err error) string {
	p.close()
	p.reap(500 * time.Millisecond)
	if s := p.command.ProcessState; s != nil {
		return s.String()
	}
	return err.Error()
}

var errTooLong = errors.New("too long")

// readLine reads a line of at most FrameMax bytes, without its end.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > FrameMax+1:
			return nil, errTooLong
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
