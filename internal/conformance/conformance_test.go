package conformance_test

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/conformance"
	"fermata/sim/gate"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/testdata"
)

var record = flag.Bool("record", false, "write the traces of the released classes; then read the diff")

// source is where testdata.Conformance and the gate's Java side are in the source.
const (
	source = "../../testdata/conformance"
	java   = "../../sim/gate/java/target"
)

// released says which release of the registry stands for which text.
var released = []struct {
	version string // as published, and the folder of its traces
	text    sweeper.Engine
}{
	{"3.15.0", conductor.Release3170()},
	{"3.21.14", conductor.Release32114()},
}

// situations reads every situation.
func situations(t *testing.T) []*conformance.Situation {
	t.Helper()
	files, err := fs.Glob(testdata.Conformance, "conformance/situations/*.txt")
	require.NoError(t, err)
	var all []*conformance.Situation
	for _, name := range files {
		f, err := testdata.Conformance.Open(name)
		require.NoError(t, err)
		some, err := conformance.Parse(f, path.Base(name))
		require.NoError(t, err)
		all = append(all, some...)
	}
	return all
}

func recorded(t *testing.T, version, name string) string {
	t.Helper()
	text, err := fs.ReadFile(testdata.Conformance, "conformance/"+version+"/"+name+".txt")
	require.NoError(t, err)
	return string(text)
}

// TestTextEqualsReleasedClasses: in every situation, the engine's text makes the calls that the released
// classes made, with the same arguments, and comes to the same end.
func TestTextEqualsReleasedClasses(t *testing.T) {
	for _, r := range released {
		for _, s := range situations(t) {
			t.Run(r.version+"/"+s.Name, func(t *testing.T) {
				text, err := s.Trace(r.text)
				require.NoError(t, err, text)
				require.Equal(t, recorded(t, r.version, s.Name), text, s.Covers)
			})
		}
	}
}

// engineOf starts the released classes of a version behind the gate, if they have been built.
func engineOf(t *testing.T, version string) *gate.Process {
	t.Helper()
	jar, engine := filepath.Join(java, "gate.jar"), filepath.Join(java, "engines", version, "BOOT-INF", "lib")
	for _, path := range []string{jar, engine} {
		if _, err := os.Stat(path); err != nil {
			t.Skipf("the released classes of %s are not here: make real-engine fetches them (needs Java 17 and Maven)", version)
		}
	}
	p, err := gate.Start("java -jar "+jar+" "+engine, gate.Options{})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	require.Equal(t, "conductor-"+version, p.Name)
	return p
}

// TestReleasedClassesRepeat records every trace anew from the released classes and compares.
func TestReleasedClassesRepeat(t *testing.T) {
	for _, r := range released {
		t.Run(r.version, func(t *testing.T) {
			p := engineOf(t, r.version)
			for _, s := range situations(t) {
				text, err := s.Trace(p.Engine())
				require.NoError(t, err, "%s\n%s", s.Name, text)
				if *record {
					folder := filepath.Join(source, r.version)
					require.NoError(t, os.MkdirAll(folder, 0o755))
					require.NoError(t, os.WriteFile(filepath.Join(folder, s.Name+".txt"), []byte(text), 0o644))
					continue
				}
				require.Equal(t, recorded(t, r.version, s.Name), text, s.Name)
			}
		})
	}
}
