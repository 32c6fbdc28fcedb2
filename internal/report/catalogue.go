package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// Catalogue is all that can be named on the command line.
type Catalogue struct {
	Engines, Measures, Repairs []sweeper.Engine
	Scenarios                  []*catalogue.Scenario
	// Lives are scenarios that are not among all.
	Lives      []*catalogue.Scenario
	Oracles    []catalogue.OracleInfo
	Strategies []string
	Searches   []string
	// Locks, Queues and Stores are what the cases run on.
	Locks, Queues, Stores []string
}

type catalogueJSON struct {
	Engines    []string       `json:"engines"`
	Scenarios  []scenarioJSON `json:"scenarios"`
	Lives      []scenarioJSON `json:"lives,omitempty"`
	Strategies []string       `json:"strategies"`
	Locks      []string       `json:"locks"`
	Queues     []string       `json:"queues"`
	Stores     []string       `json:"stores"`
	Measures   []string       `json:"measures"`
	Repairs    []string       `json:"repairs"`
	Searches   []string       `json:"searches"`
	Oracles    []string       `json:"oracles"`
}

// scenarioJSON is one scenario: what it is about, the engine's own reports of it, and why it is there.
type scenarioJSON struct {
	Name   string   `json:"name"`
	About  string   `json:"about"`
	Story  []string `json:"story"`
	Issues []string `json:"issues"`
	Cause  string   `json:"cause"`
	Judged []string `json:"judged"`
	Scope  string   `json:"scope"`
	Lock   string   `json:"lock"`
	Queue  string   `json:"queue"`
	Store  string   `json:"store"`
	// ProvedOn is the engine on which it is proved.
	ProvedOn string `json:"proved_on"`
}

func scenarioOf(s *catalogue.Scenario) scenarioJSON {
	c := &catalogue.Case{Scenario: s}
	return scenarioJSON{
		Name: s.Name, About: s.About, Story: list(s.Story), Issues: list(s.Issues), Cause: s.Cause,
		Judged: list(s.Judged), Scope: s.Scope.String(), Lock: c.Lock(), Queue: c.Queue(), Store: c.Store(),
		ProvedOn: cmp.Or(s.ProvedOn, "proposed"),
	}
}

// WriteJSON writes the names as one line, and of each scenario what it is about.
func (c *Catalogue) WriteJSON(w io.Writer) error {
	out := catalogueJSON{
		Engines: engineNames(c.Engines), Scenarios: []scenarioJSON{}, Strategies: list(c.Strategies),
		Locks: list(c.Locks), Queues: list(c.Queues), Stores: list(c.Stores),
		Measures: engineNames(c.Measures), Repairs: engineNames(c.Repairs),
		Searches: list(c.Searches), Oracles: []string{},
	}
	for _, s := range c.Scenarios {
		out.Scenarios = append(out.Scenarios, scenarioOf(s))
	}
	for _, s := range c.Lives {
		out.Lives = append(out.Lives, scenarioOf(s))
	}
	for _, o := range c.Oracles {
		out.Oracles = append(out.Oracles, o.Name)
	}
	return encode(w, out)
}

func engineNames(engines []sweeper.Engine) []string {
	names := []string{}
	for _, e := range engines {
		names = append(names, e.Name)
	}
	return names
}

// WriteText writes the names, each with its line.
func (c *Catalogue) WriteText(w io.Writer, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	l.engines("engines", c.Engines)
	l.engines("measures against the races, one by one (engines too)", c.Measures)
	l.engines("single repairs of what no measure is about (engines too)", c.Repairs)
	l.add(l.bold("scenarios"))
	l.scenarios(c.Scenarios)
	if len(c.Lives) > 0 {
		l.add("", l.bold("scenarios of whole lives, by name alone (not among all)"))
		l.scenarios(c.Lives)
	}
	l.add("", l.bold("oracles (fermata explain ORACLE)"))
	for _, i := range c.Oracles {
		l.entry(i.Name, i.About)
	}
	l.add("")
	l.named("strategies", c.Strategies)
	l.named("searches", c.Searches)
	l.named("locks", c.Locks)
	l.named("queues", c.Queues)
	l.named("stores", c.Stores)
	return l.writeTo(w)
}

func (l *lines) scenarios(all []*catalogue.Scenario) {
	for _, s := range all {
		l.entry(s.Name, s.About)
		l.entry("", "judged by "+strings.Join(s.Judged, ", "))
		l.entry("", "scope "+s.Scope.String()+ownParts(s))
		l.entry("", why(s))
	}
}

// ownParts are the parts of a scenario that are not those of most.
func ownParts(s *catalogue.Scenario) (text string) {
	c := &catalogue.Case{Scenario: s}
	for _, p := range [][3]string{
		{"lock", c.Lock(), catalogue.Locks()[0]}, {"queue", c.Queue(), catalogue.Queues()[0]},
		{"store", c.Store(), catalogue.Stores()[0]},
	} {
		if p[1] != p[2] {
			text += ", " + p[0] + " " + p[1]
		}
	}
	return text
}

// why is where a scenario was reported, or what is wrong if nobody has.
func why(s *catalogue.Scenario) string {
	if len(s.Issues) > 0 {
		return strings.Join(s.Issues, ", ")
	}
	return s.Cause
}

func (l *lines) engines(title string, engines []sweeper.Engine) {
	l.add(l.bold(title))
	for _, e := range engines {
		l.entry(e.Name, e.About)
	}
	l.add("")
}

// entry is a name and its line: beside it if the name leaves room, else below.
func (l *lines) entry(name, about string) {
	const column = 26
	label := "  " + name
	if width(label)+2 > column {
		l.add(indented("  ", name)...)
		label = ""
	}
	l.add(indented(pad(label, column), about)...)
}

func (l *lines) named(title string, names []string) {
	l.add(indented(pad(title, 12), strings.Join(names, ", "))...)
}

// Explain writes what an oracle says and which scenarios it judges.
func Explain(w io.Writer, info catalogue.OracleInfo, all []*catalogue.Scenario, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	l.add(l.bold(info.Name))
	l.add(indented("  ", info.About)...)
	if len(info.Text) > 0 {
		l.add("")
		l.add(indented("  ", strings.Join(info.Text, " "))...)
	}
	for _, s := range all {
		for _, name := range s.Judged {
			if name == info.Name {
				l.scenario(s)
			}
		}
	}
	return l.writeTo(w)
}

// scenario tells the bad interleaving of a scenario that the oracle judges.
func (l *lines) scenario(s *catalogue.Scenario) {
	l.add("")
	l.add(indented("  ", fmt.Sprintf("judges %s: %s", s.Name, s.About))...)
	for i, t := range s.Story {
		l.add(indented(fmt.Sprintf("    %d. ", i+1), t)...)
	}
	if len(s.Issues) > 0 {
		l.add(indented("    reported as ", strings.Join(s.Issues, ", "))...)
	}
}
