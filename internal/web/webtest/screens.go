package webtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// ScreensEnv names the folder for pictures; without it pages are only measured.
const ScreensEnv = "KVIT_SCREENS"

// lookTimeout bounds one look at a page. The whole run has no bound of its own: it is as long as the machine is busy.
const lookTimeout = time.Minute

// Screens opens every sample in a browser at 320, 360 and 1280 px, one of them dark and one with text of 150 %, and
// fails on sideways scrolling, on violations axe-core finds and on anything the security policy blocked. With KVIT_SCREENS=dir it keeps
// pictures there. It is skipped, loudly, where there is no browser.
func Screens(t *testing.T, static func(http.ResponseWriter, *http.Request) error, samples []Sample) {
	browser, err := exec.LookPath("chromium")
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: no chromium here (or -short): pages were not looked at")
	}
	var blocked reports
	server := httptest.NewServer(show(static, samples, &blocked))
	defer server.Close()
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(browser), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // a browser begun within the time of a look would end with it
		t.Fatal(err)
	}
	for i, s := range samples {
		if err := open(ctx, server.URL+"/"+s.Name); err != nil {
			t.Fatalf("%s does not open: %v", s.Name, err)
		}
		for _, look := range looks {
			if look.picture && os.Getenv(ScreensEnv) == "" {
				continue
			}
			err := look.check(ctx, s.Name, look.asks(i))
			if errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%s at %s: the browser does not answer: %v", s.Name, look.name, err)
			}
			if err != nil {
				t.Errorf("%s at %s: %v", s.Name, look.name, err)
			}
		}
	}
	for _, report := range blocked.list() {
		t.Errorf("blocked by the security policy: %s", report)
	}
}

// reports are the violations the browser sent.
type reports struct {
	mu   sync.Mutex
	seen []string
}

func (p *reports) take(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what came of it
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, string(body))
}

func (p *reports) list() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// look is one way to see a page.
type look struct {
	name    string
	width   int64
	theme   string
	text    string
	keep    bool // worth a picture
	axe     int  // which samples axe-core is asked about: every second one, beginning with 1 or 2; 0: none
	picture bool // only for the picture: a theme changes no width
}

var looks = []look{
	{"360-light", 360, "light", "", true, 1, false},
	{"360-dark", 360, "dark", "", true, 0, true},
	{"1280-light", 1280, "light", "", true, 0, true},
	{"1280-dark", 1280, "dark", "", true, 2, false},
	{"320-text150", 320, "light", "150", false, 0, false},
}

// asks says whether axe-core is asked about sample i in this look. A page has several samples, so that both looks see
// each page; the long sets ask about every sample in both, and with text of 150 % too.
func (l look) asks(i int) bool {
	if os.Getenv("KVIT_KILLS") != "" {
		return l.axe > 0 || l.text != ""
	}
	return l.axe > 0 && i%2 == l.axe-1
}

// policy is that of the site, and the browser tells what it blocked.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /blocked"

// show serves the samples under the site's policy.
func show(static func(http.ResponseWriter, *http.Request) error, samples []Sample, blocked *reports) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /blocked", blocked.take)
	mux.HandleFunc("GET /static/{hash}/{name...}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if err := static(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
		}
	})
	for _, s := range samples {
		mux.HandleFunc("GET /"+s.Name, func(w http.ResponseWriter, r *http.Request) {
			var b strings.Builder
			if err := s.Page.Render(r.Context(), &b); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			page := strings.Replace(b.String(), `http-equiv="refresh"`, `name="refresh"`, 1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			_, _ = w.Write([]byte(page)) // the browser is ours
		})
	}
	return mux
}

// widest finds what sticks out of the window; watch counts violations of the policy.
const widest = `(() => {
  const w = document.documentElement.clientWidth, out = [];
  for (const e of document.body.querySelectorAll("*")) {
    const r = e.getBoundingClientRect();
    if (r.width > 1 && r.right > w + 1 && !e.closest(".scroll") && getComputedStyle(e).visibility !== "hidden" && !e.closest(".vh")) out.push(e.tagName + "." + e.className + " " + Math.round(r.right) + " «" + (e.textContent || "").trim().slice(0, 30) + "»");
  }
  return document.documentElement.scrollWidth > w ? "wider than " + w + ": " + document.documentElement.scrollWidth + " " + out.slice(0, 4).join("; ") : "";
})()`

const styled = `(() => {
  if (!document.fonts.check('600 18px Onest')) return "Onest is not loaded";
  const icon = document.querySelector("svg.icon");
  if (icon && icon.getBoundingClientRect().width > 60) return "style sheet is not applied";
  return "";
})()`

// open opens a page once for all looks: loading it again costs more than looking.
func open(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return chromedp.Do(ctx, chromedp.EmulateViewport(looks[0].width, 800), chromedp.Navigate(url))
}

// check looks at the open page one way: its width, theme and size of text are changed in place.
func (l look) check(ctx context.Context, name string, axe bool) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	dress := fmt.Sprintf("Object.assign(document.documentElement.dataset, {theme: %q, text: %q}); null", l.theme, l.text)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, 800)); err != nil {
		return err
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](dress)); err != nil {
		return err
	}
	for _, script := range []string{widest, styled} {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			return err
		}
		if found != "" {
			return fmt.Errorf("%s", found)
		}
	}
	if axe {
		if err := Accessible(ctx); err != nil {
			return err
		}
	}
	dir := os.Getenv(ScreensEnv)
	if dir == "" || !l.keep {
		return nil
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+"-"+l.name+".png"), picture, 0o644)
}
