package cli

import (
	"reflect"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"fermata/internal/report"
	"fermata/scenarios"
)

// output is how a command writes what came out: the format, and what its documents point at.
type output struct {
	a           *app
	command     string
	format      *choice
	annotations *choice
	root        string
}

// outputs adds --format with every format of a report, and --source-root.
func (a *app) outputs(command string, flags *pflag.FlagSet, formats ...string) *output {
	o := &output{a: a, command: command, format: newChoice(formats...), annotations: newChoice("none", "github")}
	flags.Var(o.format, "format", "what standard output is")
	flags.StringVar(&o.root, "source-root", ".", "the folder that the files of reports are given from")
	return o
}

// annotate adds --annotations.
func (o *output) annotate(flags *pflag.FlagSet) {
	flags.Var(o.annotations, "annotations", "what is not ok as workflow commands of GitHub Actions, on standard error")
}

func (o *output) text() bool { return o.format.value == report.FormatText }

// whole tells that the format is one document for a call, which is whole even if the harness fails in the middle.
func (o *output) whole() bool { return !o.text() && o.format.value != report.FormatJSON }

// document describes the call. Whether the source root is a folder is found out before anything is searched.
func (o *output) document() (report.Document, error) {
	root, err := openSourceRoot(o.root)
	if err != nil {
		return report.Document{}, err
	}
	return report.Document{
		Command: o.command, Version: programVersion(), Docs: docsAddress(modulePath()),
		Source: root.source, File: root.file, Colour: o.a.colour,
	}, nil
}

// tell writes a report of its own, and annotates it.
func (o *output) tell(d *report.Document, w report.Writer, r *scenarios.Report, opts report.Options) error {
	if o.annotations.value == "github" {
		if err := d.Annotate(o.a.err, r, opts); err != nil {
			return err
		}
	}
	return w.Case(r, opts)
}

// modulePath is the path of this module, as it is built.
func modulePath() string {
	return strings.TrimSuffix(reflect.TypeFor[app]().PkgPath(), "/cmd/fermata/cli")
}

// docsAddress is where the page of the oracles stands, if the module's path is an address.
func docsAddress(module string) string {
	host, _, ok := strings.Cut(module, "/")
	if !ok || !strings.Contains(host, ".") {
		return ""
	}
	return "https://" + module + "/blob/HEAD/docs/oracles.md"
}

// programVersion is the version of the main module.
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
