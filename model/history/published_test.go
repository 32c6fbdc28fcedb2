package history_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/history"
	"fermata/model/spec"
)

// The histories that porcupine publishes are of registers with compare-and-set (Jepsen's of etcd) and of
// strings that are appended to. They are put into our operations so: what is written is the task, what
// came back stands in the call's owner, where our replies have no room for it. An owner of "?" is no
// answer.
const (
	opRead   = spec.GetWorkflow
	opWrite  = spec.Push
	opAppend = spec.Postpone
	opSwap   = spec.RepairPush // from>to
)

// register is the specification of both; its states are texts.
type register struct{}

func (register) Name() string { return "register" }

func (register) Object(op spec.Operation) (spec.Object, bool) {
	return spec.Object{Workflow: op.Workflow}, true
}

func (register) Hash(s string) uint64 {
	h := uint64(len(s))
	for _, c := range []byte(s) {
		h = h*1099511628211 ^ uint64(c)
	}
	return h
}

func (register) Step(s string, op spec.Operation, reply spec.Reply) []string {
	after := s
	from, to, _ := strings.Cut(string(op.Task), ">")
	switch op.Name {
	case opRead:
		if reply.Unknown || op.Owner == "?" || string(op.Owner) == "="+s {
			return []string{s}
		}
		return nil
	case opWrite:
		after = string(op.Task)[1:]
	case opAppend:
		after = s + string(op.Task)[1:]
	case opSwap:
		if !reply.Unknown && op.Owner != "?" && (from == s) != (op.Owner == "ok") {
			return nil
		}
		if from == s {
			after = to
		}
	}
	return []string{after} // as porcupine has it: what never returned can go last
}

// translation makes JSON lines of a published history.
type translation struct {
	lines [][2]string // kind and rest
	open  map[string]int
	calls []spec.Operation
}

func (tr *translation) call(process, key string, name spec.OperationName, task string) {
	tr.open[process] = len(tr.calls)
	tr.lines = append(tr.lines, [2]string{"call", process})
	tr.calls = append(tr.calls, spec.Operation{
		Name: name, Workflow: model.WorkflowID(key), Task: model.TaskID(task),
	})
}

// back notes the return of a process's operation, and what came back of it.
func (tr *translation) back(process, value string) {
	n := tr.open[process]
	tr.calls[n].Owner = spec.Actor(value)
	tr.lines = append(tr.lines, [2]string{"return", fmt.Sprint(n)})
	delete(tr.open, process)
}

// json writes it down. Processes that never return go on as open operations; one that Jepsen numbers anew
// has a new name, so an actor's operations do not overlap.
func (tr *translation) json() []byte {
	b := AppendHeader(nil, 0)
	n := 0
	for _, l := range tr.lines {
		if l[0] == "call" {
			b = AppendCall(b, n, spec.Actor("process "+l[1]), tr.calls[n])
			n++
			continue
		}
		var id int
		fmt.Sscan(l[1], &id)
		b = AppendReturn(b, id, tr.calls[id].Name, spec.Reply{})
	}
	return b
}

var (
	jepsenLine = regexp.MustCompile(`^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(\w+)\s+:(\w+)\s+(.*)$`)
	kvLine     = regexp.MustCompile(`^{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (.*)}$`)
)

func (tr *translation) jepsen(line string) {
	m := jepsenLine.FindStringSubmatch(line)
	if m == nil {
		return
	}
	process, kind, f, value := m[1], m[2], m[3], strings.TrimSpace(m[4])
	switch kind + " " + f {
	case "invoke read":
		tr.call(process, "r", opRead, "")
	case "invoke write":
		tr.call(process, "r", opWrite, "="+value)
	case "invoke cas":
		tr.call(process, "r", opSwap, strings.Replace(strings.Trim(value, "[]"), " ", ">", 1))
	case "ok read":
		tr.back(process, "="+value)
	case "ok write":
		tr.back(process, "ok")
	case "ok cas", "fail cas":
		if value != ":timed-out" {
			tr.back(process, kind)
		}
	case "fail read":
		tr.back(process, "?")
	}
}

func (tr *translation) kv(line string) {
	m := kvLine.FindStringSubmatch(line)
	process, key, value := m[1], "key "+m[4], "="+strings.Trim(m[5], `"`)
	switch m[2] + " " + m[3] {
	case "invoke get":
		tr.call(process, key, opRead, "")
	case "invoke put":
		tr.call(process, key, opWrite, value)
	case "invoke append":
		tr.call(process, key, opAppend, value)
	default:
		tr.back(process, value)
	}
}

// published is where the module's data lie.
func published(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	dir := filepath.Join(strings.TrimSpace(string(out)), "test_data")
	if _, statErr := os.Stat(dir); err != nil || statErr != nil {
		t.Skip("porcupine's test data are not in the module cache: go mod download github.com/anishathalye/porcupine")
	}
	return dir
}

func translate(t *testing.T, path string, line func(*translation, string)) []byte {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	tr := &translation{open: map[string]int{}}
	for s := bufio.NewScanner(f); s.Scan(); {
		line(tr, s.Text())
	}
	require.NotEmpty(t, tr.calls)
	return tr.json()
}

// etcdOK are the etcd histories that porcupine's own tests take for linearizable; all others of 0 to 102
// are not, and 95 has no test, since the cluster did not start.
var etcdOK = []int{
	2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102,
}

// TestPublishedHistories holds our reading and judging against every verdict that porcupine publishes for
// its own histories.
func TestPublishedHistories(t *testing.T) {
	dir := published(t)
	judged := 0
	for n := range 103 {
		if n == 95 {
			continue
		}
		name := fmt.Sprintf("etcd_%03d", n)
		t.Run(name, func(t *testing.T) {
			history := translate(t, filepath.Join(dir, "jepsen", name+".log"), (*translation).jepsen)
			requireVerdict(t, history, judgeOf[string](register{}, "nil"), slices.Contains(etcdOK, n))
		})
		judged++
	}
	for _, name := range []string{"c01-ok", "c01-bad", "c10-ok", "c10-bad", "c50-ok", "c50-bad"} {
		t.Run(name, func(t *testing.T) {
			history := translate(t, filepath.Join(dir, "kv", name+".txt"), (*translation).kv)
			requireVerdict(t, history, judgeOf[string](register{}, ""), strings.HasSuffix(name, "ok"))
		})
		judged++
	}
	require.Equal(t, 108, judged)
}

func requireVerdict(t *testing.T, history []byte, judge Judge, linearizable bool) {
	result, err := Check(bytes.NewReader(history), "published.jsonl", Options{}, judge)
	require.NoError(t, err)
	require.Equal(t, verdictOf(linearizable), result.Verdict, "%+v", result)
}

func judgeOf[S comparable](by spec.Spec[S], initial S) Judge {
	return NewJudge(Subject[S]{Spec: by, Initial: spec.Always(initial)})
}

func verdictOf(linearizable bool) spec.Verdict {
	if linearizable {
		return spec.Ok
	}
	return spec.Violation
}
