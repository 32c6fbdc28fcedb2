package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"fermata/internal/browsertest"
	"fermata/scenarios/catalogue"
	"fermata/testdata"
)

// picture draws a committed schedule beside the proposed fix.
func picture(t *testing.T, name string) *catalogue.Picture {
	t.Helper()
	file, err := testdata.Schedules.Open("schedules/" + name + ".sched")
	require.NoError(t, err)
	defer file.Close()
	s, err := catalogue.ReadSchedule(file, name)
	require.NoError(t, err)
	r, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
	require.NoError(t, err)
	fix, err := catalogue.EngineNamed("proposed")
	require.NoError(t, err)
	p, err := catalogue.PictureOf(r.Findings[0], &fix)
	require.NoError(t, err)
	return p
}

// written writes a page to a file.
func written(t *testing.T, p *catalogue.Picture) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, HTML(&b, p, Options{Path: func(*catalogue.Finding) string { return "found/x.sched" }}))
	file := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o644))
	return file
}

const race = "stale-lookup.conductor-3.17.0"

var desk = browsertest.View{Width: 1280, Height: 900}

// TestPageIsWalked: with the keyboard alone one comes to the violation and to where the race opens, and the state that
// is shown is the trace's, step by step.
func TestPageIsWalked(t *testing.T) {
	p := picture(t, race)
	page := browsertest.Open(t, written(t, p), desk)
	shown := func() map[string]string {
		text := browsertest.Eval[string](t, page, `JSON.stringify(Object.fromEntries(
			Array.from(document.querySelectorAll("#facts tr"))
			.filter(r => r.cells.length === 2)
			.map((r, i, rows) => [kindOf(r) + " " + r.cells[0].textContent, r.cells[1].textContent])))`)
		facts := map[string]string{}
		require.NoError(t, json.Unmarshal([]byte(text), &facts))
		return facts
	}
	browsertest.Eval[bool](t, page, `window.kindOf = r => {
		while (r && r.cells.length !== 1) r = r.previousElementSibling;
		return r ? r.cells[0].textContent : "" }; true`)
	holds := func(state int) {
		t.Helper()
		got := shown()
		for _, f := range p.States[state].Facts {
			require.Equal(t, f.Value, got[f.Kind+" "+f.Name], "%s %s after step %d", f.Kind, f.Name, state)
		}
	}
	at := p.Finding.Trace.At
	holds(at)
	page.Press(t, kb.Home)
	holds(0)
	for n := 1; n <= 12; n++ {
		page.Press(t, kb.ArrowDown)
		holds(n)
	}
	page.Press(t, "k")
	holds(11)
	page.Press(t, "v")
	holds(at)
	current := browsertest.Eval[string](t, page, `document.activeElement.textContent`)
	require.Contains(t, current, fmt.Sprintf("Step %d, sweeper-1: ", at))
	require.Contains(t, current, "dao.updateWorkflow w1 RUNNING")
	require.Contains(t, current, "the violation: from the copy read at step 10")
	page.Press(t, "w")
	holds(p.Finding.Trace.WindowFrom)
	page.Press(t, kb.End)
	holds(len(p.Finding.Trace.Steps))
	require.Empty(t, page.Troubles())
}

// TestPageSetsEnginesBesideEachOther: where 3.17.0 and the proposed fix part on the same schedule, and how that ends;
// and the one choice that lets the schedule pass.
func TestPageSetsEnginesBesideEachOther(t *testing.T) {
	p := picture(t, race)
	page := browsertest.Open(t, written(t, p), desk)
	row := browsertest.Eval[string](t, page, `document.querySelector("#h-beside ~ .pair tr.parts").innerText`)
	require.Regexp(t, fmt.Sprintf(`(?s)^%[1]d\s+sweeper-1\s+dao.getWorkflow w1 ⇒ RUNNING\s+%[1]d\s+`+
		`sweeper-1\s+lock.acquire w1 ⇒ timeout`, p.Beside.PartsAt), row)
	ends := browsertest.Eval[string](t, page, `document.querySelector("#h-beside ~ p").innerText`)
	require.Contains(t, ends, "No oracle of this scenario is violated.")
	flips := browsertest.Eval[string](t, page, `document.querySelector("#h-pass ~ p").innerText`)
	require.Contains(t, flips, "instead of worker-1 lock.release w1 it takes sweeper-1 lock.acquire w1 => timeout")
	require.Empty(t, page.Troubles())
}

// views are a phone's, a desk's and a wall's width, light and dark.
func views() []browsertest.View {
	var all []browsertest.View
	for _, v := range []browsertest.View{{Width: 400, Height: 800}, desk, {Width: 2000, Height: 1200}} {
		dark := v
		dark.Dark = true
		all = append(all, v, dark)
	}
	return all
}

// drawn are the schedules whose pages are looked at: with a stale write, with a push, with neither and a third actor.
var drawn = []string{race, "torn-repair.conductor-3.21.3", "early-release.conductor-3.21.3"}

// TestPageFits: in every view nothing is wider than the page, and no step overlaps another or is cut.
func TestPageFits(t *testing.T) {
	browsertest.Need(t)
	for _, name := range drawn {
		file := written(t, picture(t, name))
		for _, v := range views() {
			t.Run(fmt.Sprintf("%s %d dark=%t", name, v.Width, v.Dark), func(t *testing.T) {
				page := browsertest.Open(t, file, v)
				wide := browsertest.Eval[int](t, page,
					`document.documentElement.scrollWidth - document.documentElement.clientWidth`)
				require.LessOrEqual(t, wide, 0, "the page scrolls sideways")
				require.Empty(t, browsertest.Eval[[]string](t, page, overlapping))
				if dir := os.Getenv("FERMATA_SCREENSHOTS"); dir != "" {
					page.Screenshot(t, filepath.Join(dir, fmt.Sprintf("%s.%d.%t.png", name, v.Width, v.Dark)))
				}
				require.Empty(t, page.Troubles())
			})
		}
	}
}

