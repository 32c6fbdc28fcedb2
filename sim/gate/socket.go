package gate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// helloMax is how long a connection may take to say hello, so that a silent one does not hold up the rest.
const helloMax = 5 * time.Second

// overSocket speaks over a loopback socket: the first connection that says hello with the token is the
// engine. A stranger is told so and turned away; it has no effect on the run.
func (p *Process) overSocket(token string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGate, err)
	}
	defer l.Close()
	p.command.Stdout = p.said
	p.close = func() {}
	if err := p.launch("tcp:"+l.Addr().String(), token); err != nil {
		return err
	}
	_ = l.(*net.TCPListener).SetDeadline(time.Now().Add(p.bound))
	for {
		c, err := l.Accept()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return p.broken("the engine did not connect within %s", p.bound)
		}
		if err != nil {
			return p.broken("%s", err)
		}
		if p.admits(c, token) {
			return nil
		}
	}
}

// admits tells whether the connection is the engine's. Its hello is left to be read again.
func (p *Process) admits(c net.Conn, token string) bool {
	_ = c.SetReadDeadline(time.Now().Add(helloMax))
	r := bufio.NewReaderSize(c, 1<<16)
	first, err := firstLine(r)
	var f answer
	if err != nil || json.Unmarshal(first, &f) != nil || f.Token != token {
		_, _ = c.Write([]byte(`{"type":"failure","message":"a stranger: hello without the token"}` + "\n"))
		c.Close()
		return false
	}
	_ = c.SetReadDeadline(time.Time{})
	p.in, p.out, p.close = c, r, func() { c.Close() }
	return true
}

// firstLine looks at the first line without taking it; a hello is short.
func firstLine(r *bufio.Reader) ([]byte, error) {
	const most = 4096
	for n := 1; n <= most; n++ {
		b, err := r.Peek(n)
		if err != nil {
			return nil, err
		}
		if b[n-1] == '\n' {
			return b[:n-1], nil
		}
	}
	return nil, errTooLong
}
