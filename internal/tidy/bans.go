package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Deterministic are the folders in which nothing but the schedule decides anything.
var Deterministic = []string{"model", "sweeper", "sim", "scenarios"}

// Banned is what deterministic packages do not use, with what to use instead. A name that ends in a
// dot stands for the whole package, but for Kept.
var Banned = map[string]string{
	"time.Now": "Environment.Now, or the world's clock", "time.Since": "the world's clock",
	"time.Until": "the world's clock", "time.Sleep": "a deadline of the world",
	"time.After": "a deadline of the world", "time.AfterFunc": "a deadline of the world",
	"time.Tick": "a deadline of the world", "time.NewTimer": "a deadline of the world",
	"time.NewTicker": "a deadline of the world",
	"sync.":          "the schedule: only one actor runs at a time",
	"atomic.":        "the schedule: only one actor runs at a time",
	"rand.":          "a *rand.Rand that is passed in",
	"os.Getenv":      "an argument", "os.LookupEnv": "an argument",
}

// Kept are names of banned packages that are harmless.
var Kept = []string{"rand.New", "rand.NewPCG", "rand.Rand", "rand.PCG"}

// Exempt are the files that may do what nobody else may, with the reason.
var Exempt = map[string]string{
	"sim/gate/process.go":        "bounds the wait for a process that may hang; what is late has no verdict",
	"sim/gate/socket.go":         "bounds the wait for a process that may never connect",
	"sim/gate/tail.go":           "collects what a process writes on standard error, which decides nothing",
	"sim/redis/server/prefix.go": "makes up the private name of a run's keys, which decides nothing",
	"sim/intruder.go":            "takes the calls of goroutines that should not be there, whenever they come",
	"sim/bubble/host.go":         "starts the goroutine that a bubble lives on, which decides nothing",
	"sim/bubble/processor.go":    "counts who needs the process to itself, which decides nothing",
	"sim/bubble/run.go":          "the bubble's own time and goroutines, which rest whenever the schedule has a say",
	"sim/bubble/watch.go":        "bounds the wait for a run that may never come to rest; what is late has no verdict",
	"sim/explore/workers.go":     "starts the workers of a search, whose number changes no verdict and no find",
	"sim/actor.go":               "stops a coroutine whose code called runtime.Goexit, which ends whoever stops it",
}

// Determinism finds what deterministic packages must not use.
func (t *Tree) Determinism() []Finding {
	var found []Finding
	for _, f := range t.source(false, Deterministic...) {
		exempt := Exempt[f.Path] != ""
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if text := banned(f, n, exempt); text != "" {
				found = append(found, Finding{f.Path, t.line(n), text})
			}
			return true
		})
	}
	return append(found, t.engineBans()...)
}

func banned(f *File, n ast.Node, exempt bool) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		if !exempt {
			return "starts a goroutine: actors are coroutines of sim"
		}
	case *ast.SelectStmt:
		if len(n.Body.List) > 1 && !exempt {
			return "selects among channels: who goes first is the schedule's to say"
		}
	case *ast.SelectorExpr:
		if pkg, ok := n.X.(*ast.Ident); ok && pkg.Obj == nil && !exempt {
			return bannedName(f, pkg.Name, n.Sel.Name)
		}
	case *ast.BasicLit:
		if n.Kind == token.STRING && strings.Contains(n.Value, "%"+"p") {
			return "prints a pointer: it differs from run to run"
		}
	}
	return ""
}

func bannedName(f *File, pkg, name string) string {
	full := pkg + "." + name
	if slices.Contains(Kept, full) || !imports(f, pkg) {
		return ""
	}
	instead, ok := Banned[full]
	if !ok {
		instead, ok = Banned[pkg+"."]
	}
	if !ok {
		return ""
	}
	return fmt.Sprintf("uses %s: use %s", full, instead)
}

// imports tells whether the file imports a package of that last name.
func imports(f *File, name string) bool {
	return slices.ContainsFunc(f.Syntax.Imports, func(s *ast.ImportSpec) bool {
		path := strings.Trim(s.Path.Value, `"`)
		path = strings.TrimSuffix(path, "/v2")
		return path == name || strings.HasSuffix(path, "/"+name)
	})
}

// engineBans finds what an engine's text must not do to the machine under it.
func (t *Tree) engineBans() []Finding {
	var found []Finding
	for _, f := range t.source(false, "sweeper") {
		for i, line := range bytes.Split(f.Text, []byte("\n")) {
			if bytes.Contains(line, []byte("recover()")) || bytes.Contains(line, []byte("runtime.Goexit")) {
				found = append(
					found,
					Finding{f.Path, i + 1, "stops an unwinding: what the engine catches is an error value"},
				)
			}
		}
	}
	return found
}
