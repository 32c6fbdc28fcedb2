package gate

import (
	"io"
	"strings"
	"sync"
)

// tailMax is how much of what a process wrote last is kept.
const tailMax = 600

// tail keeps the end of what is written to it. The process's writer runs beside everything else.
type tail struct {
	log  io.Writer
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if len(t.text) > tailMax {
		t.text = append(t.text[:0], t.text[len(t.text)-tailMax:]...)
	}
	if t.log != nil {
		return t.log.Write(b)
	}
	return len(b), nil
}

// String is what was written last, in one line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(strings.Fields(string(t.text)), " ")
}
