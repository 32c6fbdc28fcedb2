package plots

import (
	"bytes"
	"fmt"
	"html"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"fermata/internal/loadreport"
)

// The canvas: 1000 by 620 pixels of 96 to the inch.
const (
	dpi    = 96
	across = 1000 * vg.Inch / dpi
	up     = 620 * vg.Inch / dpi
)

// Plot is one drawing.
type Plot struct {
	// Name is for the name of a file, such as "stuck".
	Name string
	page page
}

// Of lists the plots of a table: "stuck", "latency" and "healed" where its rows differ in a number, and "compared"
// where they do not, with a further one for every 16 rows. A table of which nothing was run has none.
func Of(d *loadreport.Document) []Plot {
	if !anythingRun(d) {
		return nil
	}
	t := newTable(d)
	if t.numeric {
		return []Plot{{"stuck", t.stuck()}, {"latency", t.latency()}, {"healed", t.healed()}}
	}
	var plots []Plot
	for i, rows := range t.chunks() {
		name := "compared"
		if i > 0 {
			name = fmt.Sprintf("compared-%d", i+1)
		}
		plots = append(plots, Plot{name, t.compared(rows)})
	}
	return plots
}

func anythingRun(d *loadreport.Document) bool {
	for i := range d.Table.Rows {
		if d.Table.Rows[i].Result.Overloaded == "" {
			return true
		}
	}
	return false
}

// WriteSVG draws the plot as SVG. Its letters are in a font that a viewer has, of the widths that it was laid out for.
func (p *Plot) WriteSVG(w io.Writer) error {
	c := vgsvg.New(across, up)
	p.page.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	svg := bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans"),
		[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif"))
	about := "role=\"img\">\n<title>" + html.EscapeString(p.page.title+". "+p.page.subtitle) + "</title>\n"
	head, tail, _ := bytes.Cut(svg, []byte(">\n<g "))
	_, err := w.Write(bytes.Join([][]byte{head, []byte(" " + about + "<g "), tail}, nil))
	return err
}

// WritePNG draws the plot as PNG.
func (p *Plot) WritePNG(w io.Writer) error {
	c := vgimg.NewWith(vgimg.UseWH(across, up), vgimg.UseDPI(dpi))
	p.page.draw(draw.New(c))
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}
