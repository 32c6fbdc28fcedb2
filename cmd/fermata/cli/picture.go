package cli

import (
	"bytes"
	"fmt"

	"github.com/spf13/pflag"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// againstNone is the name that stands for no engine beside a finding's.
const againstNone = "none"

// pictures says what findings are drawn beside.
type pictures struct {
	a       *app
	against string
}

func (p *pictures) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.against, "against", "proposed",
		"with --html, the engine to set beside; "+againstNone+" for none")
}

// engine finds the engine that is set beside others; nil for none.
func (p *pictures) engine() (*sweeper.Engine, error) {
	if p.against == againstNone {
		return nil, nil
	}
	name, err := p.a.engine(p.against)
	if err != nil {
		return nil, err
	}
	e, err := catalogue.EngineNamed(name, p.a.extra...)
	if err != nil {
		return nil, fmt.Errorf("--against: %w", err)
	}
	return &e, nil
}

// page draws a finding.
func (p *pictures) page(f *catalogue.Finding, o report.Options) ([]byte, error) {
	beside, err := p.engine()
	if err != nil {
		return nil, err
	}
	if beside != nil && beside.Name == f.Case.Engine.Name {
		beside = nil
	}
	picture, err := catalogue.PictureOf(f, beside)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.HTML(&b, picture, o)
	return b.Bytes(), err
}

// svg draws a finding as a picture.
func (*pictures) svg(f *catalogue.Finding) ([]byte, error) {
	picture, err := catalogue.PictureOf(f, nil)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.SVG(&b, picture)
	return b.Bytes(), err
}
