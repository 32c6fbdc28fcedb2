package report_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios"
)

// ours is this module's path.
func ours() string {
	pkg := reflect.TypeFor[scenarios.Case]().PkgPath()
	return pkg[:len(pkg)-len("/scenarios")]
}

// TestWhichLine: the nearest line of a fork's own below the root; else of its own, by its schedule; else ours.
func TestWhichLine(t *testing.T) {
	site := func(function, file string) scenarios.Site {
		return scenarios.Site{Function: function, File: file, Line: 9}
	}
	facade := site(ours()+"/sweeper/conductor.(*Server).UpdateWorkflow", fork+"vendored/facade.go")
	engine := site(ours()+"/sweeper/conductor.decide", fork+"vendored/decide.go")
	library := site("slices.IndexFunc[...]", "/usr/lib/go/src/slices/slices.go")
	trimmed := site("slices.IndexFunc[...]", "slices/slices.go")
	elsewhere := site("example.org/other/engine.(*Sweeper).sweep", "/other/engine/sweep.go")
	own := site("example.org/fork/engine.(*Sweeper).sweep", fork+"engine/sweep.go")
	const schedule = "found/stale-lookup.conductor-3.17.0.sched"
	for _, c := range []struct {
		name           string
		sites          []scenarios.Site
		file, function string
	}{
		{"a fork's own", []scenarios.Site{facade, engine, own}, "engine/sweep.go", own.Function},
		{"a fork's own behind another's", []scenarios.Site{elsewhere, own}, "engine/sweep.go", own.Function},
		{"outside the root", []scenarios.Site{engine, elsewhere}, schedule, elsewhere.Function},
		{"ours", []scenarios.Site{facade, engine}, "vendored/decide.go", engine.Function},
		{"ours through the library", []scenarios.Site{engine, library, trimmed}, "vendored/decide.go", engine.Function},
		{"a port call alone", []scenarios.Site{facade}, "vendored/facade.go", facade.Function},
		{"another process", nil, schedule, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sited()
			r.Findings = r.Findings[:1]
			for i := range r.Findings[0].Trace.Steps {
				r.Findings[0].Trace.Steps[i].Sites = c.sites
			}
			log := written(t, report.FormatSARIF, documentOf("find"), []*scenarios.Report{r})
			file, function := firstLocation(t, log)
			require.Equal(t, c.file, file)
			require.Equal(t, c.function, function)
		})
	}
}

func firstLocation(t *testing.T, log string) (file, function string) {
	var l struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
					LogicalLocations []struct{ FullyQualifiedName string }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(log), &l))
	at := l.Runs[0].Results[0].Locations[0]
	if len(at.LogicalLocations) > 0 {
		function = at.LogicalLocations[0].FullyQualifiedName
	}
	return at.PhysicalLocation.ArtifactLocation.URI, function
}
