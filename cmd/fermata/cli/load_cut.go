package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"fermata/internal/files"
	"fermata/internal/loadreport"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
)

// cutsMax bounds how many lives of a row are cut out, and cutsDefault is how many are.
const (
	cutsMax     = 1000
	cutsDefault = 3
)

// cutting is where what went wrong is written as schedules.
type cutting struct {
	a    *app
	dir  string // empty: nowhere
	most int    // of each row
}

func (c *cutting) flags(flags *pflag.FlagSet) {
	flags.StringVar(&c.dir, "cut", "",
		"a folder for schedules of what went wrong: of each row the worst workflows, shrunk, for replay")
	flags.IntVar(&c.most, "cut-max", cutsDefault, "how many of each row are cut out")
}

// check finds out before anything is run whether schedules can be written.
func (c *cutting) check(flags *pflag.FlagSet, force bool) error {
	switch {
	case c.most < 1 || c.most > cutsMax:
		return fmt.Errorf("invalid --cut-max %d: expected 1 to %d", c.most, cutsMax)
	case c.dir == "" && flags.Changed("cut-max"):
		return errors.New("--cut-max without --cut: expected the folder of the schedules too")
	case c.dir == "":
		return nil
	}
	dir, err := files.OpenDir(c.dir, force)
	if err == nil {
		dir.Close()
	}
	return err
}

// write cuts out the lives of every row and writes their schedules. Where one cannot be cut out, the reason stands with
// it; the error tells what is the harness's own fault.
func (c *cutting) write(d *loadreport.Document, force bool) (lives []loadreport.Life, err error) {
	dir, err := files.OpenDir(c.dir, force)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	lives = []loadreport.Life{}
	var faults []error
	for i := range d.Table.Rows {
		row := &d.Table.Rows[i]
		number := ""
		if v := d.Table.Varied; v != "" && row.Value != row.Engine {
			number = fmt.Sprintf(".row-%d", i+1)
		}
		for j := range row.Result.Lives {
			life := &row.Result.Lives[j]
			told := loadreport.Life{
				Row: d.Name(row), Seed: life.Setup.Seed, Workflow: life.Workflow, What: life.What,
			}
			name := fmt.Sprintf("%s.seed-%d.workflow-%d", number, told.Seed, told.Workflow)
			fault, err := c.one(life, &told, dir, name)
			if err != nil {
				return nil, err
			}
			faults = append(faults, fault)
			lives = append(lives, told)
		}
	}
	return lives, errors.Join(faults...)
}

// one cuts out one life, and tells of it.
func (c *cutting) one(l *load.Life, told *loadreport.Life, dir *files.Dir, name string) (fault, err error) {
	if c.a.stopped() {
		told.Why = "interrupted before"
		return nil, nil
	}
	f, err := l.Cut()
	if err != nil {
		told.Why = strings.TrimPrefix(err.Error(), catalogue.ErrUsage.Error()+": ")
		var why *catalogue.LifeError
		if !errors.As(err, &why) && !errors.Is(err, catalogue.ErrUsage) && !errors.Is(err, load.ErrUsage) {
			fault = fmt.Errorf("%w: seed %d, workflow %d: %w", errHarness, told.Seed, told.Workflow, err)
		}
		return fault, nil
	}
	path, note, err := dir.Write(f.Case.Name()+name, schedEnding, f.Schedule.Text())
	if err != nil {
		return nil, err
	}
	c.a.note(note)
	told.Oracle, told.Severity, told.Steps = f.Oracle, f.Severity.String(), f.Steps
	told.File, told.Replay = path, report.ReplayCommand(path)
	return nil, nil
}
