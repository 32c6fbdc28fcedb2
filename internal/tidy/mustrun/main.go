// Command mustrun reads the output of go test -json and fails unless every test of a list has run and
// passed: a test that was skipped, or all of whose subtests were, or that has gone says nothing. The list has a
// package, relative to the module, and a test's name on each line. What a test that failed has printed is printed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "mustrun: expected the list, and go test -json on standard input")
		os.Exit(2)
	}
	list, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "mustrun:", err)
		os.Exit(2)
	}
	missing, summary, err := check(string(list), os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mustrun:", err)
		os.Exit(2)
	}
	fmt.Print(summary)
	for _, m := range missing {
		fmt.Println("did not run:", m)
	}
	if len(missing) > 0 {
		os.Exit(1)
	}
}

// event is one line of go test -json.
type event struct{ Action, Package, Test, Output string }

// check gives the tests of the list that did not pass, and the packages' closing lines.
func check(list string, log io.Reader) (missing []string, summary string, err error) {
	passed := map[string]bool{}
	inner := map[string]bool{} // by package and test: whether any of its subtests passed
	var closing strings.Builder
	printed := map[string][]string{} // by package and test
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, "", fmt.Errorf("line %q: %w", lines.Text(), err)
		}
		name := e.Package + " " + e.Test
		if e.Test != "" && (e.Action == "pass" || e.Action == "skip") {
			some, has := inner[name]
			passed[name] = e.Action == "pass" && (some || !has)
			if at := strings.LastIndex(e.Test, "/"); at >= 0 {
				outer := e.Package + " " + e.Test[:at]
				inner[outer] = inner[outer] || passed[name]
			}
		}
		switch {
		case e.Test == "" && strings.HasPrefix(e.Output, "ok "):
			closing.WriteString(e.Output)
		case e.Action == "fail":
			closing.WriteString("FAIL " + name + "\n" + strings.Join(printed[name], ""))
		case e.Output != "":
			printed[name] = append(printed[name], e.Output)
		}
	}
	for _, want := range strings.Split(list, "\n") {
		want, _, _ = strings.Cut(want, "#")
		words := strings.Fields(want)
		if len(words) == 2 && !ran(passed, words[0], words[1]) {
			missing = append(missing, words[0]+" "+words[1])
		}
	}
	slices.Sort(missing)
	return missing, closing.String(), lines.Err()
}

// ran tells whether the test of a package, named without the module's path, has passed.
func ran(passed map[string]bool, pkg, test string) bool {
	for name, ok := range passed { //tidy:unordered any one will do
		p, t, _ := strings.Cut(name, " ")
		if ok && t == test && strings.HasSuffix(p, "/"+pkg) {
			return true
		}
	}
	return false
}
