package bubble

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// goroutine is what a stack trace says of one.
type goroutine struct {
	id      uint64
	state   string // what it waits for, or that it runs
	durable bool   // only the bubble itself can wake it
	frames  []frame
	// creator is who started it and created where.
	creator uint64
	created frame
}

type frame struct{ function, place string }

// self gives the number of the calling goroutine and the name of its bubble, empty if it is in none.
func self() (id uint64, bubble string) {
	var buf [96]byte
	g, bubble := parseHeader(string(buf[:runtime.Stack(buf[:], false)]))
	return g.id, bubble
}

// selfWhole is all that a stack trace says of the calling goroutine.
func selfWhole() goroutine {
	buf := make([]byte, 1<<16)
	return parse(string(buf[:runtime.Stack(buf, false)]))
}

// parseHeader reads "goroutine 7 [chan receive (durable), 2 minutes, synctest bubble 3]:".
func parseHeader(text string) (g goroutine, bubble string) {
	text, _, _ = strings.Cut(text, "\n")
	number, rest, _ := strings.Cut(strings.TrimPrefix(text, "goroutine "), " [")
	g.id, _ = strconv.ParseUint(number, 10, 64)
	rest, _, _ = strings.Cut(rest, "]")
	words := strings.Split(rest, ", ")
	g.state, g.durable = strings.CutSuffix(words[0], " (durable)")
	if strings.HasPrefix(g.state, "synctest.") || g.state == "coroutine" {
		g.durable = true
	}
	for _, w := range words[1:] {
		if name, ok := strings.CutPrefix(w, "synctest bubble "); ok {
			bubble = name
		}
	}
	return g, bubble
}

// dumpMax bounds a dump of all stacks.
const dumpMax = 64 << 20

// goroutinesOf lists the goroutines of a bubble.
func goroutinesOf(bubble string) []goroutine {
	buf := make([]byte, 1<<18)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < dumpMax {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	mark := []byte("synctest bubble " + bubble + "]")
	var all []goroutine
	for _, text := range bytes.Split(buf[:n], []byte("\n\n")) {
		if header, _, _ := bytes.Cut(text, []byte("\n")); bytes.Contains(header, mark) {
			all = append(all, parse(string(text)))
		}
	}
	return all
}

// parse reads the stack trace of one goroutine.
func parse(text string) goroutine {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	g, _ := parseHeader(lines[0])
	for i := 1; i+1 < len(lines); i += 2 {
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		function := lines[i]
		if by, ok := strings.CutPrefix(function, "created by "); ok {
			name, number, _ := strings.Cut(by, " in goroutine ")
			g.creator, _ = strconv.ParseUint(strings.TrimSpace(number), 10, 64)
			g.created = frame{name, path.Base(at)}
			continue
		}
		if open := strings.LastIndex(function, "("); open > 0 {
			function = function[:open]
		}
		g.frames = append(g.frames, frame{function, path.Base(at)})
	}
	return g
}

// here is the path of this package, and machinery that of those that its calls go through.
var (
	here      = reflect.TypeFor[run]().PkgPath()
	machinery = strings.TrimSuffix(here, "bubble")
)

// ours tells whether the goroutine is the driver, or one that the runtime has for the bubble.
func (g *goroutine) ours() bool {
	return strings.HasPrefix(g.state, "synctest.") || slices.ContainsFunc(g.frames, func(f frame) bool {
		return strings.HasPrefix(f.function, "testing.") || f.function == here+".(*run).drive"
	})
}

// mutex tells whether the goroutine waits for a mutex.
func (g *goroutine) mutex() bool {
	return strings.HasPrefix(g.state, "sync.Mutex") || strings.HasPrefix(g.state, "sync.RWMutex")
}

// blocked tells whether the goroutine waits, for whatever.
func (g *goroutine) blocked() bool {
	switch g.state {
	case "running", "runnable", "syscall", "preempted", "sleep":
		return false
	}
	return !strings.HasPrefix(g.state, "GC ")
}

// where is the innermost place that is neither the runtime's nor the machinery's.
func (g *goroutine) where() string {
	for _, f := range g.frames {
		if theirs(f.function) {
			return f.String()
		}
	}
	return g.created.String()
}

func (g *goroutine) text() string {
	return fmt.Sprintf("created at %s, waiting in %s at %s", g.created, g.state, g.where())
}

// String is the place and the function.
func (f frame) String() string {
	return f.place + " (" + f.function[strings.LastIndex(f.function, "/")+1:] + ")"
}

// theirs tells whether a function is of the code under test.
func theirs(function string) bool {
	for _, prefix := range []string{"runtime.", "sync.", "internal/", "time.", "iter.", "syscall.", "context."} {
		if strings.HasPrefix(function, prefix) {
			return false
		}
	}
	for _, of := range []string{"", "bubble", "world", "tiny"} {
		if strings.HasPrefix(function, strings.TrimSuffix(machinery, "/")+strings.TrimSuffix("/"+of, "/")+".") {
			return false
		}
	}
	return true
}

// siteOf is the innermost place of the code under test in a call stack.
func siteOf(pcs []uintptr) string {
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if theirs(f.Function) {
			return frame{f.Function, fmt.Sprintf("%s:%d", path.Base(f.File), f.Line)}.String()
		}
		if !more {
			return "an unknown place"
		}
	}
}
