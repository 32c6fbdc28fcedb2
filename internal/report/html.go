package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"fermata/scenarios/catalogue"
)

//go:embed page/page.html
var pageText string

//go:embed page/page.css
var pageStyle string

//go:embed page/page.js
var pageScript string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// htmlStepsMax is the most steps that a page draws.
const htmlStepsMax = 500

// HTML writes a picture as one page that needs nothing else: no network, and no script but its own, which a policy in
// it says too. Of a run that is longer than 500 steps it draws those up to the violation and some after, and says so.
func HTML(w io.Writer, p *catalogue.Picture, o Options) error {
	h := newPage(p, &o)
	h.Policy = policy(h.Style, h.Script)
	return pageTemplate.Execute(w, h)
}

// policy lets the browser run the page's own style and script, and fetch nothing.
func policy(style template.CSS, script template.JS) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
		hashed(string(style)), hashed(string(script)))
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// htmlPage is what the template shows.
type htmlPage struct {
	Policy                               string
	Style                                template.CSS
	Script                               template.JS
	Title, Oracle, Severity, Message     string
	Notes, Cut                           []string
	Setup, Command, GutterLegend, Before string
	Chart                                chart
	Heads                                []boxed
	Shade                                string
	Bars                                 []boxed
	Steps                                []stepBox
	Facts                                []catalogue.Fact
	Final, Settled, SettledTitle         string
	Passing                              *passingPart
	Beside                               *besidePart
	Foot                                 string
	Data                                 pageData

	picture     *catalogue.Picture
	first, last int // the steps that are drawn, from 1
	layout      layout
}

// boxed is a text in a box.
type boxed struct{ Class, Title, Text string }

// stepBox is one step.
type stepBox struct {
	NoClass, Class, Actor, Text, Reply, Call, Return, Note, Words string
	Number                                                        int
}

func newPage(p *catalogue.Picture, o *Options) *htmlPage {
	f := p.Finding
	c := f.Case
	h := &htmlPage{
		picture: p, Title: c.Scenario.Name + " on " + c.Engine.Name, Oracle: f.Oracle,
		Severity: strings.TrimSpace(severity(f, "%s")), Message: f.Message, Notes: f.Trace.Notes,
		Script: template.JS(pageScript), Command: "",
		Before: "Before the first step.",
		Foot: "Written by fermata from a schedule: the same schedule gives the same page. It loads nothing and sends " +
			"nothing.",
	}
	if f.Object != "" {
		h.Oracle += " of " + f.Object
	}
	if path := o.path(f); path != "" {
		h.Command = o.replayCommand(path)
	}
	h.Setup = fmt.Sprintf("%s. Lock %s, queue %s, store %s; scope %s; %s, %s. Fingerprint %016x.",
		c.Scenario.About, c.Lock(), c.Queue(), c.Store(), c.Scope, count(int64(f.Steps), "step"),
		count(int64(f.Switches), "forced switche"), f.Fingerprint)
	h.cut()
	h.layout = h.layOut()
	h.Style = template.CSS(pageStyle + h.layout.style())
	h.boxes()
	h.chart()
	h.ends()
	h.compare()
	h.data()
	return h
}

// cut chooses the steps that are drawn.
func (h *htmlPage) cut() {
	t := h.picture.Finding.Trace
	h.first, h.last = 1, len(t.Steps)
	if len(t.Steps) <= htmlStepsMax {
		return
	}
	h.last = min(len(t.Steps), t.At+htmlStepsMax/10)
	h.first = max(1, h.last-htmlStepsMax+1)
	h.last = min(len(t.Steps), h.first+htmlStepsMax-1)
	h.Before = fmt.Sprintf("Before step %d.", h.first)
	h.Cut = append(h.Cut, fmt.Sprintf(
		"The run has %d steps; this page draws steps %d to %d. fermata replay --full shows them all.",
		len(t.Steps), h.first, h.last))
}

// steps are those that are drawn.
func (h *htmlPage) steps() []catalogue.TraceStep {
	return h.picture.Finding.Trace.Steps[h.first-1 : h.last]
}

// ends tells the end of the run and what settling makes of it.
func (h *htmlPage) ends() {
	t := h.picture.Finding.Trace
	h.Final = strings.Join(t.Final, "\n")
	h.Settled = strings.Join(t.Settled, "\n")
	h.SettledTitle = "After settling"
	if t.SettleTime > 0 {
		h.SettledTitle += ", " + t.SettleTime.String() + " later"
	}
	h.Facts = h.picture.States[min(t.At, len(h.picture.States)-1)].Facts
}
