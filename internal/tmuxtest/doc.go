// Package tmuxtest runs a shell in a real terminal, that of a tmux server of the test's own, and types and looks as a
// user would. Where there is no tmux the test is skipped, with a line that says how to get it.
package tmuxtest
