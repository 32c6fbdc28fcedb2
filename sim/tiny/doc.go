// Package tiny is a World of single bytes, for programs so small that the number of their schedules,
// trace classes and states is known: the machine and the searches are measured and tested on them.
package tiny
