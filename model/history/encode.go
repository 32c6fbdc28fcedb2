package history

import (
	"encoding/json"
	"strconv"

	"fermata/model/spec"
)

// AppendHeader appends the first line of a file of JSON lines. The uncertainty is the largest of the
// file's clocks, in nanoseconds; it counts for operations with timestamps only.
func AppendHeader(b []byte, uncertainty int64) []byte {
	b = append(b, `{"fermata":"`+Version+`"`...)
	if uncertainty != 0 {
		b = strconv.AppendInt(append(b, `,"uncertainty":`...), uncertainty, 10)
	}
	return append(b, "}\n"...)
}

// AppendCall appends an operation's call as a line.
func AppendCall(b []byte, id int, actor spec.Actor, op spec.Operation) []byte {
	b = strconv.AppendInt(append(b, `{"kind":"call","id":`...), int64(id), 10)
	return append(appendOperation(b, actor, op), "}\n"...)
}

// AppendReturn appends the return of an operation of that name as a line.
func AppendReturn(b []byte, id int, name spec.OperationName, r spec.Reply) []byte {
	b = strconv.AppendInt(append(b, `{"kind":"return","id":`...), int64(id), 10)
	return append(appendReply(b, name, r), "}\n"...)
}

// Timed is an operation with timestamps in nanoseconds.
type Timed struct {
	ID         int
	Actor      spec.Actor
	Operation  spec.Operation
	Reply      spec.Reply // unless it is open
	Begin, End int64      // End counts unless it is open
	Open       bool       // it has not returned
}

// AppendTimed appends an operation with timestamps as a line; they are within the header's uncertainty.
func AppendTimed(b []byte, t Timed) []byte {
	b = strconv.AppendInt(append(b, `{"id":`...), int64(t.ID), 10)
	b = appendOperation(b, t.Actor, t.Operation)
	b = strconv.AppendInt(append(b, `,"begin":`...), t.Begin, 10)
	if !t.Open {
		b = strconv.AppendInt(append(b, `,"end":`...), t.End, 10)
		b = appendReply(b, t.Operation.Name, t.Reply)
	}
	return append(b, "}\n"...)
}

func appendOperation(b []byte, actor spec.Actor, op spec.Operation) []byte {
	b = appendText(b, fActor, string(actor))
	b = appendText(b, fOp, op.Name.String())
	b = appendText(b, fWorkflow, string(op.Workflow))
	if op.Task != "" {
		b = appendText(b, fTask, string(op.Task))
	}
	if op.Result != 0 {
		b = appendText(b, fResult, op.Result.String())
	}
	b = appendFlag(b, fOptional, op.Optional)
	b = appendFlag(b, fMissing, op.Missing)
	if op.Owner != "" {
		b = appendText(b, fOwner, string(op.Owner))
	}
	return b
}

func appendReply(b []byte, name spec.OperationName, r spec.Reply) []byte {
	if r.Unknown {
		return appendFlag(b, fUnknown, true)
	}
	if r.Status != 0 || saysStatus(name) && !r.Err {
		b = appendText(b, fStatus, r.Status.String())
	}
	b = appendFlag(b, fPresent, r.Present)
	b = appendFlag(b, fDone, r.Done)
	return appendFlag(b, fError, r.Err)
}

func appendText(b []byte, f field, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic("history: a string cannot be written as JSON: " + err.Error())
	}
	b = append(append(b, `,"`...), names[f]...)
	return append(append(b, `":`...), quoted...)
}

func appendFlag(b []byte, f field, flag bool) []byte {
	if !flag {
		return b
	}
	b = append(append(b, `,"`...), names[f]...)
	return append(b, `":true`...)
}
