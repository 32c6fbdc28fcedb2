package history_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "fermata/model/history"
	"fermata/model/spec"
)

// FuzzHistoryJSONL: no file makes the reader panic; what it refuses it names with the line; what it takes
// for JSON is JSON; what it reads it also writes; and judging it comes to an end, in one of the verdicts.
func FuzzHistoryJSONL(f *testing.F) {
	for _, s := range []string{
		"", header, "# text\na call 1 Sweep workflow=w1\na return 1 => none\n",
		header + `{"kind":"call","id":1,"actor":"a","op":"Start","workflow":"w1"}` + "\n" + `{"kind":"return","id":1}`,
		header + `{"kind":"call","id":1,"actor":"\u00e4\n","op":"Acquire","workflow":"w1","owner":"o"}` + "\r\n",
		`{"fermata":"history 1","uncertainty":7}` + "\n" +
			`{"id":1,"actor":"a","op":"Inspect","workflow":"w1","begin":-5,"end":9,"status":"NONE"}` + "\n" +
			`{"id":2,"actor":"b","op":"Poll","workflow":"w1","task":"t","begin":3,"uncertainty":2}`,
		header + `{"kind":"ca{"kind":"call"}`, `{"fermata":"history 2"}`,
		header + "{\"id\":\"\xff\"}", header + `{"id":1e9}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := all(data)
		if err != nil {
			var at *Error
			require.ErrorAs(t, err, &at)
			require.LessOrEqual(t, 1, at.Line)
			require.LessOrEqual(t, at.Line, 1+bytes.Count(data, []byte("\n")))
			require.Contains(t, err.Error(), "expected ")
		} else {
			requireJSON(t, data)
			requireWritten(t, events)
		}
		result, checkErr := Check(bytes.NewReader(data), "h.jsonl", Options{}, judges()...)
		require.Equal(t, err, checkErr)
		if err == nil {
			require.Contains(t, []spec.Verdict{spec.Ok, spec.Violation, spec.Unknown}, result.Verdict)
		}
	})
}

func all(data []byte) ([]Event, error) {
	r := NewReader(bytes.NewReader(data), "h.jsonl")
	var events []Event
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
}

// requireJSON holds our scanner against encoding/json, line by line.
func requireJSON(t *testing.T, data []byte) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	lines := strings.Split(text, "\n")
	for _, l := range lines {
		if l = strings.TrimSpace(l); l == "" || l[0] == '#' {
			continue
		} else if l[0] != '{' {
			return // text
		}
		require.True(t, json.Valid([]byte(l)), "%q", l)
	}
}

// requireWritten writes the events down, as calls and returns, and reads them again.
func requireWritten(t *testing.T, events []Event) {
	b := AppendHeader(nil, 0)
	open := map[spec.Actor]bool{}
	for _, e := range events {
		o := e.Op
		if e.Kind == spec.Return {
			delete(open, o.Actor)
			b = AppendReturn(b, o.Number, o.Operation.Name, o.Reply)
			continue
		}
		if open[o.Actor] || o.Operation.Workflow == "" || o.Actor == "" {
			return // by uncertain clocks, or of a text, which is less strict
		}
		open[o.Actor] = true
		b = AppendCall(b, o.Number, o.Actor, o.Operation)
	}
	again, err := all(b)
	if err != nil { // of a text again, without what its operation needs
		require.Contains(t, err.Error(), "without field")
		return
	}
	require.Len(t, again, len(events))
	for i, e := range again {
		if e.Op.Reply.Unknown {
			e.Op.Reply = spec.UnknownReply
		}
		want := events[i].Spec()
		if want.Reply.Unknown {
			want.Reply = spec.UnknownReply
		}
		require.Equal(t, want, e.Spec())
	}
}
