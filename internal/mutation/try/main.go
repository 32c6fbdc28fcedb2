package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"fermata/internal/conformance"
	"fermata/internal/mutation"
	"fermata/internal/mutation/chosen"
	"fermata/scenarios/catalogue"
)

// statesMax is how many states a mutant may have in a scenario for each of the engine's own, and more.
const (
	statesMaxTimes = 20
	statesMaxMore  = 100_000
)

func main() {
	file := flag.String("mutants", "", "the file of the mutants")
	number := flag.Int("mutant", 0, "the mutant that runs; 0 is none")
	as := flag.Int("as", 0, "the mutant on whose engine and parts")
	states := flag.Int64("states", 0, "the most states that a scenario has without a mutant")
	scope := flag.String("scope", "", "what to change of the scenarios' scopes, as in faults=1")
	flag.Parse()
	out, err := run(*file, *number, *as, *states, *scope, flag.Args())
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "try:", err)
		os.Exit(1)
	}
}

// try is a mutant with what it runs on.
type try struct {
	mutants   []*mutation.Mutant
	m         *mutation.Mutant // on whose engine and parts
	statesMax int64
	scope     string
	scenarios []string
}

func run(file string, number, as int, states int64, scope string, args []string) (any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t := &try{m: &mutation.Mutant{}, statesMax: statesMaxTimes*states + statesMaxMore, scope: scope}
	if t.mutants, err = mutation.Parse(string(text)); err != nil {
		return nil, err
	}
	if max(number, as) > len(t.mutants) || len(args) == 0 {
		return nil, errors.New("expected a mutant that there is, and baseline, trial or space with scenarios")
	}
	if n := max(as, number); n > 0 {
		t.m = t.mutants[n-1]
	}
	chosen.Choose(chosen.Mutant(number))
	t.scenarios = args[1:]
	switch args[0] {
	case "baseline":
		return t.baseline()
	case "trial":
		return t.trial()
	case "space":
		return t.space()
	}
	return nil, fmt.Errorf("unknown %q: expected baseline, trial or space", args[0])
}

// caseOf is a scenario on the mutant's engine and parts; where it asks for none, on those on which it is proved.
func (t *try) caseOf(name string) (*catalogue.Case, error) {
	all := catalogue.Scenarios()
	at := slices.IndexFunc(all, func(s *catalogue.Scenario) bool { return s.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("no scenario %s", name)
	}
	c, err := catalogue.NewCase(name, cmp.Or(t.m.Engine, all[at].ProvedOn, "proposed"), t.scope)
	if err != nil {
		return nil, err
	}
	with := all[at].ProvedWith
	return c.On(catalogue.Parts{
		Lock:  cmp.Or(t.m.Lock, with.Lock),
		Queue: cmp.Or(t.m.Queue, with.Queue),
		Store: cmp.Or(t.m.Store, with.Store),
	})
}

func (t *try) verify(name string) (*catalogue.Report, error) {
	c, err := t.caseOf(name)
	if err != nil {
		return nil, err
	}
	return catalogue.Verify(c, catalogue.VerifyOptions{First: true, Workers: 1, StatesMax: t.statesMax})
}

func (t *try) baseline() ([]mutation.Baseline, error) {
	t.statesMax = 0
	if len(t.scenarios) == 0 {
		for _, s := range catalogue.Scenarios() {
			t.scenarios = append(t.scenarios, s.Name)
		}
	}
	functions := len(mutation.Functions(t.mutants))
	var all []mutation.Baseline
	for _, name := range t.scenarios {
		chosen.Forget()
		r, err := t.verify(name)
		if errors.Is(err, catalogue.ErrUsage) {
			continue // the scenario has no such engine or parts
		}
		if err != nil {
			return nil, err
		}
		b := mutation.Baseline{Scenario: name, OK: r.Verdict == catalogue.OK && r.Proved, States: r.States}
		for _, f := range r.AlsoSeen {
			b.Beside = append(b.Beside, t.killBy(r, f))
		}
		for n := range functions {
			if chosen.Entered(n) {
				b.Entered = append(b.Entered, n)
			}
		}
		all = append(all, b)
	}
	return all, nil
}

// trial runs the scenarios up to the first red one, and holds the releases' texts against the recorded calls.
func (t *try) trial() (*mutation.Trial, error) {
	out := &mutation.Trial{Mutant: t.m.Number}
	for _, name := range t.scenarios {
		r, err := t.verify(name)
		if err != nil {
			return nil, err
		}
		if r.Verdict == catalogue.Violated {
			k := t.kill(r)
			out.Killed = &k
			break
		}
		if r.Verdict != catalogue.OK {
			out.Unknown = append(out.Unknown, mutation.NoVerdict{Scenario: name, Reason: firstLine(r.Reason)})
		}
		for _, f := range r.AlsoSeen {
			out.Beside = append(out.Beside, t.killBy(r, f))
		}
	}
	if t.scope == "" && strings.HasPrefix(t.m.File, "sweeper/conductor/") {
		return out, held(out)
	}
	return out, nil
}

// kill is the finding by the first oracle of those that judge the scenario, in its order.
func (t *try) kill(r *catalogue.Report) mutation.Kill {
	for _, name := range r.Case.Scenario.Judged {
		for _, f := range r.Findings {
			if f.Oracle == name {
				return t.killBy(r, f)
			}
		}
	}
	return t.killBy(r, r.Findings[0])
}

func (t *try) killBy(r *catalogue.Report, f *catalogue.Finding) mutation.Kill {
	return mutation.Kill{
		Scenario: r.Case.Scenario.Name, Oracle: f.Oracle, Severity: f.Severity.String(), Scope: t.scope, Steps: f.Steps,
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// held runs every situation on every release's text, with the mutant in it. One that breaks out is not counted.
func held(out *mutation.Trial) error {
	for _, r := range conformance.Releases() {
		situations, err := r.Situations()
		if err != nil {
			return err
		}
		for _, s := range situations {
			want, err := r.Recorded(s.Name)
			if err != nil {
				return err
			}
			got, err := s.Trace(r.Text)
			if err != nil || got == want {
				continue
			}
			if out.Differing++; out.Traces == nil {
				out.Traces = &mutation.Differs{Release: r.Version, Situation: s.Name}
			}
		}
	}
	return nil
}

func (t *try) space() ([]mutation.Walked, error) {
	var all []mutation.Walked
	for _, name := range t.scenarios {
		c, err := t.caseOf(name)
		if err != nil {
			return nil, err
		}
		s, err := catalogue.SpaceOf(c, t.statesMax)
		w := mutation.Walked{Scenario: name, States: s.States, Sum: fmt.Sprintf("%x", s.Sum)}
		if err != nil {
			w.Cut = firstLine(err.Error())
		}
		all = append(all, w)
	}
	return all, nil
}
