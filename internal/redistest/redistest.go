package redistest

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a running redis-server.
type Server struct {
	Port    int
	t       testing.TB
	command *exec.Cmd
	log     *log
	ended   chan struct{}
}

// Start starts a redis-server with more words for its command line, and gives its URL. It is stopped when the
// test is over.
func Start(t testing.TB, words ...string) (url string) {
	t.Helper()
	return Run(t, words...).URL("", 0)
}

// Run is Start for a test that does something to the server itself.
func Run(t testing.TB, words ...string) *Server {
	t.Helper()
	path := find(t)
	const tries = 5 // another process may take the port first
	for try := 1; ; try++ {
		s := &Server{t: t, Port: freePort(t), log: &log{}, ended: make(chan struct{})}
		s.command = exec.Command(path, append([]string{
			"--port", fmt.Sprint(s.Port), "--bind", "127.0.0.1", "--dir", t.TempDir(),
			"--save", "", "--appendonly", "no", "--daemonize", "no", "--databases", "16",
		}, words...)...)
		s.command.Stdout, s.command.Stderr = s.log, s.log
		if err := s.command.Start(); err != nil {
			t.Fatal(err)
		}
		go func() {
			_ = s.command.Wait() // how it ends says nothing here
			close(s.ended)
		}()
		t.Cleanup(s.Kill)
		if s.ready() {
			return s
		}
		s.Kill()
		if try == tries {
			t.Fatalf("redis-server does not start:\n%s", s.log)
		}
	}
}

// find is where redis-server is; without one the test is skipped.
func find(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not in PATH: install it (Debian/Ubuntu: apt-get install redis-server) to run this test")
	}
	return path
}

// Major is the first number of the installed redis-server's version.
func Major(t testing.TB) int {
	t.Helper()
	out, err := exec.Command(find(t), "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(out), "v=")
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		t.Fatalf("no version in %q", out)
	}
	return n
}

// URL is the server's, with user:password (empty: none) and a database.
func (s *Server) URL(login string, db int) string {
	if login != "" {
		login += "@"
	}
	return fmt.Sprintf("redis://%s127.0.0.1:%d/%d", login, s.Port, db)
}

// Kill ends the process at once, as a crash does.
func (s *Server) Kill() {
	_ = s.command.Process.Kill() // it may have ended
	<-s.ended
}

// Say sends one command over a connection of its own, and gives the first line of the reply. It waits for that,
// but no longer than a test should.
func (s *Server) Say(words ...string) string {
	s.t.Helper()
	line, err := s.say(words...)
	if err != nil {
		s.t.Fatalf("%v: %v", words, err)
	}
	return line
}

func (s *Server) say(words ...string) (string, error) {
	c, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", s.Port), time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	var b bytes.Buffer
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := c.Write(b.Bytes()); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line), err
}

// ready waits until the server answers. A refusal is an answer.
func (s *Server) ready() bool {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		select {
		case <-s.ended:
			return false
		default:
		}
		if line, err := s.say("PING"); err == nil && !strings.HasPrefix(line, "-LOADING") {
			return true
		}
	}
	return false
}

// freePort is a port that nobody listens on, with room for the port of a cluster's bus above it.
func freePort(t testing.TB) int {
	t.Helper()
	const busOffset, portMax = 10_000, 65_535
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		l.Close()
		if port+busOffset <= portMax {
			return port
		}
	}
}

// log collects what a server writes.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
