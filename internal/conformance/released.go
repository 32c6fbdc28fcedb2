package conformance

import (
	"fmt"
	"io/fs"
	"path"

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

// Situations reads every situation.
func Situations() ([]*Situation, error) {
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
		all = append(all, some...)
	}
	return all, nil
}

// Recorded is the trace that the classes of a release gave.
func (r *Release) Recorded(s *Situation) (string, error) {
	text, err := fs.ReadFile(testdata.Conformance, fmt.Sprintf("conformance/%s/%s.txt", r.Version, s.Name))
	return string(text), err
}
