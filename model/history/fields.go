package history

import (
	"strings"
)

// field is a field of a line, by its place in names.
type field uint8

const (
	fFermata field = iota
	fKind
	fID
	fActor
	fOp
	fWorkflow
	fTask
	fResult
	fOptional
	fMissing
	fOwner
	fBegin
	fEnd
	fUncertainty
	fStatus
	fPresent
	fDone
	fError
	fUnknown
	fieldEnd
)

var names = [fieldEnd]string{
	"fermata", "kind", "id", "actor", "op", "workflow", "task", "result", "optional", "missing", "owner",
	"begin", "end", "uncertainty", "status", "present", "done", "error", "unknown",
}

// kinds are what the fields hold; see value.
var kinds = [fieldEnd]byte{
	's', 's', 'n', 's', 's', 's', 's', 's', 'b', 'b', 's', 'n', 'n', 'n', 's', 'b', 'b', 'b', 'b',
}

var kindNames = map[byte]string{'s': "a string", 'n': "a whole number", 'b': "true or false"}

var fieldNamed = func() map[string]field {
	m := make(map[string]field, len(names))
	for f, name := range names {
		m[name] = field(f)
	}
	return m
}()

// fields is a set of them.
type fields uint32

func set(list ...field) fields {
	var s fields
	for _, f := range list {
		s |= 1 << f
	}
	return s
}

func (s fields) has(f field) bool { return s&(1<<f) != 0 }

func (s fields) String() string {
	var list []string
	for f, name := range names {
		if s.has(field(f)) {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}

// What a line of each form may have.
var (
	inputFields  = set(fID, fActor, fOp, fWorkflow, fTask, fResult, fOptional, fMissing, fOwner)
	replyFields  = set(fStatus, fPresent, fDone, fError, fUnknown)
	headerFields = set(fFermata, fUncertainty)
	callFields   = inputFields | set(fKind)
	returnFields = replyFields | set(fKind, fID, fActor)
	wholeFields  = inputFields | replyFields | set(fBegin, fEnd, fUncertainty)
)

// row is a line's fields.
type row struct {
	have    fields
	values  [fieldEnd]value
	unknown []byte // the first field that has no name here
}

// read reads a line. Which fields it may have is not judged here.
func (r *row) read(line []byte) *wrong {
	r.have, r.unknown = 0, nil
	s := scanner{b: line}
	return s.object(r.take)
}

func (r *row) take(name []byte, v value) *wrong {
	f, known := fieldNamed[string(name)]
	switch {
	case !known:
		if r.unknown == nil {
			r.unknown = name
		}
		return nil
	case r.have.has(f):
		return refuse("each once", "field %q twice", name)
	case kinds[f] != v.kind:
		return refuse(kindNames[kinds[f]], "field %q is of another kind", name)
	}
	r.have |= 1 << f
	r.values[f] = v
	return nil
}

// within refuses a field that a line of that form does not have, and the lack of one that it needs.
func (r *row) within(form string, allowed, needed fields) *wrong {
	if r.unknown != nil {
		return refuse("none but "+allowed.String(), "unknown field %s of %s", shown(r.unknown), form)
	}
	if more := r.have &^ allowed; more != 0 {
		return refuse("none but "+allowed.String(), "field %s of %s", first(more), form)
	}
	if less := needed &^ r.have; less != 0 {
		return refuse(needed.String(), "%s without field %s", form, first(less))
	}
	return nil
}

// first names the first field of the set, in quotes.
func first(s fields) string {
	name, _, _ := strings.Cut(s.String(), ",")
	return `"` + name + `"`
}

func (r *row) text(f field) []byte { return r.values[f].text }
func (r *row) number(f field) int64 {
	if !r.have.has(f) {
		return 0
	}
	return r.values[f].n
}
func (r *row) flag(f field) bool { return r.have.has(f) && r.values[f].flag }
