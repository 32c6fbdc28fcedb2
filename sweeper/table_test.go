package sweeper_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
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

| step | arguments | reads | writes | Java |
| --- | --- | --- | --- | --- |
`)
	for _, c := range sweeper.PortCalls[1:] {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", c.Name,
			strings.Join(c.Args, " "), strings.Join(c.Reads, ", "), strings.Join(c.Writes, ", "), java(c))
	}
	b.WriteString(`
Calls that are no step, because they are constant data or a function of the call itself:

| call | Java |
| --- | --- |
`)
	for _, c := range sweeper.SilentCalls {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, java(c))
	}
	b.WriteString("\nAny other call of an engine is the outcome *unmodelled call*.\n")
	return b.String()
}

func java(c sweeper.PortCall) string {
	var quoted []string
	for _, j := range c.Java {
		quoted = append(quoted, "`"+j+"`")
	}
	return strings.Join(quoted, ", ")
}

// TestTheTableIsWhole: every method of every port is a row or a silent call, and every row is a method.
func TestTheTableIsWhole(t *testing.T) {
	rows := map[string]bool{}
	for _, c := range append(sweeper.PortCalls[1:], sweeper.SilentCalls...) {
		if c.Port != "" {
			require.False(t, rows[c.Port], "%s stands twice", c.Port)
			rows[c.Port] = true
		}
	}
	methods := 0
	for _, port := range []reflect.Type{
		reflect.TypeFor[sweeper.Lock](), reflect.TypeFor[sweeper.QueueDAO](), reflect.TypeFor[sweeper.ExecutionDAO](),
		reflect.TypeFor[sweeper.WorkflowStatusListener](), reflect.TypeFor[sweeper.MetadataDAO](),
		reflect.TypeFor[sweeper.Environment](), reflect.TypeFor[sweeper.AtomicRepairer](),
	} {
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
