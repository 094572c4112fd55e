package whole

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestDemoInABrowser starts the demo as a newcomer would and walks it in a real browser: the resident sees his bill
// and pays it at the training bank, the supplier sees his files, the centre finds a subscriber. With KVIT_SCREENS=dir
// the pages are kept as pictures.
func TestDemoInABrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("KVIT_TEST_NO_BROWSER") == "1" {
			t.Skip("ПРОПУЩЕНО: нет chromium, KVIT_TEST_NO_BROWSER=1")
		}
		t.Fatal("нет chromium: установите пакет chromium (пропустить: KVIT_TEST_NO_BROWSER=1)")
	}
	base := startDemo(t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath(browser), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	w := &walk{t: t, ctx: ctx, base: base}

	w.open("/demo")
	w.shot("demo")
	w.press("form[action='/demo'] button", 0)
	w.see("Оплатить") // how the sum is called depends on the day: it is due, or a debt
	w.shot("home")
	w.open("/bill")
	w.see("Начислено")
	w.shot("bill")
	w.open("/bill/pay")
	w.see("Без комиссии")
	w.shot("pay")
	w.press("input[name='method'][value='card']", 0)
	w.press("form[method='post'] button.button", 0)
	w.see("Учебный банк")
	w.press("button[value='captured']", 0)
	w.see("оплачено")
	w.shot("paid")
	w.open("/home")
	w.see("Всё оплачено")
	w.open("/bill?at=31.10.2026")
	w.shot("asof")

	w.open("/demo")
	w.press("form[action='/demo'] button", 1)
	w.shot("supplier")
	w.open("/s/intakes")
	w.see("загружен")
	w.shot("intakes")
	w.open("/s/payments")
	w.shot("payments")
	w.open("/c/today")
	w.see("прав")

	w.open("/demo")
	w.press("form[action='/demo'] button", 2)
	w.see("Сомнительные соединения")
	w.shot("today")
	w.open("/c/find?q=Ленина")
	w.shot("find")
	w.open("/c/review")
	w.shot("review")
}

// startDemo starts the demo on a free port and gives its address.
func startDemo(t *testing.T) string {
	t.Helper()
	return startDemoAt(t, t.TempDir())
}

// startDemoAt starts the demo with its data in a folder: a copy of the one city that all tests of the demo begin with.
func startDemoAt(t *testing.T, dir string) string {
	t.Helper()
	demoOnce.Do(func() { demoDir, demoErr = filledDemo(t) })
	if demoErr != nil {
		t.Fatal(demoErr)
	}
	if err := os.CopyFS(dir, os.DirFS(demoDir)); err != nil {
		t.Fatal(err)
	}
	address, stop, err := runDemo(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return address
}

var (
	demoOnce sync.Once
	demoDir  string
	demoErr  error
)

// TestMain removes what the tests shared.
func TestMain(m *testing.M) {
	status := m.Run()
	os.RemoveAll(demoDir) //nolint:errcheck // the system clears its temporary folder
	os.Exit(status)
}

// filledDemo starts a demo in an empty folder, as a newcomer does, and stops it when it has its city and shows it.
func filledDemo(t *testing.T) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "kvit-demo-"); err != nil {
		return "", err
	}
	address, stop, err := runDemo(t, dir)
	if err != nil {
		return dir, err
	}
	defer stop()
	res, err := http.Get(address + "/demo")
	if err != nil {
		return dir, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return dir, errors.New("/demo: " + res.Status)
	}
	return dir, nil
}

// runDemo starts the demo on a free port and waits until it is ready.
func runDemo(t *testing.T, dir string) (address string, stop func(), err error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = l.Addr().String()
	l.Close()
	cmd := exec.Command(kvit(t), "--data", dir, "demo", "--keep", "--listen", address, "--households", "2000", "--seed", "3")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
		cmd.Wait()                       //nolint:errcheck // stopped on purpose
	}
	ready := make(chan bool, 1)
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			if strings.HasPrefix(s.Text(), "Готово") {
				ready <- true
			}
		}
	}()
	select {
	case <-ready:
		return "http://" + address, stop, nil
	case <-time.After(10 * time.Minute):
		stop()
		return "", nil, errors.New("the demo was not ready in ten minutes")
	}
}

// walk is a person in front of a browser.
type walk struct {
	t    *testing.T
	ctx  context.Context //nolint:containedctx // it lives as long as the browser
	base string
}

func (w *walk) open(path string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Navigate(w.base+path)); err != nil {
		w.t.Fatalf("open %s: %v", path, err)
	}
}

// text is what the page shows.
func (w *walk) text() string {
	w.t.Helper()
	s, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.ReplaceAll(s, "\u00a0", " ")
}

// see waits until the page shows a text.
func (w *walk) see(want string) {
	w.t.Helper()
	text := ""
	for range 240 {
		if text = w.text(); strings.Contains(text, want) {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	w.t.Fatalf("%q is not on the page:\n%.1500s", want, text)
}

// press presses the n-th thing that a selector finds and waits for the next page.
func (w *walk) press(selector string, n int) {
	w.t.Helper()
	before, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("window.name='before'; location.href"))
	if err != nil {
		w.t.Fatal(err)
	}
	script := "(() => { const found=document.querySelectorAll(" + quote(selector) + "); return found.length>" + itoa(n) + " ? (found[" + itoa(n) + "].click(), 'pressed') : 'none: '+(document.body ? document.body.innerText.slice(0,300) : '') })()"
	said, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](script))
	if err != nil || said != "pressed" {
		w.t.Fatalf("press %s on %s: %v %s", selector, before, err, said)
	}
	time.Sleep(600 * time.Millisecond)
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func itoa(n int) string { return string(rune('0' + n)) }

// shot keeps a picture of the page at phone and desk width, light and dark.
func (w *walk) shot(name string) {
	w.t.Helper()
	dir := os.Getenv("KVIT_SCREENS")
	if dir == "" {
		return
	}
	for _, look := range []struct {
		name  string
		width int64
	}{{"360", 360}, {"1280", 1280}} {
		if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(look.width, 800)); err != nil {
			w.t.Fatal(err)
		}
		picture, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+"-"+look.name+".png"), picture, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}
