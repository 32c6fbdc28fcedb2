package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fermata/internal/files"
	"fermata/scenarios/catalogue"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// schedEnding ends the names of schedules.
const schedEnding = ".sched"

// kept is a schedule of the suite's folder that was made for the engine.
type kept struct {
	path     string
	schedule *catalogue.Schedule
	c        *catalogue.Case
}

// readKept reads the schedules of the folder, in the order of their names. Those of other engines are left alone.
func readKept(dir string, e sweeper.Engine) ([]kept, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []kept
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), schedEnding) {
			continue
		}
		k, err := readSchedule(filepath.Join(dir, entry.Name()), e)
		if err != nil {
			return nil, err
		}
		if k.c != nil {
			all = append(all, *k)
		}
	}
	return all, nil
}

// readSchedule reads a schedule. Its case is nil if it was made for another engine.
func readSchedule(path string, e sweeper.Engine) (*kept, error) {
	f, err := files.Open(path, "a schedule")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	k := &kept{path: path}
	if k.schedule, err = catalogue.ReadSchedule(f, path); err != nil {
		return nil, err
	}
	if k.engine() != e.Name {
		return k, nil
	}
	if k.c, err = catalogue.CaseOf(k.schedule, "", e); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// engine is the engine that the schedule was made for.
func (k *kept) engine() string {
	name, ok := k.schedule.Header("engine")
	if !ok {
		name, _ = k.schedule.Header("measures")
	}
	return name
}

// of tells whether the schedule is of the case, in whatever scope.
func (k *kept) of(c *catalogue.Case) bool {
	return k.c.Scenario == c.Scenario && k.c.Lock() == c.Lock() && k.c.Queue() == c.Queue() && k.c.Store() == c.Store()
}

// replays is how often a kept schedule is replayed: each must be the same run.
const replays = 3

// replay runs the schedule again, and mends it in passing where the code has moved on.
func (r *running) replay(t *testing.T, k *kept, host sim.Host, repair bool) (*catalogue.Report, error) {
	t.Helper()
	o := catalogue.ReplayOptions{Extra: []sweeper.Engine{r.Engine}, Times: replays, Repair: repair, Host: host}
	result, changes, err := catalogue.Replay(k.schedule, o)
	for _, c := range changes {
		t.Logf("fermata: %s: %s", k.path, c)
	}
	return result, err
}

// replayKept replays what is kept of the case, and gives the first report that violates; nil if none does.
func (r *running) replayKept(t *testing.T, c *catalogue.Case) (*catalogue.Report, string) {
	t.Helper()
	for i := range r.kept {
		k := &r.kept[i]
		if !k.of(c) {
			continue
		}
		result, err := r.replay(t, k, c.Host, false)
		var drift *explore.Drift
		if errors.As(err, &drift) {
			t.Logf("fermata: %s does not fit any more: %v", k.path, drift)
			result, err = r.replay(t, k, c.Host, true)
		}
		switch {
		case err != nil:
			t.Fatalf("fermata: unknown: %s: %v", k.path, err)
		case result.Verdict == catalogue.Violated:
			return result, k.path
		}
		t.Logf("fermata: %s shows no violation any more", k.path)
	}
	return nil, ""
}

// replayOnly replays the schedule of -fermata.replay, and nothing else.
func (r *running) replayOnly(t *testing.T, path string, parts bool) {
	t.Helper()
	k, err := readSchedule(path, r.Engine)
	if err != nil {
		t.Fatalf("fermata: -fermata.replay: %v", err)
	}
	if k.c == nil {
		t.Skipf("fermata: %s is of %s, and this is %s", path, k.engine(), r.Engine.Name)
	}
	t.Run(subtest(k.c, parts), func(t *testing.T) {
		t.Helper()
		r.host(t, k.c)
		result, err := r.replay(t, k, k.c.Host, *replayRepair)
		if err != nil {
			t.Fatalf("fermata: %s: %v", path, err)
		}
		if result.Verdict == catalogue.Violated {
			r.red(t, result, path, nil)
			return
		}
		t.Log("\n" + r.story(t, result, path))
	})
}
