package loadreport_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/loadreport"
	"fermata/internal/loadreport/made"
	"fermata/internal/schematest"
	"fermata/scenarios/load"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the goldens; read the diff")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test ./internal/loadreport -rewrite writes it")
	require.Equal(t, string(want), got)
}

// documents are the tables of package made, by the names of the goldens.
func documents() map[string]*loadreport.Document {
	overloaded := made.Rates()
	overloaded.Rows = overloaded.Rows[5:]
	return map[string]*loadreport.Document{
		"one":        {Preset: "report", Table: made.One()},
		"intervals":  {Preset: "report", Table: made.Intervals()},
		"rates":      {Preset: "report", Table: made.Rates()},
		"remedies":   {Table: made.Remedies()},
		"overloaded": {Preset: "report", Table: overloaded},
	}
}

func written(t require.TestingT, d *loadreport.Document) (text, object, table string) {
	var a, b, c bytes.Buffer
	require.NoError(t, d.WriteText(&a, false))
	require.NoError(t, d.WriteJSON(&b))
	require.NoError(t, d.WriteCSV(&c))
	return a.String(), b.String(), c.String()
}

// Each format of each table is the golden, the text fits a terminal, and the JSON follows its schema.
func TestGoldens(t *testing.T) {
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			text, object, table := written(t, d)
			golden(t, name+".txt", text)
			golden(t, name+".json", object)
			golden(t, name+".csv", table)
			for _, line := range strings.Split(text, "\n") {
				require.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%q", line)
			}
			require.NoError(t, schematest.Load([]byte(object)))
			again, objectAgain, tableAgain := written(t, d)
			require.Equal(t, text+object+table, again+objectAgain+tableAgain)
		})
	}
}

// The schema knows every measure of a result.
func TestSchemaKnowsEveryMeasure(t *testing.T) {
	table := made.One()
	for _, m := range load.Measures() {
		table.Rows[0].Result.Durations[m] = table.Rows[0].Result.Durations[load.SweepTime]
	}
	_, object, _ := written(t, &loadreport.Document{Table: table})
	require.NoError(t, schematest.Load([]byte(object)))
	for _, m := range load.Measures() {
		require.Contains(t, object, `"`+m.String()+`":{"count":4000,`)
	}
}

// The schema refuses what is not a document of load.
func TestSchemaRefuses(t *testing.T) {
	_, object, _ := written(t, documents()["one"])
	for _, edit := range [][2]string{
		{`"schema":"fermata/1"`, `"schema":"fermata/2"`}, {`"command":"load"`, `"command":"find"`},
		{`"stuck":12`, `"stuck":"12"`}, {`"stuck":12,`, ``}, {`"p999":`, `"p9999":`}, {`"seeds":[`, `"seeds":["x",`},
		{`"completion-to-status"`, `"completion-to-nothing"`}, {`"engine":`, `"motor":`},
		{`"value":100,"low"`, `"value":100,"lower"`},
	} {
		wrong := strings.Replace(object, edit[0], edit[1], 1)
		require.NotEqual(t, object, wrong, edit[0])
		require.Error(t, schematest.Load([]byte(wrong)), edit[1])
	}
}

// Every count of a result is told, by a name of its own, in text, JSON and CSV.
func TestEveryCountIsTold(t *testing.T) {
	table := made.One()
	counts := reflect.ValueOf(&table.Rows[0].Result.Counts).Elem()
	for i := range counts.NumField() {
		counts.Field(i).SetInt(int64(700_001 + i))
	}
	text, object, lines := written(t, &loadreport.Document{Table: table})
	var o struct {
		Rows []struct{ Counts map[string]int64 }
	}
	require.NoError(t, json.Unmarshal([]byte(object), &o))
	require.Len(t, o.Rows[0].Counts, counts.NumField())
	for i := range counts.NumField() {
		n := strconv.Itoa(700_001 + i)
		require.Contains(t, text, n[:3]+","+n[3:], counts.Type().Field(i).Name)
		require.Contains(t, object, ":"+n)
		require.Contains(t, lines, ","+n+",")
	}
}