// TestPageIsAccessible: in every view axe finds nothing serious.
func TestPageIsAccessible(t *testing.T) {
	browsertest.Need(t)
	browsertest.NeedAxe(t)
	for _, name := range drawn {
		file := written(t, picture(t, name))
		for _, v := range views() {
			t.Run(fmt.Sprintf("%s %d dark=%t", name, v.Width, v.Dark), func(t *testing.T) {
				require.Empty(t, browsertest.Open(t, file, v).Axe(t))
			})
		}
	}
}

// overlapping lists steps whose boxes overlap, and texts that are wider than their boxes.
const overlapping = `(() => {
	const steps = Array.from(document.querySelectorAll(".step"));
	const boxes = steps.map(s => s.getBoundingClientRect());
	const found = [];
	for (let i = 0; i < steps.length; i++) {
		if (steps[i].scrollWidth > steps[i].clientWidth + 1) found.push("cut: " + steps[i].innerText);
		for (let j = i + 1; j < steps.length; j++) {
			const a = boxes[i], b = boxes[j];
			if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
				found.push(steps[i].innerText + " / " + steps[j].innerText);
		}
	}
	return found;
})()`

// TestPageEscapes: whatever a name or a message says is text.
func TestPageEscapes(t *testing.T) {
	const bad = `<script>alert(1)</script>"><img src=x onerror=alert(2)>'&amp;</style>`
	p := picture(t, race)
	c := *p.Finding.Case
	s := *c.Scenario
	s.Name, s.About = bad, bad
	c.Scenario, c.Engine.Name = &s, bad
	f := *p.Finding
	f.Case, f.Message, f.Object = &c, bad, bad
	trace := *f.Trace
	trace.Steps = append([]catalogue.TraceStep(nil), trace.Steps...)
	for i := range trace.Steps {
		trace.Steps[i].Text, trace.Steps[i].Reply, trace.Steps[i].Note = bad, bad, bad
		trace.Steps[i].Call, trace.Steps[i].Return = bad, bad
	}
	trace.Notes, trace.Final, trace.Settled = []string{bad}, []string{bad}, []string{bad}
	f.Trace, p.Finding = &trace, &f
	for i := range p.States {
		p.States[i].Facts = append(p.States[i].Facts, catalogue.Fact{Kind: "task", Name: bad, Value: bad})
	}
	p.Passing.Failing, p.Passing.Other = bad, bad
	p.Beside.Violated, p.Beside.Message = bad, bad
	for i := range p.Holds {
		p.Holds[i].Actor, p.Holds[i].Workflow = bad, bad
	}
	page := browsertest.Open(t, written(t, p), desk)
	title := browsertest.Eval[string](t, page, `document.querySelector("h1").textContent`)
	require.Equal(t, bad+" on "+bad, title)
	require.Equal(t, 0, browsertest.Eval[int](t, page, `document.querySelectorAll("img").length`))
	require.Equal(t, 2, browsertest.Eval[int](t, page, `document.querySelectorAll("script").length`))
	page.Press(t, "v")
	require.Empty(t, page.Troubles())
}

// TestPagePolicy: the page names a policy under which nothing but its own script and style run, and nothing is fetched.
func TestPagePolicy(t *testing.T) {
	text, err := os.ReadFile(written(t, picture(t, race)))
	require.NoError(t, err)
	require.Regexp(t, `Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^;]+'; `+
		`script-src 'sha256-[^;]+'; base-uri 'none'; form-action 'none'"`, html.UnescapeString(string(text)))
	require.NotRegexp(t, `unsafe-|https?://|url\(|@import| style=| on[a-z]+=`, string(text))
}

// TestPageIsSmall: a page of 500 steps is under 1 MB, and one of 10,000 draws 500 and says so.
func TestPageIsSmall(t *testing.T) {
	for _, steps := range []int{500, 10_000} {
		var b bytes.Buffer
		require.NoError(t, HTML(&b, long(picture(t, race), steps), Options{}))
		require.Less(t, b.Len(), 1_000_000)
		require.Equal(t, 500, strings.Count(b.String(), "data-step="))
		said := regexp.MustCompile(`The run has \d+ steps; this page draws steps \d+ to \d+`).FindString(b.String())
		if steps == 500 {
			require.Empty(t, said)
		} else {
			require.Equal(t, "The run has 10000 steps; this page draws steps 9501 to 10000", said)
		}
	}
}

// long is a picture with so many steps, of which the last but one violates.
func long(p *catalogue.Picture, steps int) *catalogue.Picture {
	f := *p.Finding
	trace := *f.Trace
	for len(trace.Steps) < steps {
		trace.Steps = append(trace.Steps, trace.Steps[len(trace.Steps)%30])
		p.States = append(p.States, p.States[len(p.States)%30])
	}
	trace.Steps = append([]catalogue.TraceStep(nil), trace.Steps[:steps]...)
	for i := range trace.Steps {
		trace.Steps[i].Number = i + 1
	}
	trace.At = steps - 1
	f.Trace, p.Finding = &trace, &f
	return p
}
