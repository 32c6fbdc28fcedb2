package gallery_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim/gallery"
)

// TestPage: docs/gallery.md has every program with its threads, its bug and its story, every counted program with its
// classes, and a measured line for each program.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/gallery.md")
	require.NoError(t, err)
	for _, p := range gallery.Programs() {
		line := fmt.Sprintf("| %s | %d | `%s` | %s | %s |\n", p.Name, p.Actors(), p.File, p.Bug, p.Story)
		require.Contains(t, string(page), line)
		require.Contains(t, string(page), fmt.Sprintf("| %s | %d | ", p.Name, p.Actors()))
	}
	for _, c := range gallery.CountedPrograms() {
		require.Contains(t, string(page), fmt.Sprintf("| %s | %d |", c.String(), c.Classes))
	}
}