// What was cut out is told with its command or the reason why there is none, and the JSON follows its schema.
func TestLives(t *testing.T) {
	d := &loadreport.Document{Table: made.Remedies(), Lives: []loadreport.Life{
		{
			Row: "proposed", Seed: 1, Workflow: 7, What: "stuck", Oracle: "terminal-stays", Severity: "permanent",
			Steps: 47, File: "found/a.sched", Replay: "fermata replay found/a.sched",
		},
		{Row: "proposed", Seed: 2, Workflow: 9, What: "listener told twice", Why: "the life has no steps"},
	}}
	_, object, _ := written(t, d)
	require.NoError(t, schematest.Load([]byte(object)))
	require.Error(t, schematest.Load([]byte(strings.Replace(object, `"oracle":"terminal-stays",`, ``, 1))))
	lives := func() string {
		var text bytes.Buffer
		require.NoError(t, d.WriteLives(&text, false))
		return text.String()
	}
	require.Equal(t, `
cut out
  proposed, seed 1, workflow 7: stuck
    terminal-stays, permanent, 47 steps
    fermata replay found/a.sched
  proposed, seed 2, workflow 9: listener told twice
    no schedule: the life has no steps
`, lives())
	d.Lives = []loadreport.Life{}
	_, object, _ = written(t, d)
	require.NoError(t, schematest.Load([]byte(object)))
	require.Contains(t, object, `"lives":[]`)
	require.Equal(t, "\ncut out\n  nothing went wrong that could be\n", lives())
}

// Every figure of the setup is in the JSON, as it is read from the command line.
func TestSetupIsTold(t *testing.T) {
	table := made.One()
	table.Rows[0].Result.Setup = load.Default()
	_, object, _ := written(t, &loadreport.Document{Table: table})
	var o struct {
		Rows []struct{ Setup map[string]string }
	}
	require.NoError(t, json.Unmarshal([]byte(object), &o))
	require.Len(t, o.Rows[0].Setup, len(load.Figures()))
	for _, f := range load.Figures() {
		require.Equal(t, f.Text(table.Rows[0].Result.Setup), o.Rows[0].Setup[f.Name])
	}
}

// A line of CSV has a cell for each name of the header, and says of stuck workflows what the JSON says.
func TestCSVSaysWhatJSONSays(t *testing.T) {
	_, object, table := written(t, documents()["intervals"])
	lines, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	require.NoError(t, err)
	var o struct {
		Rows []struct {
			Engine    string
			Stuck     struct{ High float64 } `json:"stuck_per_million"`
			Durations map[string]struct{ P999 int64 }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(object), &o))
	require.Len(t, lines, len(o.Rows)+1)
	column := map[string]int{}
	for i, name := range lines[0] {
		require.NotContains(t, column, name)
		column[name] = i
	}
	for i, r := range o.Rows {
		line := lines[i+1]
		require.Equal(t, r.Engine, line[column["engine"]])
		high, err := strconv.ParseFloat(line[column["stuck_per_million_high"]], 64)
		require.NoError(t, err)
		require.InDelta(t, r.Stuck.High, high, 0)
		require.Equal(t, strconv.FormatInt(r.Durations["completion-to-status"].P999, 10),
			line[column["completion_to_status_p999_us"]])
	}
}

// A duration and a number keep three digits, and are never written with an exponent.
func TestUnits(t *testing.T) {
	for us, want := range map[int64]string{
		0: "0 µs", 999: "999 µs", 1000: "1 ms", 12_345: "12.3 ms", 999_400: "999 ms", 999_600: "1 s",
		29_700_000: "29.7 s", 119_999_999: "120 s", 120_000_000: "2m00s", 3_725_000_000: "1h02m",
		90_000_000_000: "1d01h",
	} {
		require.Equal(t, want, loadreport.Duration(us))
	}
	for x, want := range map[float64]string{
		0: "0", 0.02532: "0.0253", 1: "1", 9.996: "10", 99.95: "100", 999.4: "999", 999.6: "1,000",
		1234567: "1,234,567",
	} {
		require.Equal(t, want, loadreport.Number(x))
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-6, 1e12).Draw(t, "x")
		text := loadreport.Number(x)
		require.NotContains(t, text, "e")
		back, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
		require.NoError(t, err)
		require.InEpsilon(t, x, back, 0.0051)
	})
}

// However long the names are, every line of the text fits a terminal.
func TestTextFits(t *testing.T) {
	tables := []*load.Table{made.One(), made.Intervals(), made.Rates(), made.Remedies()}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z0-9.+-]{1,60}`)
		table := tables[rapid.IntRange(0, len(tables)-1).Draw(t, "table")]
		for i := range table.Rows {
			table.Rows[i].Engine = name.Draw(t, "engine")
			c := &table.Rows[i].Result.Counts
			c.Started = rapid.Int64Range(1, 1e10).Draw(t, "started")
			c.Stuck = rapid.Int64Range(0, c.Started).Draw(t, "stuck")
			c.Stalled = rapid.Int64Range(c.Stuck, c.Started).Draw(t, "stalled")
		}
		var text bytes.Buffer
		require.NoError(t, (&loadreport.Document{Preset: name.Draw(t, "preset"), Table: table}).WriteText(&text, false))
		for _, line := range strings.Split(text.String(), "\n") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%q", line)
		}
	})
}
