package load

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUsage is a figure that cannot be meant.
var ErrUsage = errors.New("wrong usage")

// Figure is one thing that a setup says, by the name that it has on the command line and in a preset.
type Figure struct {
	Name, About string
	set         func(s *Setup, text string, read func(path string) ([]byte, error)) error
	get         func(s *Setup) string
	scale       *scale // of its plain values; nil if it has none that stand in an order
}

// Figures lists them in the order in which they are told.
func Figures() []Figure { return figures }

// FigureNamed finds one; nil if there is none.
func FigureNamed(name string) *Figure {
	for i := range figures {
		if figures[i].Name == name {
			return &figures[i]
		}
	}
	return nil
}

// Set reads the figure's text into the setup. read reads a file of samples. Errors are ErrUsage.
func (f *Figure) Set(s *Setup, text string, read func(path string) ([]byte, error)) error {
	if err := f.set(s, strings.TrimSpace(text), read); err != nil {
		return fmt.Errorf("%w: %s %s: %w", ErrUsage, f.Name, clipped(text), err)
	}
	return nil
}

// Text is the figure as it is in the setup, as Set reads it.
func (f *Figure) Text(s *Setup) string { return f.get(s) }
