package report

import (
	"cmp"
	"path"
	"path/filepath"
	"strings"

	"fermata/scenarios"
	"fermata/sim"
)

// spot is a line of a file that a document points at.
type spot struct {
	// file is from the source root on, with slashes.
	file string
	line int
	// function is whose line it is; empty if that is not known.
	function string
	// source tells that the file is a source file below the root. Else it is the schedule or the history, which
	// stand in for a line that is elsewhere, or in another process.
	source bool
}

// schedEnding ends the names of schedules.
const schedEnding = ".sched"

// spot gives the line that made a step of a finding, by its number; 0 is the violating step. A step that no engine
// made (the clock's, a fault) is then no answer, and the last before it that one made is taken.
func (d *Document) spot(r *result, number int) spot {
	f := r.finding
	var sites []scenarios.Site
	if number > 0 {
		sites = f.Trace.Steps[number-1].Sites
	} else {
		number = f.Trace.At
		for n := min(number, len(f.Trace.Steps)); n > 0 && len(sites) == 0; n-- {
			sites = f.Trace.Steps[n-1].Sites
		}
	}
	file, site := d.own(sites)
	if file != "" {
		return spot{file, site.Line, site.Function, true}
	}
	return spot{file: d.scheduleFile(r), line: lineOf(f.Schedule, number), function: site.Function}
}

// own chooses, of the lines that made a step, the one that a reader should see, and gives its file if that is below
// the source root: the nearest that is a fork's own, else the nearest of an engine of this module.
func (d *Document) own(sites []scenarios.Site) (file string, site scenarios.Site) {
	var foreign, ours *scenarios.Site
	for i := range sites {
		s := &sites[i]
		switch {
		case s.Ours():
			if ours == nil || passesOn(ours) {
				ours = s
			}
		case d.source(s.File) != "":
			return d.source(s.File), *s
		case !standard(s):
			foreign = cmp.Or(foreign, s)
		}
	}
	if s := cmp.Or(foreign, ours); s != nil {
		return d.source(s.File), *s
	}
	return "", scenarios.Site{}
}

// passesOn tells a line of this module's engines that only hands a call on to a port: who made the step called it.
func passesOn(s *scenarios.Site) bool { return path.Base(filepath.ToSlash(s.File)) == "facade.go" }

func (d *Document) source(file string) string {
	if d.Source == nil {
		return ""
	}
	return d.Source(file)
}

// standard tells a line of Go's own library, through which an engine may have called back.
func standard(s *scenarios.Site) bool {
	dir, last := path.Split(s.Function)
	name, _, _ := strings.Cut(last, ".")
	pkg := dir + name
	first, _, _ := strings.Cut(pkg, "/")
	file := filepath.ToSlash(s.File)
	return !strings.Contains(first, ".") &&
		(strings.Contains(file, "/src/"+pkg+"/") || strings.HasPrefix(file, pkg+"/"))
}

// scheduleFile is the schedule's file from the source root on. One that is elsewhere, or that was not written, is
// named alone: a place that is not relative is no place in a repository.
func (d *Document) scheduleFile(r *result) string {
	if r.schedule == "" {
		return r.report.Case.Name() + schedEnding
	}
	return d.fileOf(r.schedule)
}

// fileOf is a file that a user named, from the source root on; one that is elsewhere by its name alone.
func (d *Document) fileOf(name string) string {
	if d.File != nil {
		if below := d.File(name); below != "" {
			return below
		}
	}
	return path.Base(filepath.ToSlash(name))
}

// lineOf is the line of a schedule's file that has the step of that number, or the last one that it has.
func lineOf(s *sim.Schedule, number int) int {
	if s == nil {
		return 1
	}
	line := 1 + len(s.Headers)
	for i := range s.Lines[:min(number, len(s.Lines))] {
		line += len(s.Lines[i].Comment) + 1
	}
	return line
}
