package history

import (
	"errors"
	"io"
	"math"

	"fermata/model/spec"
)

// Version is what the first line of a file of JSON lines says.
const Version = "history 1"

// Reader gives a history's events in the order of real time. Of the file it holds a line, the
// operations that are open, and, of a file with timestamps, what lies within the uncertainty of the
// line read last.
type Reader struct {
	file  string
	lines *lines
	row   row
	names memory
	pairs pairs
	// form reads a line; it is found out on the first that is no header.
	form  func(r *Reader, line []byte) *wrong
	order order
	// ready are the events that are not given yet.
	ready    []Event
	given    int
	position int // of the next event
	err      error
}

// NewReader makes a reader; file is the file's name in errors.
func NewReader(r io.Reader, file string) *Reader {
	return &Reader{file: file, lines: newLines(r), names: memory{}, pairs: newPairs()}
}

// Next gives the next event. At the end the error is io.EOF; what is wrong in the file is an *Error.
// An event's operation is the same for its call and its return.
func (r *Reader) Next() (Event, error) {
	for r.given == len(r.ready) {
		if r.err != nil {
			return Event{}, r.err
		}
		r.ready, r.given = r.ready[:0], 0
		r.err = r.line()
	}
	e := r.ready[r.given]
	r.given++
	if e.Kind == spec.Return {
		e.Op.Returned = r.position
	}
	r.position++
	return e, nil
}

// line reads a line, and adds to ready what is certain then.
func (r *Reader) line() error {
	line, bad, err := r.lines.next()
	switch {
	case errors.Is(err, io.EOF):
		r.ready = r.order.release(r.ready, math.MaxInt64)
		if r.form == nil {
			return &Error{r.file, max(1, r.lines.number), "no operation",
				`at least one, such as "worker-1 call 1 GetWorkflow workflow=w1", or JSON lines`}
		}
		return io.EOF
	case err != nil:
		return err
	case bad == nil && r.form == nil:
		bad = r.begin(line)
	case bad == nil:
		bad = r.form(r, line)
	}
	if bad != nil {
		return &Error{r.file, r.lines.number, bad.got, bad.expected}
	}
	return nil
}

// begin finds out the form on the first line, and of JSON on the first behind the header.
func (r *Reader) begin(line []byte) *wrong {
	switch {
	case line[0] != '{' && !r.order.headed:
		if line[0] == '#' {
			return nil
		}
		r.form = (*Reader).plain
	case !r.order.headed:
		return r.header(line)
	default:
		if err := r.row.read(line); err != nil {
			return err
		}
		r.form = (*Reader).event
		if r.row.have.has(fBegin) {
			r.form = (*Reader).whole
		}
	}
	return r.form(r, line)
}

// header reads the first line of JSON.
func (r *Reader) header(line []byte) *wrong {
	if err := r.row.read(line); err != nil {
		return err
	}
	if !r.row.have.has(fFermata) {
		return refuse(`{"fermata":"`+Version+`"} first`, "no header")
	}
	if version := string(r.row.text(fFermata)); version != Version {
		return refuse(`"`+Version+`"`, "version %s", shown([]byte(version)))
	}
	if err := r.row.within("a header", headerFields, set(fFermata)); err != nil {
		return err
	}
	r.order.headed = true
	return r.order.bound(r.row.number(fUncertainty))
}

// plain reads a line of the text that spec.Parse reads.
func (r *Reader) plain(line []byte) *wrong {
	e, ok, err := spec.ParseLine(string(line))
	if err != nil {
		return &wrong{got: err.Error()}
	}
	if !ok {
		return nil
	}
	if e.Kind == spec.Call {
		return r.called(e.Op, e.Actor, e.Operation)
	}
	o, bad := r.pairs.close(e.Op, e.Actor)
	if bad != nil {
		return bad
	}
	r.returned(o, e.Reply)
	return nil
}

// event reads a call or a return of JSON.
func (r *Reader) event(line []byte) *wrong {
	if err := r.row.read(line); err != nil {
		return err
	}
	switch kind := string(r.row.text(fKind)); {
	case r.row.have.has(fBegin):
		return refuse("calls and returns, as on the lines before", "an operation with timestamps")
	case !r.row.have.has(fKind):
		return r.row.within("an event", callFields|returnFields, set(fKind))
	case kind == "call":
		if err := r.row.within("a call", callFields, set(fID, fActor, fOp, fWorkflow)); err != nil {
			return err
		}
		actor, op, err := r.operation()
		if err != nil {
			return err
		}
		return r.called(int(r.row.number(fID)), actor, op)
	case kind == "return":
		return r.eventReturn()
	default:
		return refuse("call or return", "field \"kind\" is %s", shown([]byte(kind)))
	}
}

func (r *Reader) eventReturn() *wrong {
	if err := r.row.within("a return", returnFields, set(fID)); err != nil {
		return err
	}
	actor, err := r.nameOf(fActor)
	if err != nil {
		return err
	}
	o, err := r.pairs.close(int(r.row.number(fID)), spec.Actor(actor))
	if err != nil {
		return err
	}
	reply, err := r.reply(o.Operation.Name)
	if err != nil {
		return err
	}
	r.returned(o, reply)
	return nil
}

func (r *Reader) called(number int, actor spec.Actor, op spec.Operation) *wrong {
	o := &Operation{
		Number: number, Actor: actor, Operation: op, Reply: spec.UnknownReply, Returned: spec.Never,
		CallLine: r.lines.number,
	}
	if err := r.pairs.call(o); err != nil {
		return err
	}
	r.ready = append(r.ready, Event{spec.Call, o})
	return nil
}

func (r *Reader) returned(o *Operation, reply spec.Reply) {
	o.Reply, o.ReturnLine = reply, r.lines.number
	r.ready = append(r.ready, Event{spec.Return, o})
}
