package history_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	. "fermata/model/history"
	"fermata/model/spec"
)

// read gives a history's events as lines, each with its line in the file.
func read(r io.Reader) ([]string, error) {
	reader := NewReader(r, "h.jsonl")
	var list []string
	for {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, fmt.Sprintf("%d %s", e.Line(), e.Spec()))
	}
}

const header = `{"fermata":"history 1"}` + "\n"

func TestReadsCallsAndReturns(t *testing.T) {
	got, err := read(strings.NewReader("\ufeff" + header + `
		{"kind":"call","id":7,"actor":"a","op":"UpdateTask","workflow":"w","task":"t","result":"FAILED","optional":true}
		{"kind":"call","id":-2,"actor":"audit","op":"Inspect","workflow":"w\u0031"}
		{"kind":"return","id":7,"actor":"a"}
		{"status":"RUNNING","present":true,"id":-2,"kind":"return"}
		{"kind":"call","id":9,"actor":"sweeper 1","op":"RepairPush","workflow":"w1","task":"t1","missing":true}
		{"kind":"call","id":10,"actor":"clock","op":"Expire","workflow":"w1","owner":"a"}
		{"kind":"return","id":10,"unknown":true}
		{"kind":"call","id":11,"actor":"api","op":"GetWorkflow","workflow":"w1"}
		{"kind":"return","id":11,"status":"NONE"}`))
	require.NoError(t, err)
	require.Equal(t, []string{
		"3 a call 7 UpdateTask workflow=w task=t result=FAILED optional",
		"4 audit call -2 Inspect workflow=w1",
		"5 a return 7 => none",
		"6 audit return -2 => RUNNING present",
		`7 "sweeper 1" call 9 RepairPush workflow=w1 task=t1 missing`,
		"8 clock call 10 Expire workflow=w1 owner=a",
		"9 clock return 10 => unknown",
		"10 api call 11 GetWorkflow workflow=w1",
		"11 api return 11 => none",
	}, got)
}

