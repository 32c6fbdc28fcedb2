package cli

import (
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// walking is a walk along a schedule at a terminal.
type walking struct {
	a       *app
	walk    *catalogue.Stepper
	path    string
	height  int
	message string
}

// walk walks the schedule of a file. It leaves the terminal as it found it.
func (r *replaying) walk(path string) error {
	if !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return fmt.Errorf("replay --step: expected a terminal for input and output")
	}
	s, err := readSchedule(path)
	if err != nil {
		return err
	}
	w, err := catalogue.NewStepper(s, r.o)
	if err != nil {
		return inFile(path, err)
	}
	defer w.Close()
	p := tea.NewProgram(&walking{a: r.a, walk: w, path: path}, tea.WithAltScreen(), tea.WithContext(r.a.ctx),
		tea.WithoutSignalHandler())
	_, err = p.Run()
	if r.a.stopped() {
		return nil // Ctrl-C, or a signal: that is how one leaves
	}
	return err
}

// Init does nothing.
func (*walking) Init() tea.Cmd { return nil }

// Update takes a key, or the size of the terminal.
func (w *walking) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.height = msg.Height
	case tea.KeyMsg:
		w.message = ""
		if w.key(msg.String()) {
			return w, tea.Quit
		}
	}
	return w, nil
}

// key does what a key asks for, and tells whether that is to leave.
func (w *walking) key(key string) (leave bool) {
	switch key {
	case "q", "esc", "ctrl+c":
		return true
	case "n", " ", "down", "j", "right", "enter":
		if !w.walk.Next() {
			w.message = "the run is over"
		}
	case "b", "up", "k", "left", "backspace":
		if !w.walk.Back() {
			w.message = "this is the start"
		}
	case "v":
		if !w.walk.Violation() {
			w.message = "no violation on this way"
		}
	case "g", "home":
		w.walk.Home()
	case "G", "end":
		w.walk.End()
	case "s":
		w.save()
	default:
		if len(key) == 1 && key[0] >= '1' && key[0] <= '9' {
			w.choose(int(key[0] - '1'))
		}
	}
	return false
}

func (w *walking) choose(i int) {
	if open, _ := w.walk.Open(); i >= len(open) {
		w.message = fmt.Sprintf("there is no choice %d here", i+1)
		return
	}
	w.walk.Choose(i)
}

// save writes the walk so far beside the schedule that it began with.
func (w *walking) save() {
	s, err := w.walk.Schedule()
	if err != nil {
		w.message = err.Error()
		return
	}
	path, _, err := files.WriteNew(stem(w.path)+".walk", schedEnding, []byte(s.Text()), false)
	if err != nil {
		w.message = err.Error()
		return
	}
	w.message = "saved: " + report.ReplayCommand(path)
}

// View draws the screen.
func (w *walking) View() string {
	return report.Walk(w.walk, report.WalkView{Height: w.height, Colour: w.a.colour, Message: w.message})
}
