package spec

import "strconv"

// String gives the event as a line of a history, for example
// "worker-1 call 3 UpdateTask workflow=w1 task=t1 result=COMPLETED" and "worker-1 return 3 => none".
func (e Event) String() string {
	b := word(nil, string(e.Actor))
	if e.Kind == Return {
		b = strconv.AppendInt(append(b, " return "...), int64(e.Op), 10)
		return string(e.Reply.append(append(b, " => "...)))
	}
	b = strconv.AppendInt(append(b, " call "...), int64(e.Op), 10)
	return string(e.Operation.append(append(b, ' ')))
}

// String gives the operation as histories spell it.
func (op Operation) String() string { return string(op.append(nil)) }

func (op Operation) append(b []byte) []byte {
	b = append(b, op.Name.String()...)
	if op.Workflow != "" {
		b = word(append(b, " workflow="...), string(op.Workflow))
	}
	if op.Task != "" {
		b = word(append(b, " task="...), string(op.Task))
	}
	if op.Result != 0 {
		b = append(append(b, " result="...), op.Result.String()...)
	}
	if op.Optional {
		b = append(b, " optional"...)
	}
	if op.Missing {
		b = append(b, " missing"...)
	}
	if op.Owner != "" {
		b = word(append(b, " owner="...), string(op.Owner))
	}
	return b
}

// String gives the reply as histories spell it; the zero value is "none".
func (r Reply) String() string { return string(r.append(nil)) }

func (r Reply) append(b []byte) []byte {
	start := len(b)
	if r.Unknown {
		b = append(b, "unknown "...)
	}
	if r.Err {
		b = append(b, "error "...)
	}
	if r.Status != 0 {
		b = append(append(b, r.Status.String()...), ' ')
	}
	if r.Present {
		b = append(b, "present "...)
	}
	if r.Done {
		b = append(b, "done "...)
	}
	if len(b) == start {
		return append(b, "none"...)
	}
	return b[:len(b)-1]
}

// word appends a word, quoted where it would not read back as one.
func word(b []byte, s string) []byte {
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '#' {
			return strconv.AppendQuoteToASCII(b, s)
		}
	}
	if s == "" {
		return append(b, `""`...)
	}
	return append(b, s...)
}
