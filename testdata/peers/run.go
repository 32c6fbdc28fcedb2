package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// here is where the programs are, from the module's root.
const here = "testdata/peers"

// builder makes the programs, and runs them.
type builder struct {
	dir            string // temporary
	spin, crate    bool
	cargoTarget    string
	compiledModels map[string]string // a model checker by the macros of its model
}

// run is what one process took.
type run struct {
	cpu    time.Duration // of user and system
	memory int64         // the most that was resident, in bytes
	count  float64
}

func (b *builder) has(t tool) bool {
	return t == fermata || t == spin && b.spin || t == crate && b.crate
}

// build makes Fermata's benchmarks, and the crate if there is a cargo.
func (b *builder) build() error {
	b.compiledModels = map[string]string{}
	b.spin = found("spin", "Debian's package spin") && found("gcc", "Debian's package gcc")
	b.crate = found("cargo", "Rust's own installer")
	_, err := b.command("go", "test", "-c", "-o", filepath.Join(b.dir, "explore.test"), "./sim/explore")
	if err != nil || !b.crate {
		return err
	}
	b.cargoTarget = os.Getenv("CARGO_TARGET_DIR")
	if b.cargoTarget == "" {
		b.cargoTarget = filepath.Join(here, "target")
	}
	_, err = b.command("cargo", "build", "--quiet", "--release", "--locked", "--manifest-path",
		filepath.Join(here, "Cargo.toml"), "--target-dir", b.cargoTarget)
	return err
}

func found(program, where string) bool {
	_, err := exec.LookPath(program)
	if err != nil {
		fmt.Printf("%s is not here, and what needs it is left out: get it by %s\n", program, where)
	}
	return err == nil
}

// command runs a program, and gives what it wrote.
func (b *builder) command(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// versions is one line on what is compared and where.
func (b *builder) versions() string {
	line := func(name string, args ...string) string {
		out, _ := exec.Command(name, args...).Output()
		first, _, _ := strings.Cut(string(out), "\n")
		return first
	}
	all := []string{line("go", "version")}
	if b.spin {
		all = append(all, line("spin", "-V"), line("gcc", "--version"))
	}
	if b.crate {
		manifest, _ := os.ReadFile(filepath.Join(here, "Cargo.toml"))
		all = append(all, line("rustc", "--version"))
		for _, m := range regexp.MustCompile(`(?m)^(\w+) = "=([\d.]+)"`).FindAllSubmatch(manifest, -1) {
			all = append(all, fmt.Sprintf("%s %s", m[1], m[2]))
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		all = append(all, "load of the machine "+strings.Fields(string(load))[0])
	}
	return strings.Join(all, "; ")
}

// wrong has every peer run the sweeper S, in which each must find what is wrong: a peer that finds nothing proves
// nothing either.
func (b *builder) wrong() error {
	for _, e := range []entrant{
		{name: "spin", tool: spin, args: []string{"-DF=0", "-DS=1", "-w16"}},
		{name: "stateright", tool: crate, args: []string{"stateright", "S", "1", "1", "1"}},
		{name: "random", tool: crate, args: []string{"random", "S", "1", "1", "1000"}},
		{name: "pct", tool: crate, args: []string{"pct", "S", "1", "1", "1000"}},
		{name: "urw", tool: crate, args: []string{"urw", "S", "1", "1", "1000"}},
		{name: "loom", tool: crate, args: []string{"loom", "S", "1", "1"}},
	} {
		if !b.has(e.tool) {
			continue
		}
		if _, err := b.run(e); !errors.Is(err, errFound) {
			return fmt.Errorf("%s finds nothing wrong in S: %w", e.name, err)
		}
	}
	return nil
}

// errFound is of a peer that found something wrong.
var errFound = errors.New("finds something wrong")

// The counts as the tools write them, and what they write where something is wrong.
var (
	counts = []*regexp.Regexp{
		fermata: regexp.MustCompile(`(\d+) (?:states|schedules)\s`),
		spin:    regexp.MustCompile(`(\d+) states, stored`),
		crate:   regexp.MustCompile(`(?:states|executions)=(\d+)`),
	}
	sampled = []*regexp.Regexp{
		fermata: regexp.MustCompile(`(?P<each>\d+) ns/op.*\s(?P<steps>\d+) steps/s`),
		crate:   regexp.MustCompile(`schedules=(?P<each>\d+) steps=(?P<steps>\d+)`),
	}
	wrongs = regexp.MustCompile(`errors: [1-9]|violated=[1-9]|panicked at`)
)

// count reads how many there were, or how many steps a schedule had.
func count(e entrant, out []byte) (float64, error) {
	m := counts[e.tool].FindSubmatch(out)
	if e.samples {
		m = sampled[e.tool].FindSubmatch(out)
	}
	if m == nil {
		return 0, fmt.Errorf("no count:\n%s", out)
	}
	n, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil || !e.samples {
		return n, err
	}
	steps, err := strconv.ParseFloat(string(m[2]), 64)
	if e.tool == fermata { // steps a second, and nanoseconds a schedule
		return steps * n / 1e9, err
	}
	return steps / n, err
}

// run runs an entrant once.
func (b *builder) run(e entrant) (run, error) {
	cmd, err := b.prepare(e)
	if err != nil {
		return run{}, err
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if wrongs.Match(out.Bytes()) {
		return run{}, fmt.Errorf("%w:\n%s", errFound, &out)
	}
	if err != nil {
		return run{}, fmt.Errorf("%w\n%s", err, &out)
	}
	n, err := count(e, out.Bytes())
	if err != nil {
		return run{}, err
	}
	if e.want != 0 && n != float64(e.want) {
		return run{}, fmt.Errorf("the count is %v, and must be %d", n, e.want)
	}
	r := run{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), count: n}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.memory = int64(usage.Maxrss) << 10
	}
	return r, nil
}

// prepare is the command of an entrant.
func (b *builder) prepare(e entrant) (*exec.Cmd, error) {
	switch e.tool {
	case fermata:
		args := []string{"-test.run", "^$", "-test.bench", e.args[0], "-test.benchtime", fmt.Sprintf("%dx", e.times)}
		if len(e.args) > 1 {
			args = append(args, "-test.skip", e.args[1])
		}
		return exec.Command(filepath.Join(b.dir, "explore.test"), args...), nil
	case spin:
		flags := slices.IndexFunc(e.args, func(a string) bool { return !strings.HasPrefix(a, "-D") })
		pan, err := b.compile(e.args[:flags])
		cmd := exec.Command(pan, e.args[flags:]...)
		cmd.Dir = b.dir // where it leaves what it finds
		return cmd, err
	default:
		return exec.Command(filepath.Join(b.cargoTarget, "release", "peers"), e.args...), nil
	}
}

// compile makes Spin's checker of the model with these macros, once.
func (b *builder) compile(macros []string) (string, error) {
	key := strings.Join(macros, "")
	if pan := b.compiledModels[key]; pan != "" {
		return pan, nil
	}
	dir, err := os.MkdirTemp(b.dir, "pan")
	if err != nil {
		return "", err
	}
	model, err := filepath.Abs(filepath.Join(here, "w.pml"))
	if err != nil {
		return "", err
	}
	pan := filepath.Join(dir, "pan")
	for _, c := range [][]string{
		append(append([]string{"spin"}, macros...), "-a", model),
		{"gcc", "-O2", "-DSAFETY", "-o", pan, "pan.c"},
	} {
		cmd := exec.Command(c[0], c[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", strings.Join(c, " "), err, out)
		}
	}
	b.compiledModels[key] = pan
	return pan, nil
}
