package catalogue

import (
	"reflect"
	"runtime"
	"strings"
)

// module is this module's path.
var module = strings.TrimSuffix(reflect.TypeFor[Case]().PkgPath(), "/scenarios/catalogue")

// harness are the packages of this module that stand between an engine and the machine, or above its operations.
var harness = []string{module + "/sim.", module + "/sim/", module + "/scenarios"}

// sitesOf gives the engine's own lines among the program counters of a step.
func sitesOf(pcs []uintptr) []Site {
	if len(pcs) == 0 {
		return nil
	}
	var sites []Site
	frames := runtime.CallersFrames(pcs)
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if f.Function == "" || ofHarness(f.Function) {
			continue
		}
		sites = append(sites, Site{f.Function, f.File, f.Line})
	}
	return sites
}

func ofHarness(function string) bool {
	for _, prefix := range harness {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "iter.")
}