func TestReadsText(t *testing.T) {
	got, err := read(strings.NewReader("# said\n\na call 1 Sweep workflow=w1 # so\n  a return 1 => error\r\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"3 a call 1 Sweep workflow=w1", "4 a return 1 => error"}, got)
}

// TestTimestamps: operations are ordered only if the one's last moment is before the other's first.
func TestTimestamps(t *testing.T) {
	line := func(id int, times string) string {
		return fmt.Sprintf(`{"id":%d,"actor":"a%d","op":"Sweep","workflow":"w1",%s}`+"\n", id, id, times)
	}
	for _, c := range []struct {
		name, header, first, second string
		ordered                     bool
	}{
		{"apart", "0", `"begin":10,"end":20`, `"begin":21,"end":22`, true},
		{"touching", "0", `"begin":10,"end":20`, `"begin":20,"end":22`, false},
		{"two moments", "0", `"begin":10,"end":10`, `"begin":10,"end":10`, false},
		{"touching by uncertainty", "5", `"begin":10,"end":20`, `"begin":30,"end":30`, false},
		{"apart by uncertainty", "5", `"begin":10,"end":20`, `"begin":31,"end":31`, true},
		{"better clocks", "5", `"begin":10,"end":20,"uncertainty":0`, `"begin":24,"end":24,"uncertainty":3`, true},
		{"one worse clock", "5", `"begin":10,"end":20,"uncertainty":0`, `"begin":25,"end":25`, false},
		{"open", "5", `"begin":10`, `"begin":1000,"end":1001`, false},
		{"a long one", "0", `"begin":-10,"end":1000`, `"begin":-9,"end":3`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := read(strings.NewReader(`{"fermata":"history 1","uncertainty":` + c.header + "}\n" +
				line(1, c.first) + line(2, c.second)))
			require.NoError(t, err)
			require.Equal(t, "2 a1 call 1 Sweep workflow=w1", events[0])
			require.Equal(t, c.ordered, events[1] == "2 a1 return 1 => none", "%q", events)
			require.Equal(t, c.name == "open", len(events) == 3)
		})
	}
}

// TestCallsOfLaterLinesComeFirst: the second begins later, and may have been called earlier.
func TestCallsOfLaterLinesComeFirst(t *testing.T) {
	events, err := read(strings.NewReader(`{"fermata":"history 1","uncertainty":50}
		{"id":1,"actor":"a","op":"Sweep","workflow":"w1","begin":100,"end":110,"uncertainty":1}
		{"id":2,"actor":"b","op":"Sweep","workflow":"w1","begin":140,"end":150,"uncertainty":50}
		{"id":3,"actor":"c","op":"Sweep","workflow":"w1","begin":140,"end":141,"uncertainty":40}`))
	require.NoError(t, err)
	require.Equal(t, []string{
		"3 b call 2 Sweep workflow=w1", "2 a call 1 Sweep workflow=w1", "4 c call 3 Sweep workflow=w1",
		"2 a return 1 => none", "4 c return 3 => none", "3 b return 2 => none",
	}, events)
}

// TestRefused: testdata/refused.txt has what is no history.
func TestRefused(t *testing.T) {
	datadriven.RunTest(t, "testdata/refused.txt", func(t *testing.T, d *datadriven.TestData) string {
		text := d.Input
		if len(d.CmdArgs) == 0 {
			text = header + text
		}
		_, err := read(strings.NewReader(text))
		var at *Error
		require.ErrorAs(t, err, &at)
		require.ErrorIs(t, err, spec.ErrHistory)
		require.Contains(t, err.Error(), "expected ")
		return err.Error()
	})
}

// TestRefusedBytes are those that a text file cannot hold.
func TestRefusedBytes(t *testing.T) {
	long := header + `{"kind":"call","id":1,"op":"Sweep","workflow":"w","actor":"` + strings.Repeat("a", 2000)
	for text, want := range map[string]string{
		"":                             "h.jsonl:1: no operation: expected at least one",
		"\n \n":                        "h.jsonl:2: no operation: expected at least one",
		header + "{\"kind\":\"\xff\"}": `h.jsonl:2: invalid UTF-8 behind "{\"kind\":\"": expected UTF-8`,
		header + "{\"kind\":\"\x01\"}": `h.jsonl:2: a control character 0x01 in a string: expected it`,
		header + "{\x00}":              `h.jsonl:2: a zero byte: expected JSON`,
		long + `"}`:                    `aaa"...: expected at most 1024 bytes`,
	} {
		_, err := read(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

// endless is a line without an end; it counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	e.read += len(b)
	return len(b), nil
}

// TestGigabyteLines: a line is read up to its limit, whatever it holds.
func TestGigabyteLines(t *testing.T) {
	for _, begin := range []string{"", header, header + `{"kind":"`, "a call 1 Sweep "} {
		rest := &endless{}
		_, err := read(io.MultiReader(strings.NewReader(begin), rest))
		require.EqualError(t, err, fmt.Sprintf("h.jsonl:%d: the line is longer: expected at most %d bytes",
			1+strings.Count(begin, "\n"), LineMax))
		require.LessOrEqual(t, rest.read, 2*LineMax)
	}
	long := header + strings.Repeat(" ", LineMax-2) + "{}\n"
	_, err := read(strings.NewReader(long))
	require.EqualError(t, err, `h.jsonl:2: an event without field "kind": expected kind`)
}

// TestUnreadable: a file that cannot be read is no malformed one.
func TestUnreadable(t *testing.T) {
	why := errors.New("the disk is gone")
	_, err := read(io.MultiReader(strings.NewReader(header+`{"kind`), iotest.ErrReader(why)))
	require.ErrorIs(t, err, why)
	var at *Error
	require.False(t, errors.As(err, &at))
}
