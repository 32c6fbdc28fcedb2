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
	// baselines are of each thing that mutants run on with each of the scopes, scenarios with few states first.
	baselines map[string][]mutation.Baseline
}

func newBench(t *testing.T) *bench {
	t.Helper()
	gotool.DependOn(t, root)
	traces, err := filepath.Glob(root + "/testdata/conformance/*/*.txt")
	require.NoError(t, err)
	for _, trace := range traces {
		_, err := os.Stat(trace) // as DependOn does
		require.NoError(t, err)
	}
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
		for _, scope := range scopes {
			if b.baselines[m.On()+scope] != nil {
				continue
			}
			var all []mutation.Baseline
			require.NoError(t, b.run(&all, "-as", strconv.Itoa(m.Number), "-scope", scope, "baseline"))
			slices.SortStableFunc(all, func(a, b mutation.Baseline) int { return cmp.Compare(a.States, b.States) })
			b.baselines[m.On()+scope] = all
		}
	}
	return b
}

// scopes are what is changed of the scenarios' own: at first nothing, and then for who is not killed.
var scopes = []string{"", "faults=1"}

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
func (b *bench) called(m *mutation.Mutant, scope string) (names []string, most int64) {
	function := slices.Index(b.functions, m.Place())
	for _, base := range b.baselines[m.On()+scope] {
		if base.OK && slices.Contains(base.Entered, function) {
			names, most = append(names, base.Scenario), max(most, base.States)
		}
	}
	return names, most
}

// try runs a mutant, and compares its spaces if it survives.
func (b *bench) try(m *mutation.Mutant) (*mutation.Row, error) {
	row := &mutation.Row{Mutant: m}
	for _, scope := range scopes {
		names, most := b.called(m, scope)
		its := &mutation.Trial{}
		err := b.run(its, append([]string{
			"-mutant", strconv.Itoa(m.Number), "-states", strconv.FormatInt(most, 10), "-scope", scope, "trial",
		}, names...)...)
		if err != nil {
			return nil, err
		}
		b.leaveOutKnown(m, its, scope)
		if row.Add(its); row.Killed() {
			return row, nil
		}
	}
	return row, b.compare(row)
}

// compare walks the spaces of the scenarios' own scopes, up to the first that is not the engine's.
func (b *bench) compare(row *mutation.Row) error {
	n := strconv.Itoa(row.Mutant.Number)
	names, most := b.called(row.Mutant, "")
	for _, name := range names {
		var its, own []mutation.Walked
		states := strconv.FormatInt(most, 10)
		if err := b.run(&its, "-mutant", n, "-states", states, "space", name); err != nil {
			return err
		}
		if err := b.run(&own, "-as", n, "-states", states, "space", name); err != nil {
			return err
		}
		if its[0] != own[0] || its[0].Cut != "" {
			row.Parted = name
			return nil
		}
		row.Same = append(row.Same, its...)
	}
	return nil
}

// leaveOutKnown takes away what the oracles see beside the verdict without the mutant, too: as bad, or worse.
func (b *bench) leaveOutKnown(m *mutation.Mutant, its *mutation.Trial, scope string) {
	its.Beside = slices.DeleteFunc(its.Beside, func(k mutation.Kill) bool {
		for _, base := range b.baselines[m.On()+scope] {
			for _, known := range base.Beside {
				if known.Scenario == k.Scenario && known.Oracle == k.Oracle && known.Severity != "heals" {
					return true
				}
				if known.Scenario == k.Scenario && known.Oracle == k.Oracle && k.Severity == "heals" {
					return true
				}
			}
		}
		return false
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

// TestKillTable runs every mutant, or one in ten with -short, and holds the page against what became of it. Of 40, 38
// are killed; what no oracle sees is the engine's equal, or the data says which scenario or oracle is missing.
func TestKillTable(t *testing.T) {
	b := newBench(t)
	t.Run("none", b.isTheEngine)
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
	held, killed := 0, 0
	for _, r := range rows {
		require.Contains(t, string(want), r.Line())
		if !r.Killed() && r.Outcome() != mutation.Equal {
			require.NotEmpty(t, r.Mutant.Missing, "no oracle sees %s, and it differs in %s", r.Mutant.Name, r.Parted)
		}
		if r.Trial.Traces != nil {
			held++
		}
		if r.Killed() || r.Outcome() == mutation.Held {
			killed++
		}
	}
	if testing.Short() {
		return
	}
	require.Equal(t, string(want), got)
	require.GreaterOrEqual(t, len(rows), 40)
	require.GreaterOrEqual(t, 40*killed, 38*len(rows))
	require.GreaterOrEqual(t, held, 10, "held against the recorded calls")
}

// isTheEngine: where no mutant is chosen, the build with every mutant in it is the engine as it stands.
func (b *bench) isTheEngine(t *testing.T) {
	compared := 0
	for _, base := range b.baselines[""] {
		if base.States > spaceMax || !base.OK {
			continue // the comparison is of everything, which takes time
		}
		scenarios := catalogue.Scenarios()
		s := scenarios[slices.IndexFunc(scenarios, func(s *catalogue.Scenario) bool { return s.Name == base.Scenario })]
		c, err := catalogue.NewCase(s.Name, cmp.Or(s.ProvedOn, "proposed"), "")
		require.NoError(t, err)
		c, err = c.On(s.ProvedWith)
		require.NoError(t, err)
		want, err := catalogue.SpaceOf(c, 0)
		require.NoError(t, err)
		var got []mutation.Walked
		require.NoError(t, b.run(&got, "space", s.Name))
		require.Equal(t, []mutation.Walked{{
			Scenario: s.Name, States: want.States, Sum: fmt.Sprintf("%x", want.Sum),
		}}, got)
		compared++
	}
	require.Greater(t, compared, 5)
}

// spaceMax is up to how many states of a proof everything is compared.
const spaceMax = 500
