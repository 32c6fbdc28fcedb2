package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// names are the commands that a Chromium goes by.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// timeMax bounds one page's whole visit.
const timeMax = 60 * time.Second

// View is how a page is looked at.
type View struct {
	Width, Height int64
	Dark          bool
}

// Page is an open page, with what went wrong on it.
type Page struct {
	ctx context.Context
	url string

	mu       sync.Mutex
	troubles []string
}

// Open opens a file. Whatever the browser then asks for beside it, logs as an error or throws is a trouble.
func Open(t *testing.T, file string, v View) *Page {
	t.Helper()
	path := find(t)
	bound, cancel := context.WithTimeout(context.Background(), timeMax)
	p := &Page{url: (&url.URL{Scheme: "file", Path: file}).String()}
	ctx, cancelTab := chromedp.NewContext(bound, chromedp.WithListener(p.hear), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir())))
	p.ctx = ctx
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser to end
		cancelTab()
		cancel()
	})
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	p.do(t, chromedp.EmulateViewport(v.Width, v.Height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{
		Name: "prefers-color-scheme", Value: scheme,
	}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	p.do(t, chromedp.Navigate(p.url))
	return p
}

// Need skips the test where there is no Chromium. Call it before subtests, so that the test itself is skipped.
func Need(t *testing.T) {
	t.Helper()
	find(t)
}

// find looks for a Chromium.
func find(t *testing.T) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here: install one, for example with apt-get install chromium")
	return ""
}

// do does something on the page.
func (p *Page) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Eval evaluates an expression of JavaScript on the page; a promise is waited for.
func Eval[T any](t *testing.T, p *Page, expression string) T {
	t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// Press presses a key where the focus is.
func (p *Page) Press(t *testing.T, key string) {
	t.Helper()
	p.do(t, chromedp.KeyEvent(key))
}

// Screenshot writes a picture of the whole page.
func (p *Page) Screenshot(t *testing.T, file string) {
	t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(file, png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Troubles are what went wrong so far, in the order in which it did.
func (p *Page) Troubles() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.troubles...)
}

func (p *Page) trouble(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.troubles = append(p.troubles, fmt.Sprintf(format, args...))
}

// hear notes what goes wrong.
func (p *Page) hear(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Request.URL != p.url && !strings.HasPrefix(e.Request.URL, p.url+"#") {
			p.trouble("asks for %s", e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.trouble("logs %s", e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		p.trouble("throws %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			p.trouble("says %s on the console", e.Type)
		}
	case *page.EventJavascriptDialogOpening:
		p.trouble("opens a dialog: %s", e.Message)
		go func() {
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	}
}
