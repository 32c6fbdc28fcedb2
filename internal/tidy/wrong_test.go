package tidy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wrong writes a module that breaks every rule once.
func wrong(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"go.mod": "module example.org/wrong\n\ngo 1.25\n",
		"model/model.go": `package model

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

var m sync.Mutex

// F breaks the bans.
func F(c, d chan int, set map[int]int) {
	go F(c, d, set)
	select {
	case <-c:
	case <-d:
	}
	fmt.Printf("%` + `p", &m)
	fmt.Println(time.Now(), rand.IntN(3), os.Getenv("HOME"))
	for range set {
	}
	//tidy:unordered counting only, excused
	for range set {
	}
}
`,
		"sim/sim.go":     "package sim\n\nimport _ \"example.org/wrong/model\"\n",
		"other/other.go": "package other\n\nimport (\n\t_ \"example.net/nobody\"\n\t_ \"github.com/spf13/cobra\"\n)\n",
		"sweeper/sweeper.go": `// Package sweeper recovers.
package sweeper

func f() {
	defer func() { _ = recover() }()
}
`,
		"scenarios/long.go": "package scenarios\n\nfunc long() {\n" + strings.Repeat(
			"\t_ = 1\n",
			70,
		) + "}\n\n// TO" + "DO " +
			strings.Repeat(
				"wide ",
				30,
			) + "\n" + strings.Repeat(
			"// more\n",
			402-76,
		),
		"testdata/x.golden": "import \"example.org/wrong/model\"\nseen at /ho" + "me/me\n",
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}
