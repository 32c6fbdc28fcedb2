package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// stepFlags are the flags of replay that a walk takes; every other is for a replay that runs by itself.
var stepFlags = map[string]bool{
	"step": true, "engine": true, "repair": true, "lock": true, "queue": true, "store": true, "help": true,
}

// checkStep refuses what a walk cannot do.
func (r *replaying) checkStep(flags *pflag.FlagSet) error {
	var err error
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && !stepFlags[f.Name] {
			err = fmt.Errorf("--step and --%s: a walk at the terminal takes none but --engine, --repair, --lock, "+
				"--queue and --store", f.Name)
		}
	})
	switch {
	case err != nil:
		return err
	case isRedis(r.parts.Store):
		return fmt.Errorf("--step and --store %s: a walk is in memory alone", r.parts.Store)
	case !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())):
		return fmt.Errorf("--step: expected a terminal for input and output")
	}
	return nil
}

// walking is a walk along a schedule at a terminal.
type walking struct {
	walk   *catalogue.Stepper
	screen tcell.Screen
	colour bool
	path   string
	// replayFlags follow a saved file in the command that replays it.
	replayFlags []string
	view        report.WalkView
	// saved are the commands that replay what was saved, in order.
	saved []string
}

// stepThrough walks the schedule of a file. It leaves the terminal as it found it, and then says what was saved.
func (r *replaying) stepThrough(path string) error {
	s, err := readSchedule(path)
	if err != nil {
		return err
	}
	walk, err := catalogue.NewStepper(s, r.o)
	if err != nil {
		return inFile(path, err)
	}
	defer walk.Close()
	w := &walking{walk: walk, colour: r.a.colour, path: path}
	if asked, ok := r.a.started.asked(walk.Case.Engine.Name); ok {
		w.replayFlags = []string{"--engine", asked}
	}
	if err := w.run(r.a.ctx.Done()); err != nil {
		return fmt.Errorf("--step: %w", err)
	}
	for _, command := range w.saved {
		fmt.Fprintln(r.a.out, "saved: "+command)
	}
	return nil
}

// run is the walk, until it is left or told to stop.
func (w *walking) run(stop <-chan struct{}) error {
	var err error
	if w.screen, err = tcell.NewScreen(); err == nil {
		err = w.screen.Init()
	}
	if err != nil {
		return err
	}
	defer w.screen.Fini()
	w.view.Width, w.view.Height = w.screen.Size()
	events, left := make(chan tcell.Event), make(chan struct{})
	go w.screen.ChannelEvents(events, left)
	defer close(left)
	for {
		w.draw()
		select {
		case <-stop:
			return nil
		case event := <-events:
			if gone, ok := event.(*tcell.EventError); ok {
				return gone
			}
			if w.take(event) {
				return nil
			}
		}
	}
}

// take takes one event, and tells whether that is to leave.
func (w *walking) take(event tcell.Event) (leave bool) {
	switch e := event.(type) {
	case *tcell.EventResize:
		w.view.Width, w.view.Height = e.Size()
		w.screen.Sync()
	case *tcell.EventKey:
		w.view.Message = ""
		key := keyNames[e.Key()]
		if e.Key() == tcell.KeyRune {
			key = string(e.Rune())
		}
		return w.key(key)
	}
	return false
}

// keyNames are the keys beside letters and digits.
var keyNames = map[tcell.Key]string{
	tcell.KeyCtrlC: "q", tcell.KeyDown: "n", tcell.KeyRight: "n", tcell.KeyUp: "b", tcell.KeyLeft: "b",
	tcell.KeyBackspace: "b", tcell.KeyBackspace2: "b", tcell.KeyHome: "g", tcell.KeyEnd: "G",
	tcell.KeyEnter: "enter", tcell.KeyEscape: "escape",
}

// key does what a key asks for, and tells whether that is to leave.
func (w *walking) key(key string) (leave bool) {
	if key == "q" {
		return true
	}
	if len(key) == 1 && key >= "0" && key <= "9" {
		w.digit(key)
		return false
	}
	typed := w.view.Typed
	w.view.Typed = ""
	switch {
	case typed == "":
		w.move(key)
	case key == "enter":
		n, _ := strconv.Atoi(typed) // digits, and few
		w.choose(n)
	}
	return false
}

// move goes along the way.
func (w *walking) move(key string) {
	switch key {
	case "n", " ", "j", "enter":
		w.said(w.walk.Next(), "the run is over: b goes back")
	case "b", "k":
		w.said(w.walk.Back(), "this is the start: n goes on")
	case "v":
		w.said(w.walk.Violation(), "no violation on this way: this is its end")
	case "g":
		w.walk.Home()
	case "G":
		w.walk.End()
	case "r":
		w.said(w.walk.Return(), "this is on the schedule")
	case "c":
		w.view.Choices = !w.view.Choices
	case "s":
		w.save()
	}
}

func (w *walking) said(done bool, otherwise string) {
	if !done {
		w.view.Message = otherwise
	}
}

// digit takes a digit of a choice: the choice itself as soon as it can be no other.
func (w *walking) digit(digit string) {
	open, _ := w.walk.Open()
	typed := w.view.Typed + digit
	w.view.Typed = ""
	n, err := strconv.Atoi(typed)
	switch {
	case err != nil || n < 1 || n > len(open):
		w.view.Message = fmt.Sprintf("there is no choice %s here", typed)
	case n*10 <= len(open):
		w.view.Typed = typed
	default:
		w.choose(n)
	}
}

// choose takes an open choice, by its number from 1.
func (w *walking) choose(n int) {
	w.view.Choices = false
	w.walk.Choose(n - 1)
}

// save writes the walk so far beside the schedule that it began with; what is there already is kept.
func (w *walking) save() {
	s, err := w.walk.Schedule()
	if err != nil {
		w.view.Message = "not saved: " + err.Error()
		return
	}
	base := strings.TrimSuffix(stem(w.path), walkEnding) + walkEnding
	path, note, err := files.WriteNew(base, schedEnding, []byte(s.Text()), false)
	if err != nil {
		w.view.Message = "not saved: " + err.Error()
		return
	}
	command := report.ReplayCommand(path, w.replayFlags...)
	w.view.Message = "saved: " + command
	if note != "" {
		w.view.Message += "; " + base + schedEnding + " is another walk, and is kept"
	}
	for _, known := range w.saved {
		if known == command {
			return
		}
	}
	w.saved = append(w.saved, command)
}

// walkEnding stands in the names of walks that were saved, before the ending of schedules.
const walkEnding = ".walk"

// draw shows the screen as it is now.
func (w *walking) draw() {
	w.screen.Clear()
	for y, line := range report.Walk(w.walk, w.view) {
		x := 0
		for _, span := range line {
			style := w.style(span.Style)
			for _, r := range span.Text {
				w.screen.SetContent(x, y, r, nil, style)
				x++
			}
		}
	}
	w.screen.Show()
}

// style is how a terminal shows a style: not at all where no colour is wanted.
func (w *walking) style(s report.Style) tcell.Style {
	plain := tcell.StyleDefault
	if !w.colour {
		return plain
	}
	switch s {
	case report.Strong:
		return plain.Bold(true)
	case report.Faint:
		return plain.Dim(true)
	case report.Changed:
		return plain.Foreground(tcell.ColorOlive).Bold(true)
	case report.Wrong:
		return plain.Foreground(tcell.ColorMaroon).Bold(true)
	}
	return plain
}
