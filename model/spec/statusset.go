package spec

import (
	"strings"

	"fermata/model"
)

// StatusSet is a set of a workflow's statuses. The zero value is empty.
type StatusSet uint8

// Statuses makes a set.
func Statuses(statuses ...model.WorkflowStatus) StatusSet {
	var set StatusSet
	for _, s := range statuses {
		set |= 1 << s
	}
	return set
}

// Has tells whether the status is in the set.
func (set StatusSet) Has(s model.WorkflowStatus) bool { return set&(1<<s) != 0 }

// String gives the names by number, for example "COMPLETED|FAILED".
func (set StatusSet) String() string {
	var names []string
	for s := model.Running; s <= model.Paused; s++ {
		if set.Has(s) {
			names = append(names, s.String())
		}
	}
	return strings.Join(names, "|")
}
