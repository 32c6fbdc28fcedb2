package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/sim"
)

// replaying is one call of replay.
type replaying struct {
	a      *app
	o      catalogue.ReplayOptions
	output *output
	full   bool
	step   bool
	// html is the file of a page; empty for none.
	html     string
	svg      string // the same, of a picture
	pictures pictures
	asked    string // --engine as it was given
	// parts are --lock, --queue and --store as they were given, and redis the store if it is one.
	parts catalogue.Parts
	redis redisFlags

	document report.Document
}

func (a *app) replay() *cobra.Command {
	r := &replaying{a: a}
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "run a schedule again",
		Long: "replay takes the choices of a schedule one by one, and refuses one that is not open. What stands\n" +
			"behind \"=>\" is checked. --format markdown is an issue text for the engine's maintainers: it also\n" +
			"says which releases show the same, and which is the smallest change that is proved.",
		Args: arguments("the file of a schedule"),
	}
	r.output = a.outputs("replay", c.Flags(), report.Formats()...)
	r.output.annotate(c.Flags())
	c.Flags().StringVar(&r.o.Engine, "engine", "",
		"another engine to run the schedule on; exec:'COMMAND' runs one in a process of its own")
	c.Flags().BoolVar(&r.o.Repair, "repair", false, "skip what does not fit, or fill in what stands before it")
	c.Flags().IntVar(&r.o.Times, "times", 1, "how often; each must be the same run")
	c.Flags().BoolVar(&r.full, "full", false, "fold no step")
	c.Flags().StringVar(&r.html, "html", "", "write the finding as a page to this file, which is replaced")
	c.Flags().StringVar(&r.svg, "svg", "", "write the finding as a picture to this file, which is replaced")
	r.pictures = pictures{a: a}
	r.pictures.flags(c.Flags())
	c.Flags().BoolVar(&r.step, "step", false, "walk the schedule at the terminal with the keyboard, and off it")
	c.Flags().StringVar(&r.parts.Lock, "lock", "", "another lock to run the schedule on")
	c.Flags().StringVar(&r.parts.Queue, "queue", "", "another queue")
	c.Flags().StringVar(&r.parts.Store, "store", "",
		"another store; or miniredis or redis://HOST:PORT/DB, to run the schedule's own parts on a Redis")
	r.redis.flags(c.Flags())
	c.RunE = func(_ *cobra.Command, args []string) error {
		if r.o.Times < 1 {
			return fmt.Errorf("invalid --times %d: expected at least 1", r.o.Times)
		}
		if r.step {
			if err := r.checkStep(c.Flags()); err != nil {
				return err
			}
		}
		return r.run(args[0])
	}
	return c
}

func (r *replaying) run(path string) error {
	s, err := readSchedule(path)
	if err != nil {
		return err
	}
	if r.document, err = r.output.document(); err != nil {
		return err
	}
	r.asked = r.o.Engine
	if r.o.Engine, err = r.a.engine(r.o.Engine); err != nil {
		return err
	}
	r.o.Extra = r.a.extra
	r.o.Parts = r.parts
	if isRedis(r.parts.Store) {
		r.redis.target, r.o.Parts.Store = r.parts.Store, ""
		r.o.Backing = r.a.backing(&r.redis)
	}
	c, err := catalogue.CaseOf(s, r.o.Engine, r.a.extra...)
	if err != nil {
		return inFile(path, err)
	}
	if c, err = c.On(r.o.Parts); err != nil {
		return err
	}
	c.Backing = r.o.Backing
	if r.step {
		return r.stepThrough(path)
	}
	if err := r.drawable(path); err != nil {
		return err
	}
	if r.output.text() {
		if err := r.announce(path, s, c); err != nil {
			return err
		}
	}
	result, changes, err := catalogue.Replay(s, r.o)
	if err != nil {
		return inFile(path, err)
	}
	if err := r.tell(path, result, changes); err != nil {
		return err
	}
	if err := r.draw(path, result); err != nil {
		return err
	}
	return exitWith(worst(map[catalogue.Verdict]int{result.Verdict: 1}))
}

func readSchedule(path string) (*sim.Schedule, error) {
	f, err := files.Open(path, "a schedule")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return catalogue.ReadSchedule(f, path)
}

