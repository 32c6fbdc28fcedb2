package spec

import (
	"fmt"
	"strconv"
	"strings"

	"fermata/model"
)

// Parse reads a history, one event a line as Event.String writes it; # begins a comment, and empty
// lines do not count. Name is the file's, for errors, which are ErrHistory with file, line and what
// was expected. Whether calls and returns match is for Check to say.
func Parse(name, text string) ([]Event, error) {
	var events []Event
	for i, line := range strings.Split(text, "\n") {
		e, ok, err := ParseLine(line)
		if err != nil {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrHistory, name, i+1, err)
		}
		if ok {
			events = append(events, e)
		}
	}
	return events, nil
}

// ParseLine reads one line of such a history; false if there is no event on it. The error says what
// came and what was expected.
func ParseLine(line string) (Event, bool, error) {
	words := fields(line)
	if len(words) == 0 {
		return Event{}, false, nil
	}
	e, err := parseEvent(words)
	return e, err == nil, err
}

func parseEvent(words []string) (Event, error) {
	if len(words) < 4 {
		return Event{}, fmt.Errorf("expected ACTOR call|return NUMBER …, got %d words", len(words))
	}
	actor, err := unquoted(words[0])
	if err != nil {
		return Event{}, err
	}
	number, err := strconv.Atoi(words[2])
	if err != nil {
		return Event{}, fmt.Errorf("expected an operation's number, got %q", words[2])
	}
	e := Event{Actor: Actor(actor), Op: number}
	switch {
	case words[1] == "call":
		e.Kind = Call
		e.Operation, err = parseOperation(words[3:])
	case words[1] == "return" && words[3] == "=>":
		e.Kind = Return
		e.Reply, err = parseReply(words[4:])
	default:
		err = fmt.Errorf("expected call NUMBER OPERATION or return NUMBER => REPLY, got %q",
			strings.Join(words[1:], " "))
	}
	return e, err
}

func parseOperation(words []string) (Operation, error) {
	op := Operation{Name: OperationNamed(words[0])}
	if op.Name == 0 {
		return op, fmt.Errorf("unknown operation %q: expected one such as GetWorkflow", words[0])
	}
	for _, w := range words[1:] {
		key, raw, _ := strings.Cut(w, "=")
		value, err := unquoted(raw)
		if err != nil {
			return op, err
		}
		switch {
		case key == "workflow":
			op.Workflow = model.WorkflowID(value)
		case key == "task":
			op.Task = model.TaskID(value)
		case key == "owner":
			op.Owner = Actor(value)
		case key == "result" && TaskStatusNamed(value) != 0:
			op.Result = TaskStatusNamed(value)
		case w == "optional":
			op.Optional = true
		case w == "missing":
			op.Missing = true
		default:
			return op, fmt.Errorf("unknown input %q of %s: expected workflow=, task=, result=, owner=, "+
				"optional or missing", w, op.Name)
		}
	}
	return op, nil
}

func parseReply(words []string) (Reply, error) {
	var r Reply
	if len(words) == 0 {
		return r, fmt.Errorf("expected a reply after =>")
	}
	for _, w := range words {
		switch status := WorkflowStatusNamed(w); {
		case w == "none" && len(words) == 1:
		case w == "unknown":
			r.Unknown = true
		case w == "error":
			r.Err = true
		case w == "present":
			r.Present = true
		case w == "done":
			r.Done = true
		case status != 0:
			r.Status = status
		default:
			return r, fmt.Errorf("unknown reply %q: expected none, unknown, error, present, done or a status", w)
		}
	}
	return r, nil
}

func unquoted(w string) (string, error) {
	if !strings.HasPrefix(w, `"`) {
		return w, nil
	}
	s, err := strconv.Unquote(w)
	if err != nil {
		return "", fmt.Errorf("malformed quoted word %s: expected a quote at its end", w)
	}
	return s, nil
}

// WorkflowStatusNamed finds a status by the engine's name; 0 if there is none.
func WorkflowStatusNamed(name string) model.WorkflowStatus {
	for s := model.Running; s <= model.Paused; s++ {
		if s.String() == name {
			return s
		}
	}
	return 0
}

// TaskStatusNamed finds a task's status by the engine's name; 0 if there is none.
func TaskStatusNamed(name string) model.TaskStatus {
	for s := model.TaskInProgress; s <= model.TaskSkipped; s++ {
		if s.String() == name {
			return s
		}
	}
	return 0
}

// fields cuts a line into words; a quoted stretch keeps its blanks, and # begins a comment.
func fields(line string) []string {
	var words []string
	start, quoted := -1, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
			continue
		case c == '#':
			line = line[:i]
		case c == ' ' || c == '\t' || c == '\r':
			if start >= 0 {
				words = append(words, line[start:i])
			}
			start = -1
			continue
		}
		if start < 0 && i < len(line) {
			start = i
		}
	}
	if start >= 0 {
		words = append(words, line[start:])
	}
	return words
}
