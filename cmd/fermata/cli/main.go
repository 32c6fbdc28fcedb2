package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"fermata/internal/report"
	"fermata/model/spec"
	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// The exit codes.
const (
	exitClean     = 0
	exitViolation = 1
	exitUsage     = 2
	exitHarness   = 3
)

// app is one call of the program.
type app struct {
	ctx    context.Context
	out    io.Writer
	err    io.Writer
	colour bool // standard output is a terminal that wants colour
	bar    bool // standard error is a terminal
	now    func() time.Time
	extra  []sweeper.Engine
	lab    lab // what load runs
	// started are the engines in processes of their own; their engines are among extra.
	started processes
}

// Main runs the program with the arguments behind its name, and gives the exit code. Engines are
// known beside ours, by their names.
func Main(args []string, engines ...sweeper.Engine) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	_, plain := os.LookupEnv("NO_COLOR")
	a := &app{
		ctx: ctx, out: os.Stdout, err: os.Stderr, now: time.Now, extra: engines,
		lab:    lab{load.Run, load.Merge},
		colour: !plain && term.IsTerminal(int(os.Stdout.Fd())),
		bar:    term.IsTerminal(int(os.Stderr.Fd())),
	}
	return a.main(args)
}

func (a *app) main(args []string) int {
	root := a.root()
	root.SetArgs(args)
	err := a.checkEngines()
	if err == nil {
		err = root.ExecuteContext(a.ctx)
	}
	a.started.close()
	code, silent := codeOf(err)
	if err != nil && !silent {
		fmt.Fprintln(a.err, "fermata: "+strings.Join(strings.Fields(err.Error()), " "))
	}
	return code
}

// checkEngines refuses engines that could not be told from one another by their names.
func (a *app) checkEngines() error {
	known := map[string]bool{}
	for _, e := range a.extra {
		if e.Name == "" || known[e.Name] || catalogue.Known(e.Name) {
			return fmt.Errorf("engine %q of this program: expected a name that no other engine has", e.Name)
		}
		known[e.Name] = true
	}
	return nil
}

// exit is a code that the output has already explained.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// exitWith ends a command with a code; 0 is no error.
func exitWith(code int) error {
	if code == exitClean {
		return nil
	}
	return exit(code)
}

// codeOf gives an error's exit code, and whether nothing is left to say about it.
func codeOf(err error) (code int, silent bool) {
	var e exit
	var drift *explore.Drift
	switch {
	case err == nil:
		return exitClean, true
	case errors.As(err, &e):
		return int(e), true
	case errors.As(err, &drift), errors.Is(err, catalogue.ErrNondeterministic), errors.Is(err, errHarness),
		errors.Is(err, spec.ErrDisagree), redisFailed(err):
		return exitHarness, false
	}
	return exitUsage, false
}

// errHarness marks what is neither the user's fault nor a violation.
var errHarness = errors.New("the harness could not do its work")

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "fermata",
		Short: "find, shrink, replay and rule out races of a workflow engine's sweeper",
		Long: "Fermata finds, shrinks, replays and rules out races in the sweeper of a workflow engine,\n" +
			"and in the decider, the lock and the queue around it. Begin with: fermata demo",
		SilenceUsage: true, SilenceErrors: true, DisableSuggestions: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.ArbitraryArgs,
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w (%s --help lists the flags)", err, c.CommandPath())
	})
	root.AddCommand(a.demo(), a.find(), a.verify(), a.replay(), a.shrink(), a.check(), a.matrix(), a.load(),
		a.list(), a.explain(), a.version())
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		var names []string
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				names = append(names, sub.Name())
			}
		}
		return fmt.Errorf("unknown command %q: expected one of %s", args[0], strings.Join(names, ", "))
	}
	return root
}

// options are how this call renders.
func (a *app) options() report.Options { return report.Options{Colour: a.colour} }

// stopped tells that the user has pressed Ctrl-C.
func (a *app) stopped() bool { return a.ctx.Err() != nil }

// arguments checks how many there are, in words that say what they should be.
func arguments(what ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) > len(what):
			return fmt.Errorf("%s: unexpected argument %q", c.CommandPath(), args[len(what)])
		case len(args) < len(what):
			return fmt.Errorf("%s: expected %s", c.CommandPath(), what[len(args)])
		}
		return nil
	}
}
