package plots_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/loadreport"
	"fermata/internal/loadreport/made"
	"fermata/internal/loadreport/plots"
	"fermata/scenarios/load"
)

func drawn(t require.TestingT, p *plots.Plot) (svg, raster []byte) {
	var a, b bytes.Buffer
	require.NoError(t, p.WriteSVG(&a))
	require.NoError(t, p.WritePNG(&b))
	return a.Bytes(), b.Bytes()
}

func names(ps []plots.Plot) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Name)
	}
	return out
}

// every are the tables of package made.
func every() map[string]*loadreport.Document {
	return map[string]*loadreport.Document{
		"intervals": {Preset: "report", Table: made.Intervals()}, "rates": {Preset: "report", Table: made.Rates()},
		"remedies": {Preset: "report", Table: made.Remedies()}, "one": {Preset: "report", Table: made.One()},
	}
}

// What differs in a number is drawn against it, what differs in a word beside each other, what was not run not at all.
func TestWhichPlots(t *testing.T) {
	against, beside := []string{"stuck", "latency", "healed"}, []string{"compared"}
	for name, want := range map[string][]string{
		"intervals": against, "rates": against, "remedies": beside, "one": beside,
	} {
		require.Equal(t, want, names(plots.Of(every()[name])), name)
	}
	poisson := made.Rates()
	for i := range poisson.Rows {
		poisson.Rows[i].Value = "poisson:" + poisson.Rows[i].Value
	}
	require.Equal(t, against, names(plots.Of(&loadreport.Document{Table: poisson})))
	poisson.Rows[2].Value = "constant:50"
	require.Equal(t, beside, names(plots.Of(&loadreport.Document{Table: poisson})))
	overloaded := made.Rates()
	overloaded.Rows = overloaded.Rows[5:]
	require.Empty(t, plots.Of(&loadreport.Document{Table: overloaded}))
	require.Empty(t, plots.Of(&loadreport.Document{Table: &load.Table{}}))
	many := made.Remedies()
	for len(many.Rows) < 40 {
		many.Rows = append(many.Rows, many.Rows[:5]...)
	}
	three := []string{"compared", "compared-2", "compared-3"}
	require.Equal(t, three, names(plots.Of(&loadreport.Document{Table: many})))
}

// The same table is the same bytes; the PNG is 1000 by 620 pixels, and nothing is cut off at its edge.
func TestSameBytes(t *testing.T) {
	for name, d := range every() {
		again := plots.Of(every()[name])
		for i, p := range plots.Of(d) {
			svg, raster := drawn(t, &p)
			svgAgain, rasterAgain := drawn(t, &again[i])
			require.Equal(t, string(svg), string(svgAgain))
			require.Equal(t, raster, rasterAgain)
			picture, err := png.Decode(bytes.NewReader(raster))
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, 1000, 620), picture.Bounds())
			for x := range 1000 {
				for y := range 620 {
					if x < 4 || x >= 996 || y < 4 || y >= 616 {
						require.Equal(t, color.RGBA{255, 255, 255, 255}, color.RGBAModel.Convert(picture.At(x, y)))
					}
				}
			}
		}
	}
}

// label is a text of an SVG, with the room that it takes.
type label struct {
	text                     string
	left, top, right, bottom float64
}

func (a *label) overlaps(b *label) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// labels reads the texts of an SVG, which must be well formed and turn nothing.
func labels(t require.TestingT, svg []byte) []label {
	var out []label
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes := map[string]string{}
		for _, a := range e.Attr {
			attributes[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "svg":
			require.Equal(t, "0 0 750 465", attributes["viewBox"])
		case "g":
			require.Equal(t, "scale(1, -1) translate(0, -465)", attributes["transform"])
		case "text":
			require.Equal(t, "scale(1, -1)", attributes["transform"])
			var text string
			require.NoError(t, d.DecodeElement(&text, &e))
			out = append(out, labelOf(t, text, attributes))
		}
	}
}

func labelOf(t require.TestingT, text string, attributes map[string]string) label {
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err, s)
		return x
	}
	_, size, _ := strings.Cut(attributes["style"], "font-size:")
	size, _, _ = strings.Cut(size, "px")
	bold := strings.Contains(attributes["style"], "font-weight:bold")
	points := number(size)
	x, y := number(attributes["x"]), 465+number(attributes["y"])
	const ascent, descent = 0.73, 0.21 // of the letters' size
	return label{text, x, y - ascent*points, x + plots.TextWidth(text, points, bold), y + descent*points}
}

// requireReadable holds the labels within the canvas and off each other.
func requireReadable(t require.TestingT, svg []byte) {
	all := labels(t, svg)
	require.NotEmpty(t, all)
	for i := range all {
		a := &all[i]
		require.True(t, a.left >= 0 && a.top >= 0 && a.right <= 750 && a.bottom <= 465, "%+v", *a)
		for j := range all[:i] {
			require.False(t, a.overlaps(&all[j]), "%+v and %+v", *a, all[j])
		}
	}
}

