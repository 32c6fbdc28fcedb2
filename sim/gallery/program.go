package gallery

import (
	"cmp"
	"slices"

	"fermata/sim"
)

// Program is a program with a bug, and its correct twin.
type Program struct {
	// Name is what the published tables call it; Source is the benchmark and File the file there.
	Name, Source, File string
	// Story is the bug in a line.
	Story string
	// Bug is the oracle that reports it.
	Bug string
	// Always tells that the bug shows under every schedule.
	Always bool
	// Buggy and Correct make a new system each time. A twin that the benchmark does not have is ours.
	Buggy, Correct func() *sim.System
	// Published are the figures of table D.2; none where the table leaves the program out.
	Published []Figure
}

// Actors is the number of threads.
func (p *Program) Actors() int { return len(p.Buggy().Actors) }

// The benchmarks.
const (
	sct       = "SCTBench"
	directory = "concurrent-software-benchmarks/"
)

// Programs are all programs: first those of the published table, in its order, then the rest of SCTBench's smallest.
func Programs() []Program {
	var all []Program
	for _, part := range [][]Program{
		racePrograms(), stealPrograms(), inspectPrograms(), otherPrograms(), lockPrograms(), bufferPrograms(),
	} {
		all = append(all, part...)
	}
	for i := range all {
		all[i].Published = published(all[i].Name)
	}
	slices.SortStableFunc(all, func(a, b Program) int { return cmp.Compare(rank(a.Name), rank(b.Name)) })
	return all
}

// Named finds a program; nil if there is none.
func Named(name string) *Program {
	all := Programs()
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return nil
}
