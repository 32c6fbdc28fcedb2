package tidy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Allowed is who may import which of our packages. A package that is not here may not exist.
var Allowed = map[string][]string{
	"model":             {},
	"model/history":     {"model", "model/spec"},
	"model/spec":        {"model"},
	"sweeper":           {"model"},
	"sweeper/conductor": {"model", "sweeper"},
	"sweeper/proposed":  {"model", "sweeper", "sweeper/conductor"},
	"sweeper/remedy":    {"model", "sweeper"},
	"sim":               {},
	"sim/tiny":          {"sim"},
	"sim/bubble":        {"sim"},
	"sim/explore":       {"sim"},
	"sim/gallery":       {"sim"},
	"sim/world":         {"model", "sweeper", "sim"},
	"sim/timed":         {"sim"},
	"sim/gate":          {"model", "sweeper", "sim", "sim/world"},
	"sim/redis":         {"model", "sweeper", "sim", "sim/world", "sim/redis/server"},
	"sim/redis/server":  {},
	"scenarios/catalogue": {
		"model",
		"model/spec",
		"model/history",
		"sweeper",
		"sweeper/conductor",
		"sweeper/proposed",
		"sweeper/remedy",
		"sim",
		"sim/world",
		"sim/explore",
	},
	"scenarios/load": {
		"model", "sweeper", "sweeper/conductor", "sweeper/proposed", "sweeper/remedy", "sim", "sim/timed", "sim/world",
		"scenarios/catalogue",
	},
	"scenarios": {
		"sweeper", "sim", "sim/bubble", "sim/explore", "scenarios/catalogue", "internal/files", "internal/report",
	},
	"testdata":                 {},
	"testdata/peers":           {},
	"internal/files":           {},
	"internal/gotool":          {},
	"internal/browsertest":     {},
	"internal/report":          {"model", "sweeper", "sim", "sim/explore", "scenarios/catalogue"},
	"internal/redistest":       {},
	"internal/conformance":     {"model", "sweeper", "sweeper/conductor", "sim", "sim/world", "sim/gate", "testdata"},
	"internal/drawn":           {"model", "sweeper", "sim", "sim/world"},
	"internal/postgres":        {"model", "sweeper", "sim", "sim/world"},
	"internal/mutation":        {"internal/mutation/chosen"},
	"internal/mutation/chosen": {},
	"internal/mutation/try": {
		"model", "sweeper", "sim/world", "scenarios/catalogue", "internal/conformance", "internal/mutation",
		"internal/mutation/chosen",
	},

	"internal/loadreport":       {"scenarios/load", "internal/report"},
	"internal/loadreport/made":  {"scenarios/load"},
	"internal/loadreport/plots": {"scenarios/load", "internal/loadreport"},

	"internal/postgrestest": {},
	"internal/schematest":   {"testdata"},
	"internal/tidy":         {},
	"internal/tmuxtest":     {},
	"internal/tidy/rename":  {},
	"internal/tidy/mustrun": {},
	"cmd/fermata":           {"cmd/fermata/cli"},
	"cmd/fermata/cli": {
		"model", "model/spec", "sweeper", "sim", "sim/explore", "sim/gate", "sim/world", "sim/redis",
		"sim/redis/server", "scenarios/catalogue", "scenarios/load", "internal/files", "internal/report",
		"internal/loadreport", "internal/loadreport/plots", "testdata",
	},
	"docs":     {},
	"examples": {},
	// The example is a module of its own, and imports what any fork may.
	"examples/fork":                  {"model", "sweeper", "sweeper/conductor", "sweeper/proposed"},
	"examples/fork/cmd/fork-fermata": {"cmd/fermata/cli"},
}

// AllowedInTests are edges that only tests may add.
var AllowedInTests = map[string][]string{
	"sim":                 {"sim/tiny"},
	"scenarios/load":      {"testdata"},
	"sim/explore":         {"sim/tiny"},
	"sim/gallery":         {"sim/explore"},
	"sim/bubble":          {"sim/tiny", "sim/explore", "sim/world", "model", "sweeper"},
	"scenarios/catalogue": {"testdata"},
	// What memory and a Redis must do alike are the catalogue's schedules.
	"sim/redis":         {"scenarios/catalogue", "testdata", "internal/redistest", "internal/drawn"},
	"sim/redis/server":  {"internal/redistest"},
	"internal/postgres": {"internal/postgrestest", "internal/drawn"},
	"sim/gate":          {"scenarios/catalogue", "sweeper/conductor", "testdata"},
	"scenarios":         {"model", "sweeper/conductor", "sweeper/proposed"},
	"examples/fork":     {"scenarios"},
	"examples":          {"internal/gotool"},
	"docs":              {"internal/gotool"},
	"internal/mutation": {"internal/gotool", "scenarios/catalogue"},
	"cmd/fermata":       {"testdata"},
	"cmd/fermata/cli":   {"sweeper/conductor", "internal/schematest", "internal/tmuxtest"},
	"internal/report":   {"testdata", "sweeper/proposed", "internal/schematest", "internal/browsertest"},

	"internal/loadreport":       {"internal/loadreport/made", "internal/schematest"},
	"internal/loadreport/plots": {"internal/loadreport/made"},

	// A comparison under every schedule is the catalogue's.
	"internal/conformance": {"scenarios/catalogue"},
	// The scripts of the engine's text run on the proposed text too.
	"sweeper/conductor": {"sweeper/proposed"},
	"sweeper/proposed":  {"testdata"},
}

