package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// checking is one call of fermata check.
type checking struct {
	a     *app
	out   *output
	html  string // where the first page goes; "" for nowhere
	force bool
}

func (a *app) check() *cobra.Command {
	k := &checking{a: a}
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "judge a recorded history",
		Long: "check reads a history that was recorded from a real system, JSON lines or text, and tells whether\n" +
			"each operation can have taken effect at one moment between its call and its return. FILE may be\n" +
			"- for standard input. docs/histories.md says how a history is written down.",
		Args: arguments("the file of a history"),
	}
	k.out = a.outputs("check", c.Flags(), report.Formats()...)
	c.Flags().StringVar(&k.html, "html", "",
		"where porcupine's page of a violation goes (default FILE.html in this folder; --html= for nowhere)")
	c.Flags().BoolVar(&k.force, "force", false, "replace a page that is there with other content")
	c.RunE = func(c *cobra.Command, args []string) error {
		if !c.Flags().Changed("html") {
			k.html = pageOf(args[0])
		}
		return k.run(args[0])
	}
	return c
}

// stdin is the name that stands for standard input.
const stdin = "-"

// pageOf is where a history's page goes unless it is said.
func pageOf(path string) string {
	if path == stdin {
		path = "history"
	}
	return filepath.Base(path) + ".html"
}

func (k *checking) run(path string) error {
	f, name, done, err := openTwice(path)
	if err != nil {
		return err
	}
	defer done()
	d, err := k.out.document()
	if err != nil {
		return err
	}
	begun := k.a.now()
	h, err := catalogue.CheckHistory(f, name, catalogue.HistoryOptions{Stop: k.a.stopped})
	if err != nil {
		return err
	}
	k.pages(h)
	o := k.a.options()
	if !k.out.text() {
		o.Seconds = k.a.now().Sub(begun).Seconds()
	}
	switch k.out.format.value {
	case report.FormatText:
		err = report.History(k.a.out, h, o)
	case report.FormatJSON:
		err = report.HistoryJSON(k.a.out, h, o)
	default:
		err = report.HistoryDocument(k.a.out, k.out.format.value, d, path, h, o)
	}
	if err != nil {
		return err
	}
	return exitWith(worst(map[catalogue.Verdict]int{h.Verdict: 1}))
}

// pages writes a page for each finding. That one cannot be written is a note: the verdict stands.
func (k *checking) pages(h *catalogue.HistoryReport) {
	if k.html == "" {
		return
	}
	ending := filepath.Ext(k.html)
	for i, f := range h.Findings {
		base := strings.TrimSuffix(k.html, ending)
		if i > 0 {
			base += "." + strings.ReplaceAll(f.Spec, " ", "-")
		}
		var page bytes.Buffer
		err := f.Visualize(&page)
		note := ""
		if err == nil {
			f.Page, note, err = files.WriteNew(base, ending, page.Bytes(), k.force)
		}
		if err != nil {
			note = err.Error()
		}
		if note != "" {
			fmt.Fprintln(k.a.err, "fermata: "+note)
		}
	}
}

// openTwice opens a history so that it can be read a second time: what is no file is copied to one.
// done closes it.
func openTwice(path string) (f *os.File, name string, done func(), err error) {
	f, name = os.Stdin, "standard input"
	if path != stdin {
		name = path
		if f, err = files.Open(path, "a history"); err != nil {
			return nil, "", nil, err
		}
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return f, name, func() { f.Close() }, nil
	}
	defer f.Close()
	spooled, err := os.CreateTemp("", "fermata-*.history")
	if err != nil {
		return nil, "", nil, files.Unusable(os.TempDir(), err, "a folder for a copy of "+name)
	}
	done = func() {
		spooled.Close()
		os.Remove(spooled.Name())
	}
	if _, err = io.Copy(spooled, f); err == nil {
		_, err = spooled.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, "", nil, fmt.Errorf("%s: %w: expected a history", name, files.Reason(err))
	}
	return spooled, name, done, nil
}
