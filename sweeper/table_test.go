package sweeper_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden files; then read the diff")

// portsPage is the page that the table is written to.
const portsPage = "../docs/ports.md"

// TestPortsPage: the page says what the table says.
func TestPortsPage(t *testing.T) {
	text := page()
	if *rewrite {
		require.NoError(t, os.WriteFile(portsPage, []byte(text), 0o644))
	}
	have, err := os.ReadFile(portsPage)
	require.NoError(t, err)
	require.Equal(t, string(have), text, "go test ./sweeper -rewrite")
}

func page() string {
	var b strings.Builder
	b.WriteString(`# The table of port calls

What an engine can do to the world, a row for each call: one step, indivisible. The schedule parser, the world, the
gate and the conformance tests read the same table (package sweeper); this page is written from it.

Arguments are the words that follow the step in a schedule. No step blocks: an acquire that another's hold stands
against has waited for its try time in vain, and answers false. Beside its own errors every call that can fail answers
` + "`ErrInjected`" + ` where the schedule asks for it.

The step ` + "`return`" + ` is there only for code with goroutines: an operation returns that had no step
to return from. ` + "`wait`" + ` is time that passes: until somebody wakes, of code with goroutines, and between
two sweeps where the remedy ` + "`interval`" + ` asks for it. ` + "`pause` and `redeliver`" + ` are faults: an
actor stands still until its leases are over, and a message that was delivered and not acknowledged is due again.

| step | arguments | port | reply | errors | reads | writes | engine source |
| --- | --- | --- | --- | --- | --- | --- | --- |
`)
	for _, c := range sweeper.PortCalls[1:] {
		if part(c) {
			continue
		}
		own := ""
		if err := ownErrors[c.Verb]; err != "" {
			own = "`" + err + "`"
		}
		cells := []string{
			"`" + c.Name + "`", strings.Join(c.Args, " "), code(c.Port), reply(c), own,
			strings.Join(c.Reads, ", "), strings.Join(c.Writes, ", "), code(c.Java...),
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	b.WriteString(`
Some parts take several steps for one call: the Redis store and the dyno queue one for each command, the SQL store one
for each transaction and statement of a read. A schedule writes them with the call behind: ` + "`for queue.push`" + `.

| step | arguments | reads | writes | engine source |
| --- | --- | --- | --- | --- |
`)
	for _, c := range sweeper.PortCalls[1:] {
		if part(c) {
			cells := []string{
				"`" + c.Name + "`", strings.Join(c.Args, " "), strings.Join(c.Reads, ", "),
				strings.Join(c.Writes, ", "), code(c.Java...),
			}
			b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		}
	}
	b.WriteString(`
Calls that are no step, because they are constant data or a function of the call itself:

| call | port | engine source |
| --- | --- | --- |
`)
	for _, c := range sweeper.SilentCalls {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, code(c.Port), code(c.Java...))
	}
	optionalPorts(&b)
	b.WriteString("\nAny other call of an engine is the outcome *unmodelled call*.\n")
	return b.String()
}

// optionalPorts writes what optional ports add.
func optionalPorts(b *strings.Builder) {
	b.WriteString(`
Optional ports have methods that are a step of the table above. With a ` + "`Fence`" + ` the lock gives a token with
each hold (` + "`=> true token=2`" + `), and the calls ` + "`dao.getWorkflow`, `dao.updateWorkflow`," + `
` + "`dao.createTasks`, `dao.updateTask` and `dao.removeTask`" + ` made within it carry it (` + "`token=2`" + `
behind their arguments). The store refuses one that is older than the newest it has seen of the workflow:
` + "`ErrFenced`" + `.
Such a call writes the object ` + "`fence id`" + ` too.

| step | port | reply |
| --- | --- | --- |
`)
	for _, c := range sweeper.SameSteps {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", c.Name, code(c.Port), reply(c))
	}
}

// part tells whether a row is a step of a part, and no call of its own.
func part(c sweeper.PortCall) bool {
	return c.Port == "" && c.Verb != sweeper.ClockAdvance && c.Verb < sweeper.OperationReturn
}

// ownErrors are the errors that a call answers by itself.
var ownErrors = map[sweeper.Verb]string{
	sweeper.LockRelease:    "ErrIllegalMonitorState",
	sweeper.DAOGetWorkflow: "ErrNotFound",
	sweeper.DAOGetTask:     "ErrNotFound",
}

func code(words ...string) string {
	var quoted []string
	for _, w := range words {
		if w != "" {
			quoted = append(quoted, "`"+w+"`")
		}
	}
	return strings.Join(quoted, ", ")
}

// reply is what a call's method gives back but for its error.
func reply(c sweeper.PortCall) string {
	name, method, _ := strings.Cut(c.Port, ".")
	var results []string
	for _, port := range portTypes {
		if m, ok := port.MethodByName(method); ok && port.Name() == name {
			for i := range m.Type.NumOut() {
				if out := m.Type.Out(i); out != reflect.TypeFor[error]() {
					results = append(results, out.String())
				}
			}
		}
	}
	return code(results...)
}

// portTypes are the ports.
var portTypes = []reflect.Type{
	reflect.TypeFor[sweeper.Lock](), reflect.TypeFor[sweeper.QueueDAO](), reflect.TypeFor[sweeper.ExecutionDAO](),
	reflect.TypeFor[sweeper.WorkflowStatusListener](), reflect.TypeFor[sweeper.MetadataDAO](),
	reflect.TypeFor[sweeper.Environment](), reflect.TypeFor[sweeper.AtomicRepairer](),
	reflect.TypeFor[sweeper.Fence](),
}

// TestTheTableIsWhole: every method of every port is a row or a silent call, and every row is a method.
func TestTheTableIsWhole(t *testing.T) {
	rows := map[string]bool{}
	for _, c := range slices.Concat(sweeper.PortCalls[1:], sweeper.SilentCalls, sweeper.SameSteps) {
		if c.Port != "" {
			require.False(t, rows[c.Port], "%s stands twice", c.Port)
			rows[c.Port] = true
		}
	}
	methods := 0
	for _, port := range portTypes {
		for i := range port.NumMethod() {
			name := port.Name() + "." + port.Method(i).Name
			require.True(t, rows[name], "%s is not in the table", name)
			methods++
		}
	}
	require.Len(t, rows, methods)
}

// TestVerbs: names lead to their verbs and back.
func TestVerbs(t *testing.T) {
	for _, c := range sweeper.PortCalls[1:] {
		require.Equal(t, c.Verb, sweeper.VerbNamed(c.Name))
		require.Equal(t, c.Name, c.Verb.String())
	}
	require.Zero(t, sweeper.VerbNamed("lock.steal"))
	require.Zero(t, sweeper.VerbNamed(""))
}
