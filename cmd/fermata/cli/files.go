package cli

import (
	"errors"
	"fmt"
	"strings"

	"fermata/scenarios/catalogue"
)

// foundDir is where schedules are written if nothing else is asked for.
const foundDir = "fermata-found"

// stem is a file's path without the ending of schedules.
func stem(path string) string { return strings.TrimSuffix(path, schedEnding) }

// schedEnding ends the names of schedules.
const schedEnding = ".sched"

// inFile says in which file, and in which of its lines, something is wrong.
func inFile(path string, err error) error {
	var at *catalogue.LineError
	if errors.As(err, &at) {
		what := strings.TrimPrefix(at.Err.Error(), catalogue.ErrUsage.Error()+": ")
		if strings.HasPrefix(what, "unknown engine \""+execName) {
			what += "; this one ran in a process of its own: give it again as --engine exec:'COMMAND'"
		}
		return fmt.Errorf("%s:%d: %s", path, at.Line, what)
	}
	return fmt.Errorf("%s: %w", path, err)
}