// Foreign is which of our packages may import a module of others; in tests the second list.
var Foreign = map[string][2][]string{
	"github.com/anishathalye/porcupine": {{"model/spec"}, nil},
	"github.com/spf13/cobra":            {{"cmd/fermata/cli"}, nil},
	"github.com/spf13/pflag":            {{"cmd/fermata/cli"}, nil},
	"github.com/gdamore/tcell/v2":       {{"cmd/fermata/cli"}, nil},
	"github.com/schollz/progressbar/v3": {{"cmd/fermata/cli"}, nil},
	"example.org/fork":                  {{"examples/fork/cmd/fork-fermata"}, {"examples/fork"}},
	"github.com/stretchr/testify":       {{"internal/gotool"}, anywhere},
	"github.com/chromedp":               {{"internal/browsertest"}, anywhere},
	"pgregory.net/rapid":                {{"internal/drawn"}, anywhere},
	"github.com/jackc/pgx/v5":           {{"internal/postgres"}, anywhere},
	"github.com/cockroachdb/datadriven": {nil, anywhere},
	"github.com/rogpeppe/go-internal":   {nil, anywhere},
	// What the reports are held against, and the example of a workflow read.
	"github.com/santhosh-tekuri/jsonschema/v6": {{"internal/schematest"}, nil},
	"go.yaml.in/yaml/v3":                       {nil, []string{"cmd/fermata/cli"}},
	"golang.org/x/term":                        {{"cmd/fermata/cli"}, nil},
	"mvdan.cc/sh/v3":                           {{"sim/gate"}, nil},
	"github.com/redis/go-redis/v9":             {{"sim/redis/server"}, {"sim/redis"}},
	"github.com/alicebob/miniredis/v2":         {{"sim/redis/server"}, nil},
	"golang.org/x/sync":                        {nil, anywhere},

	"github.com/HdrHistogram/hdrhistogram-go": {
		{"scenarios/load", "internal/loadreport", "internal/loadreport/made"}, nil,
	},
	"gonum.org/v1/gonum": {{"scenarios/load"}, nil},
	"gonum.org/v1/plot":  {{"internal/loadreport/plots"}, nil},
}

var anywhere = []string{"*"}

// Imports finds every import that the tables do not allow.
func (t *Tree) Imports() []Finding {
	var found []Finding
	for _, f := range t.Files {
		if f.Syntax == nil {
			continue
		}
		if _, known := Allowed[f.Dir()]; !known {
			found = append(found, Finding{f.Path, 1, "package " + f.Dir() + " is not in the import table"})
		}
		for _, spec := range f.Syntax.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			if why := t.refuse(f, path); why != "" {
				found = append(found, Finding{f.Path, t.line(spec), why})
			}
		}
	}
	return found
}

// refuse tells why the file may not import the path; empty if it may.
func (t *Tree) refuse(f *File, path string) string {
	if ours, ok := strings.CutPrefix(path, t.Module+"/"); ok {
		allowed := ours == f.Dir() || slices.Contains(Allowed[f.Dir()], ours) ||
			f.Test() && slices.Contains(AllowedInTests[f.Dir()], ours)
		if !allowed {
			return fmt.Sprintf("%s may not import %s: see the table in internal/tidy", f.Dir(), ours)
		}
		return ""
	}
	if !strings.Contains(strings.Split(path, "/")[0], ".") {
		return "" // the standard library
	}
	for module, who := range Foreign { //tidy:unordered at most one matches
		if path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		if slices.Contains(who[0], f.Dir()) ||
			f.Test() && (slices.Contains(who[1], "*") || slices.Contains(who[1], f.Dir())) {
			return ""
		}
		return fmt.Sprintf("%s may not import %s", f.Path, module)
	}
	return fmt.Sprintf("%s is in no table of internal/tidy", path)
}
