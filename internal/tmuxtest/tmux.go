package tmuxtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// timeMax bounds the wait for what is expected on a screen, and pause is how long it waits between two looks.
const (
	timeMax = 60 * time.Second
	pause   = 20 * time.Millisecond
)

// prompt is what the shell says when it is ready.
const prompt = "ready> "

// Terminal is a terminal with a shell in it.
type Terminal struct {
	t    *testing.T
	tmux string
	// folder is for the server's socket: the path of one must be short.
	folder string
}

// Open opens a terminal of that size, with a shell in the folder. The shell's environment has nothing but what a
// terminal needs, and what is given; it is UTF-8.
func Open(t *testing.T, width, height int, folder string, environment ...string) *Terminal {
	t.Helper()
	path, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("no tmux here: install it, for example with apt-get install tmux")
	}
	x := &Terminal{t: t, tmux: path}
	if x.folder, err = os.MkdirTemp("", "tmux"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.close)
	shell := []string{"env", "-i", "PATH=" + os.Getenv("PATH"), "TERM=tmux-256color", "LC_ALL=C.UTF-8", "PS1=" + prompt}
	shell = append(shell, environment...)
	shell = append(shell, "sh")
	x.do(append([]string{
		"-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "-c", folder,
	}, shell...)...)
	x.Expect(strings.TrimSpace(prompt))
	return x
}

// close ends the server, and waits until it is gone.
func (x *Terminal) close() {
	_ = x.command("kill-server").Run() // it may have ended with its shell
	for end := time.Now().Add(timeMax); time.Now().Before(end); time.Sleep(pause) {
		if x.command("list-sessions").Run() != nil {
			break
		}
	}
	if err := os.RemoveAll(x.folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		x.t.Error(err)
	}
}

func (x *Terminal) command(words ...string) *exec.Cmd {
	c := exec.Command(x.tmux, append([]string{"-u", "-S", filepath.Join(x.folder, "s")}, words...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TERM=xterm-256color"}
	return c
}

// do gives tmux an order, and what it answers.
func (x *Terminal) do(words ...string) string {
	x.t.Helper()
	out, err := x.command(words...).CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %s: %v: %s", strings.Join(words, " "), err, out)
	}
	return string(out)
}

// Press presses keys, by tmux's names of them: n, Enter, C-c.
func (x *Terminal) Press(keys ...string) {
	x.t.Helper()
	x.do(append([]string{"send-keys"}, keys...)...)
}

// Type types a line for the shell, and Enter.
func (x *Terminal) Type(line string) {
	x.t.Helper()
	x.do("send-keys", "-l", line)
	x.Press("Enter")
}

// Resize gives the terminal another size.
func (x *Terminal) Resize(width, height int) {
	x.t.Helper()
	x.do("resize-window", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height))
}

// Screen is what is on the screen, without the blank at the ends of lines.
func (x *Terminal) Screen() string {
	x.t.Helper()
	return x.do("capture-pane", "-p")
}

// Painted is the screen with the codes that paint it.
func (x *Terminal) Painted() string {
	x.t.Helper()
	return x.do("capture-pane", "-p", "-e")
}

// Record writes to a file, from now on, what is written to the terminal: the text and the codes.
func (x *Terminal) Record(file string) {
	x.t.Helper()
	x.do("pipe-pane", "cat >'"+file+"'")
}

// State is what the terminal itself is set to: whether the cursor shows, the alternate screen is on, and keys are sent
// as applications like them.
func (x *Terminal) State() string {
	x.t.Helper()
	return strings.TrimSpace(x.do("display-message", "-p",
		"cursor #{cursor_flag}, alternate screen #{alternate_on}, keypad #{keypad_flag}, cursor keys "+
			"#{keypad_cursor_flag}, wrap #{wrap_flag}, mouse #{mouse_any_flag}"))
}

// Expect waits until all of it is on the screen, and gives the screen.
func (x *Terminal) Expect(want ...string) string {
	x.t.Helper()
	return x.Until(strings.Join(want, " | "), func(screen string) bool {
		for _, w := range want {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// Until waits until the screen is as it should be, and gives it.
func (x *Terminal) Until(what string, is func(screen string) bool) string {
	x.t.Helper()
	screen := ""
	for end := time.Now().Add(timeMax); time.Now().Before(end); time.Sleep(pause) {
		if screen = x.Screen(); is(screen) {
			return screen
		}
	}
	x.t.Fatalf("never on the screen: %s; it shows:\n%s", what, screen)
	return ""
}

// Ready waits for the shell's prompt on the last line that is not empty, and gives the screen.
func (x *Terminal) Ready() string {
	x.t.Helper()
	return x.Until("the shell's prompt", func(screen string) bool {
		lines := strings.Split(strings.TrimRight(screen, "\n "), "\n")
		return lines[len(lines)-1] == strings.TrimSpace(prompt)
	})
}
