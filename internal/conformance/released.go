package conformance

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/testdata"
)

// Release is a published release whose classes' calls are recorded.
type Release struct {
	Version string // as published, and the folder of its traces
	Text    sweeper.Engine
}

// Releases says which release of the registry stands for which text.
func Releases() []Release {
	return []Release{
		{"3.13.8", conductor.Release3140()},
		{"3.14.0", conductor.Release3140()},
		{"3.15.0", conductor.Release3150()},
		{"3.21.14", conductor.Release32114()},
		{"3.22.0", conductor.Release3220()},
		{"3.32.3", conductor.Release3323()},
	}
}

// Situations reads the situations that are for the release.
func (r *Release) Situations() ([]*Situation, error) {
	files, err := fs.Glob(testdata.Conformance, "conformance/situations/*.txt")
	if err != nil {
		return nil, err
	}
	var all []*Situation
	for _, name := range files {
		f, err := testdata.Conformance.Open(name)
		if err != nil {
			return nil, err
		}
		some, err := Parse(f, path.Base(name))
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if len(s.Only) == 0 || slices.Contains(s.Only, r.Version) {
				all = append(all, s)
			}
		}
	}
	return all, nil
}

// Recorded is the trace that its classes gave in a situation.
func (r *Release) Recorded(situation string) (string, error) {
	text, err := fs.ReadFile(testdata.Conformance, fmt.Sprintf("conformance/%s/%s.txt", r.Version, situation))
	return string(text), err
}
