package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"fermata/internal/files"
	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
	"fermata/sweeper"
	"fermata/testdata"
)

// samplesMax bounds a file of samples, and a preset.
const samplesMax = 64 << 20

// presetEnding ends the names of presets.
const presetEnding = ".preset"

// plan reads everything that was asked for, before anything is run.
func (l *loading) plan() error {
	for _, n := range []struct {
		name         string
		given, least int
		most         int
	}{{"seeds", l.seeds, 1, loadSeedsMax}, {"steps", l.steps, 2, loadStepsMax}} {
		if n.given < n.least || n.given > n.most {
			return fmt.Errorf("invalid --%s %d: expected %d to %d", n.name, n.given, n.least, n.most)
		}
	}
	if err := checkWorkers(l.workers); err != nil {
		return err
	}
	engines, err := l.readEngines()
	if err != nil {
		return err
	}
	base, err := l.base()
	if err != nil {
		return err
	}
	figure, values, err := l.figuresGiven(base)
	if err != nil {
		return err
	}
	for _, e := range engines {
		for _, v := range values {
			row := loadRow{engine: e.Name, value: v, setup: *base}
			row.setup.Engine = e
			if l.cuts.dir != "" {
				row.setup.Cutout = l.cuts.most
			}
			if figure != nil {
				err = figure.Set(&row.setup, v, readSamples)
			} else if len(engines) > 1 {
				row.value = e.Name
			}
			if err == nil {
				err = row.setup.Check()
			}
			if err != nil {
				return ofFlag(err)
			}
			l.rows = append(l.rows, row)
		}
	}
	switch {
	case len(l.rows) > loadRowsMax:
		return fmt.Errorf("%d engines with %d values of --%s: expected at most %d rows", len(engines), len(values),
			figure.Name, loadRowsMax)
	case figure != nil:
		l.varied = figure.Name
	case len(engines) > 1:
		l.varied = "engine"
	}
	return nil
}

// base is the setup of the preset, or the default.
func (l *loading) base() (*load.Setup, error) {
	if l.preset == "" {
		return load.Default(), nil
	}
	text, err := testdata.Load.ReadFile("load/" + l.preset + presetEnding)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		text, err = l.readPreset()
	}
	if err != nil {
		return nil, err
	}
	if l.figures, err = load.ParsePreset(l.preset, string(text)); err != nil {
		return nil, err
	}
	return l.figures.Setup(readSamples)
}

func (l *loading) readPreset() ([]byte, error) {
	text, err := readBounded(l.preset, "one of the presets "+strings.Join(presetNames(), ", ")+", or the file of one")
	if err != nil {
		return nil, fmt.Errorf("--preset %w", err)
	}
	return text, nil
}

// figuresGiven sets the figures that flags give, but for the one that is varied, if one is: that is given with its
// values. Without one there is a single value, which is empty.
func (l *loading) figuresGiven(s *load.Setup) (varied *load.Figure, values []string, err error) {
	values = []string{""}
	figures := load.Figures()
	for i := range figures {
		f := &figures[i]
		if !l.flags.Changed(f.Name) {
			continue
		}
		text := l.flags.Lookup(f.Name).Value.String()
		asked, err := f.Values(text, l.steps)
		switch {
		case err != nil:
			return nil, nil, ofFlag(err)
		case len(asked) == 1:
			if err := f.Set(s, asked[0], readSamples); err != nil {
				return nil, nil, ofFlag(err)
			}
		case varied != nil:
			return nil, nil, fmt.Errorf("--%s and --%s: expected one figure with several values", varied.Name, f.Name)
		default:
			varied, values = f, asked
		}
	}
	return varied, values, nil
}

// readEngines gives the engines that were asked for. They must run in this process, by its coroutines.
func (l *loading) readEngines() ([]sweeper.Engine, error) {
	known := loadEngines()
	refuse := func(name, why string) error {
		return fmt.Errorf("invalid --engine %s: %s: expected such as %s", name, why, strings.Join(known, ", "))
	}
	var engines []sweeper.Engine
	for _, name := range expand(l.engines, known) {
		if strings.HasPrefix(name, execPrefix) || strings.HasPrefix(name, socketPrefix) {
			return nil, refuse(name, "load runs engines in this process")
		}
		e, err := catalogue.EngineNamed(name, l.a.extra...)
		switch {
		case err != nil:
			return nil, err
		case e.Goroutines:
			return nil, refuse(name, "it starts goroutines, and so runs in go test only")
		case !e.Memoisable:
			return nil, refuse(name, "it does not say that it may be remembered")
		}
		engines = append(engines, e)
	}
	if len(engines) == 0 {
		return nil, fmt.Errorf("nothing selected: expected at least one --engine")
	}
	return engines, nil
}

// ofFlag says an error of a figure as that of its flag.
func ofFlag(err error) error {
	text := err.Error()
	for _, f := range load.Figures() {
		if said := load.ErrUsage.Error() + ": " + f.Name + " "; strings.HasPrefix(text, said) {
			return fmt.Errorf("invalid --%s %s", f.Name, strings.TrimPrefix(text, said))
		}
	}
	return err
}

// presetNames lists the presets that the program carries.
func presetNames() (names []string) {
	entries, err := testdata.Load.ReadDir("load")
	if err != nil {
		panic("cli: " + err.Error()) // they are in the program
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), presetEnding))
	}
	slices.Sort(names)
	return names
}

// readSamples reads a file of samples.
func readSamples(path string) ([]byte, error) { return readBounded(path, "a file of samples") }

func readBounded(path, what string) ([]byte, error) {
	f, err := files.Open(path, what)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, samplesMax+1))
	switch {
	case err != nil:
		return nil, files.Unusable(path, err, what)
	case len(text) > samplesMax:
		return nil, fmt.Errorf("%s: more than %d MB: expected %s", path, samplesMax>>20, what)
	}
	return text, nil
}
