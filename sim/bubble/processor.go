package bubble

import (
	"runtime"
	"sync"
	"testing"
)

// processors counts the Hosts in use, while which everything runs on one processor: goroutines then go on in the order
// in which they were woken, and their numbers are in the order in which they were started.
var processors struct {
	sync.Mutex
	hosts, before int
}

func oneProcessor(t *testing.T) {
	p := &processors
	p.Lock()
	defer p.Unlock()
	if p.hosts++; p.hosts == 1 {
		p.before = runtime.GOMAXPROCS(1)
	}
	t.Cleanup(func() {
		p.Lock()
		defer p.Unlock()
		if p.hosts--; p.hosts == 0 {
			runtime.GOMAXPROCS(p.before)
		}
	})
}
