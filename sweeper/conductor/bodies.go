package conductor

import (
	"reflect"
	"runtime"
	"strings"
)

// Body is one distinct body of a method, with the releases that have it, oldest first.
type Body struct {
	Method   string
	Name     string // of the Go function, with the first release that has it
	Releases []string
}

// Bodies lists the bodies of each method of the releases, in the order of Methods. A release without the method has
// no body of it.
func Bodies() []Body {
	var bodies []Body
	shape := reflect.TypeFor[Methods]()
	for i := range shape.NumField() {
		first := len(bodies)
		for _, r := range releases() {
			f := reflect.ValueOf(r.methods).Field(i)
			if f.IsNil() {
				continue
			}
			name := runtime.FuncForPC(f.Pointer()).Name()
			name = name[strings.LastIndex(name, ".")+1:]
			at := first
			for at < len(bodies) && bodies[at].Name != name {
				at++
			}
			if at == len(bodies) {
				bodies = append(bodies, Body{Method: shape.Field(i).Name, Name: name})
			}
			bodies[at].Releases = append(bodies[at].Releases, r.name)
		}
	}
	return bodies
}