// announce writes the configuration, and where it is not the schedule's own.
func (r *replaying) announce(path string, s *sim.Schedule, c *catalogue.Case) error {
	setup := report.Setup{Command: "replay", Case: c, Strategy: "schedule " + path}
	if r.o.Times > 1 {
		setup.Budget = fmt.Sprintf("%d times", r.o.Times)
	}
	if err := report.Header(r.a.out, setup, r.a.options()); err != nil {
		return err
	}
	own, err := catalogue.CaseOf(s, "", r.a.extra...)
	if err == nil && own.Engine.Name != c.Engine.Name {
		fmt.Fprintf(r.a.out, "  the schedule was made for %s; this is %s\n", own.Engine.Name, c.Engine.Name)
	}
	if expected, ok := s.Header("expect"); ok {
		fmt.Fprintf(r.a.out, "  the schedule expects: %s\n", expected)
	}
	return nil
}

func (r *replaying) tell(path string, result *catalogue.Report, changes []string) error {
	o := r.a.options()
	o.Full, o.ReplayFlags = r.full, r.flags()
	o.Path = func(*catalogue.Finding) string { return path }
	if !r.output.text() {
		for _, c := range changes {
			r.a.note("repaired: " + c)
		}
		if r.output.format.value == report.FormatMarkdown {
			return r.issue(path, result, o)
		}
		w := report.NewWriter(r.a.out, r.output.format.value, r.document)
		return errors.Join(r.output.tell(&r.document, w, result, o), w.End())
	}
	for _, c := range changes {
		fmt.Fprintln(r.a.out, "  repaired: "+c)
	}
	if r.o.Times > 1 {
		same := fmt.Sprintf("  %d replays, one fingerprint", r.o.Times)
		if len(result.Findings) > 0 {
			same += fmt.Sprintf(" %016x", result.Findings[0].Fingerprint)
		}
		fmt.Fprintln(r.a.out, same)
	}
	return r.output.tell(&r.document, outcome{r.a.out}, result, o)
}

// outcome writes a report's text alone: its header stands already.
type outcome struct{ w io.Writer }

func (outcome) Begin(report.Setup) error { return nil }

func (x outcome) Case(r *catalogue.Report, o report.Options) error { return report.Outcome(x.w, r, o) }

func (outcome) End() error { return nil }

// flags are those that make the replay what it is.
func (r *replaying) flags() []string {
	var flags []string
	if r.asked != "" {
		flags = append(flags, "--engine", strings.TrimSpace(r.asked))
	}
	if r.o.Repair {
		flags = append(flags, "--repair")
	}
	for _, part := range [][2]string{
		{"--lock", r.parts.Lock}, {"--queue", r.parts.Queue}, {"--store", r.parts.Store},
	} {
		if part[1] != "" {
			flags = append(flags, part[0], part[1])
		}
	}
	return flags
}

// drawable tries, before anything runs, whether what is to be drawn can be, and not over the schedule.
func (r *replaying) drawable(path string) error {
	for _, asked := range [][2]string{{"--html", r.html}, {"--svg", r.svg}} {
		if asked[1] == "" {
			continue
		}
		if files.Same(asked[1], path) {
			return fmt.Errorf("%s %s: that is the schedule itself: expected another file", asked[0], asked[1])
		}
		if err := files.Writable(asked[1]); err != nil {
			return fmt.Errorf("%s %w", asked[0], err)
		}
	}
	if r.html == "" {
		return nil
	}
	_, err := r.pictures.engine()
	return err
}

// draw writes the page and the picture that were asked for.
func (r *replaying) draw(path string, result *catalogue.Report) error {
	if r.html == "" && r.svg == "" {
		return nil
	}
	if len(result.Findings) == 0 {
		r.a.note("there is no violation to draw: nothing is written")
		return nil
	}
	f := result.Findings[0]
	if r.svg != "" {
		picture, err := r.pictures.svg(f)
		if err == nil {
			_, _, err = files.WriteNew(r.svg, "", picture, true)
		}
		if err != nil {
			return err
		}
	}
	if r.html == "" {
		return nil
	}
	o := r.a.options()
	o.ReplayFlags = r.flags()
	o.Path = func(*catalogue.Finding) string { return path }
	page, err := r.pictures.page(f, o)
	if err != nil {
		return err
	}
	_, _, err = files.WriteNew(r.html, "", page, true)
	return err
}
