package cli

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"fermata/internal/files"
	"fermata/internal/loadreport"
	"fermata/internal/loadreport/plots"
)

// drawing is where plots are written.
type drawing struct {
	a     *app
	file  string // of the first plot
	dir   string // of every plot, as SVG and as PNG
	force bool
}

// The endings of plots.
const (
	svgEnding = ".svg"
	pngEnding = ".png"
)

func (d *drawing) flags(flags *pflag.FlagSet) {
	flags.StringVar(&d.file, "plot", "", "a file ending in .svg or .png for the plot of what is stuck")
	flags.StringVar(&d.dir, "plots", "", "a folder for every plot, as SVG and as PNG")
	flags.BoolVar(&d.force, "force", false, "replace plots and schedules that are there with other content")
}

// check finds out before anything is run whether the plots can be written.
func (d *drawing) check() error {
	if d.file != "" {
		if ending := filepath.Ext(d.file); !slices.Contains([]string{svgEnding, pngEnding}, ending) {
			return fmt.Errorf("invalid --plot %s: expected a file ending in %s or %s", d.file, svgEnding, pngEnding)
		}
		if err := files.Writable(d.file); err != nil {
			return err
		}
	}
	if d.dir == "" {
		return nil
	}
	dir, err := files.OpenDir(d.dir, d.force)
	if err == nil {
		dir.Close()
	}
	return err
}

// write draws what was asked for.
func (d *drawing) write(document *loadreport.Document) error {
	if d.file == "" && d.dir == "" {
		return nil
	}
	drawn := plots.Of(document)
	if len(drawn) == 0 {
		d.a.note("no plot: nothing was run")
		return nil
	}
	if ending := filepath.Ext(d.file); d.file != "" {
		if err := d.draw(&drawn[0], strings.TrimSuffix(d.file, ending), ending); err != nil {
			return err
		}
	}
	if d.dir == "" {
		return nil
	}
	dir, err := files.OpenDir(d.dir, d.force)
	if err != nil {
		return err
	}
	defer dir.Close()
	for i := range drawn {
		for _, ending := range []string{svgEnding, pngEnding} {
			if err := d.draw(&drawn[i], filepath.Join(d.dir, drawn[i].Name), ending); err != nil {
				return err
			}
		}
	}
	return nil
}

// draw writes one plot.
func (d *drawing) draw(p *plots.Plot, base, ending string) error {
	var picture bytes.Buffer
	write := map[string]func(io.Writer) error{svgEnding: p.WriteSVG, pngEnding: p.WritePNG}[ending]
	if err := write(&picture); err != nil {
		return fmt.Errorf("%w: %w", errHarness, err)
	}
	_, note, err := files.WriteNew(base, ending, picture.Bytes(), d.force)
	if note != "" {
		d.a.note(note)
	}
	return err
}
