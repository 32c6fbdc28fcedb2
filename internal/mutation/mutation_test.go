package mutation_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"fermata/internal/gotool"
	"fermata/internal/mutation"
	"fermata/scenarios/catalogue"
)

var rewrite = flag.Bool("rewrite", false, "write the kill table; then read the diff")

const (
	root = "../.."
	data = root + "/testdata/mutants.txt"
	page = root + "/docs/mutants.md"
)

func mutants(t *testing.T) []*mutation.Mutant {
	t.Helper()
	text, err := os.ReadFile(data)
	require.NoError(t, err)
	all, err := mutation.Parse(string(text))
	require.NoError(t, err)
	return all
}

// bench is the build with every mutant, and what the engine without one does.
type bench struct {
	exe       string
	mutants   []*mutation.Mutant
	functions []string
	// baselines are of each thing that mutants run on, scenarios with few states first.
	baselines map[string][]mutation.Baseline
}

func newBench(t *testing.T) *bench {
	t.Helper()
	gotool.DependOn(t, root)
	b := &bench{mutants: mutants(t), baselines: map[string][]mutation.Baseline{}}
	b.functions = mutation.Functions(b.mutants)
	dir, err := filepath.Abs(root)
	require.NoError(t, err)
	folder := t.TempDir()
	overlay, err := mutation.Overlay(dir, folder, b.mutants)
	require.NoError(t, err)
	b.exe = filepath.Join(folder, "try")
	build := exec.Command("go", "build", "-overlay", overlay, "-o", b.exe, "./internal/mutation/try")
	build.Dir = dir
	said, err := build.CombinedOutput()
	require.NoError(t, err, string(said))
	for _, m := range b.mutants {
		if b.baselines[m.On()] != nil {
			continue
		}
		var all []mutation.Baseline
		require.NoError(t, b.run(&all, "-as", strconv.Itoa(m.Number), "baseline"))
		slices.SortStableFunc(all, func(a, b mutation.Baseline) int { return cmp.Compare(a.States, b.States) })
		b.baselines[m.On()] = all
	}
	return b
}

// trialMax ends a mutant that never ends: the test fails then, and names it.
const trialMax = 4 * time.Minute

// run runs command try and reads what it writes.
func (b *bench) run(into any, args ...string) error {
	within, cancel := context.WithTimeout(context.Background(), trialMax)
	defer cancel()
	cmd := exec.CommandContext(within, b.exe, append([]string{"-mutants", data}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, said.Bytes()[:min(said.Len(), 2000)])
	}
	return json.Unmarshal(out.Bytes(), into)
}

// called are the scenarios that are proved without the mutant and in which its function is called.
func (b *bench) called(m *mutation.Mutant) (names []string, most int64) {
	function := slices.Index(b.functions, m.Place())
	for _, base := range b.baselines[m.On()] {
		if base.OK && slices.Contains(base.Entered, function) {
			names, most = append(names, base.Scenario), max(most, base.States)
		}
	}
	return names, most
}

// try runs a mutant, and compares its spaces if it survives.
func (b *bench) try(m *mutation.Mutant) (*mutation.Row, error) {
	row := &mutation.Row{Mutant: m, Trial: &mutation.Trial{}}
	names, most := b.called(m)
	args := []string{"-mutant", strconv.Itoa(m.Number), "-states", strconv.FormatInt(most, 10)}
	if err := b.run(row.Trial, append(append(args, "trial"), names...)...); err != nil {
		return nil, err
	}
	b.leaveOutKnown(row)
	if row.Trial.Killed != nil {
		return row, nil
	}
	for _, name := range names {
		var its, own []mutation.Walked
		if err := b.run(&its, append(args, "space", name)...); err != nil {
			return nil, err
		}
		if err := b.run(&own, "-as", args[1], args[2], args[3], "space", name); err != nil {
			return nil, err
		}
		if its[0] != own[0] || its[0].Cut != "" {
			row.Parted = name
			return row, nil
		}
		row.Same = append(row.Same, its...)
	}
	return row, nil
}

// leaveOutKnown takes away what the oracles see beside the verdict without the mutant, too.
func (b *bench) leaveOutKnown(row *mutation.Row) {
	bases := b.baselines[row.Mutant.On()]
	row.Trial.Beside = slices.DeleteFunc(row.Trial.Beside, func(k mutation.Kill) bool {
		at := slices.IndexFunc(bases, func(base mutation.Baseline) bool { return base.Scenario == k.Scenario })
		return slices.Contains(bases[at].Beside, k.Oracle)
	})
}

// rows runs mutants, as many at a time as there are processors.
func (b *bench) rows(t *testing.T, all []*mutation.Mutant) []*mutation.Row {
	t.Helper()
	rows, errs := make([]*mutation.Row, len(all)), make([]error, len(all))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range all {
		g.Go(func() error {
			if rows[i], errs[i] = b.try(m); errs[i] != nil {
				errs[i] = fmt.Errorf("mutant %s: %w", m.Name, errs[i])
			}
			return nil
		})
	}
	require.NoError(t, errors.Join(g.Wait(), errors.Join(errs...)))
	return rows
}

// TestKillTable runs every mutant, or one in ten with -short, and holds the page against what became of it. Of all, 38
// of 40 are killed; one that survives is the engine's equal, or the data says what is missing.
func TestKillTable(t *testing.T) {
	b := newBench(t)
	all := b.mutants
	if testing.Short() {
		all = nil
		for i := 0; i < len(b.mutants); i += 10 {
			all = append(all, b.mutants[i])
		}
	}
	rows := b.rows(t, all)
	got := mutation.Page(rows, len(b.baselines[""]))
	if *rewrite && !testing.Short() {
		require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
	}
	want, err := os.ReadFile(page)
	require.NoError(t, err, "go test ./internal/mutation -rewrite writes it")
	held := 0
	for _, r := range rows {
		require.Contains(t, string(want), r.Line())
		if r.Outcome() == mutation.Open {
			require.NotEmpty(t, r.Mutant.Missing, "%s survives, and differs in %s", r.Mutant.Name, r.Parted)
		}
		if r.Trial.Traces != nil {
			held++
		}
	}
	if testing.Short() {
		return
	}
	require.Equal(t, string(want), got)
	require.GreaterOrEqual(t, len(rows), 40)
	require.GreaterOrEqual(t, held, 10, "held against the recorded calls")
}

// TestNoMutantIsTheEngine: where none is chosen, the build with every mutant in it is the engine as it stands.
func TestNoMutantIsTheEngine(t *testing.T) {
	b := newBench(t)
	for _, s := range catalogue.Scenarios() {
		engine := cmp.Or(s.ProvedOn, "proposed")
		c, err := catalogue.NewCase(s.Name, engine, "")
		require.NoError(t, err)
		want, err := catalogue.SpaceOf(c, spaceMax)
		if errors.Is(err, catalogue.ErrUncovered) {
			continue // too many states for a test of this
		}
		require.NoError(t, err)
		var got []mutation.Walked
		require.NoError(t, b.run(&got, "space", s.Name))
		require.Equal(t, []mutation.Walked{{s.Name, want.States, fmt.Sprintf("%x", want.Sum), ""}}, got)
	}
}

const spaceMax = 20_000