// Each label is within the canvas and stands on no other, and title, engines and values are there.
func TestLabelsAreReadable(t *testing.T) {
	for name, d := range every() {
		for _, p := range plots.Of(d) {
			svg, _ := drawn(t, &p)
			requireReadable(t, svg)
			for _, e := range d.Engines() {
				require.Contains(t, string(svg), e, name+" "+p.Name)
			}
			require.Contains(t, string(svg), "preset report, 1")
			require.Contains(t, string(svg), "workflows")
		}
	}
}

// The same of whatever names, values and counts.
func TestAnyLabelsAreReadable(t *testing.T) {
	tables := []*load.Table{made.Intervals(), made.Rates(), made.Remedies()}
	rapid.Check(t, func(t *rapid.T) {
		from := tables[rapid.IntRange(0, len(tables)-1).Draw(t, "table")]
		name := rapid.StringMatching(`[a-z0-9.+-]{1,60}`)
		engines := rapid.SliceOfNDistinct(name, 1, 9, rapid.ID[string]).Draw(t, "engines")
		value := rapid.SampledFrom([]*rapid.Generator[string]{
			rapid.Just(""), rapid.StringMatching(`[1-9][0-9]{0,5}(\.[0-9]{1,3})?`),
			rapid.StringMatching(`0s|[1-9][0-9]{0,2}(ms|s|m|h)`), rapid.StringMatching(`[1-9][0-9]{0,2}(ms|s|m|h)`),
			rapid.StringMatching(`[a-z0-9+-]{1,40}`),
		}).Draw(t, "values")
		table := &load.Table{Varied: rapid.StringMatching(`[a-z-]{0,30}`).Draw(t, "varied")}
		for range rapid.IntRange(1, 24).Draw(t, "rows") {
			r := from.Rows[rapid.IntRange(0, len(from.Rows)-1).Draw(t, "row")]
			result := *r.Result
			c := &result.Counts
			c.Started = rapid.Int64Range(1, 1e9).Draw(t, "started")
			c.Stuck = rapid.Int64Range(0, c.Started).Draw(t, "stuck")
			c.Stalled = rapid.Int64Range(c.Stuck, c.Started).Draw(t, "stalled")
			c.HealedBySweep = c.Stalled - c.Stuck
			table.Rows = append(table.Rows, load.Row{
				Engine: rapid.SampledFrom(engines).Draw(t, "engine"), Value: value.Draw(t, "value"), Result: &result,
			})
		}
		d := &loadreport.Document{Preset: rapid.StringMatching(`[a-z]{0,80}`).Draw(t, "preset"), Table: table}
		for _, p := range plots.Of(d) {
			var svg bytes.Buffer
			require.NoError(t, p.WriteSVG(&svg))
			requireReadable(t, svg.Bytes())
		}
	})
}

// Where nothing healed, that is said, and no scale made up.
func TestNothingHealed(t *testing.T) {
	table := made.Intervals()
	table.Rows = table.Rows[10:]
	all := plots.Of(&loadreport.Document{Table: table})
	svg, _ := drawn(t, &all[2])
	require.Contains(t, string(svg), "none was measured")
	requireReadable(t, svg)
	svg, _ = drawn(t, &all[1])
	require.NotContains(t, string(svg), "none was measured")
	half := made.Intervals() // where some stalled and none healed, there is no mark of those that healed
	half.Rows = half.Rows[:5]
	whole, _ := drawn(t, &plots.Of(&loadreport.Document{Table: half})[2])
	for i := range half.Rows {
		c := &half.Rows[i].Result.Counts
		c.HealedBySweep, c.HealedByAudit = 0, 0
		half.Rows[i].Result.Durations[load.HealedAfter] = nil
	}
	svg, _ = drawn(t, &plots.Of(&loadreport.Document{Table: half})[2])
	require.Less(t, strings.Count(string(svg), "<path"), strings.Count(string(whole), "<path"))
	require.NotContains(t, string(svg), "none seen")
}

// An engine of which none was seen stuck has its bounds as open triangles, a stroke each, and no line.
func TestNoneSeenIsABound(t *testing.T) {
	table := made.Intervals()
	table.Rows = table.Rows[10:] // the engine without a stuck workflow
	svg, _ := drawn(t, &plots.Of(&loadreport.Document{Table: table})[0])
	require.Contains(t, string(svg), "none seen: at most so many (95 %)")
	require.Equal(t, len(table.Rows), strings.Count(string(svg), "stroke:#0072B2"))
	seen := made.Rates()
	svg, _ = drawn(t, &plots.Of(&loadreport.Document{Table: seen})[0])
	require.NotContains(t, string(svg), "none seen")
	require.Contains(t, string(svg), "overloaded: not run")
}
