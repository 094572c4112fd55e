package whole

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kvit/internal/web/webtest"
)

// demoPage is a page of the demo: how to come to it, and who sees it.
type demoPage struct {
	name     string // of the picture; empty: not kept
	resident bool   // fingers use it: targets are large
	go_      func(w *walk)
}

// TestDemoPagesAreFitForPeople opens every page of the demo in a browser and looks as ux.md 11 and 17 ask: nothing
// scrolls sideways at 320, 360, 1280 px and with text of 150 %, every field has a label, one h1, Russian, targets for
// fingers, contrast in both themes, nothing blocked by the security policy, no errors of scripts, nothing axe-core
// knows of. With KVIT_DOCS_SCREENS=dir the pages are kept as pictures.
func TestDemoPagesAreFitForPeople(t *testing.T) {
	dir := t.TempDir()
	base := startDemoAt(t, dir)
	link, number, _ := quickLink(t, base)
	file := upload(t, dir)
	var heard console
	w := &walk{t: t, ctx: browser(t, &heard), base: base}

	at := func(path string) func(*walk) { return func(w *walk) { w.open(path) } }
	door := func(n int, path string) func(*walk) {
		return func(w *walk) {
			w.open("/demo")
			w.press("form[action='/demo'] button", n)
			if path != "" {
				w.open(path)
			}
		}
	}
	pressed := func(selector string) func(*walk) { return func(w *walk) { w.press(selector, 0) } }
	pages := []demoPage{
		{"start", true, at("/")},
		{"quick", true, at(link)},
		{"", true, at(link + "/check")},
		{"", true, at("/demo")},
		{"", true, at("/signin")},
		{"", true, at("/nowhere")},
		{"home", true, door(0, "")},
		{"bills", true, at("/bills")},
		{"", true, func(w *walk) { openDetails(w) }},
		{"", true, at("/demo/states")},
		{"house", true, at("/house?month=2026-10&compare=yes")},
		{"bill", true, at("/bill")},
		{"", true, func(w *walk) { openDetails(w) }},
		{"why", true, at("/bill/why")},
		{"", true, func(w *walk) { openDetails(w) }},
		{"", true, at("/bill/why?with=2020-01")},
		{"line", true, at("/bill/lines/1")},
		{"", true, at("/bill/issued/2026-10?version=1")},
		{"", true, at("/bill/issued/2026-10")},
		{"", true, at("/bill?at=2026-10-31")},
		{"", true, at("/bill?at=завтра")},
		{"pay", true, at("/bill/pay")},
		{"", true, at("/bill/pay?mode=chosen")},
		{"", true, at("/bill/pay?mode=chosen&show=yes")},
		{"", true, at("/bill/pay?mode=sum&sum=1000")},
		{"", true, at("/bill/pay?mode=sum&sum=сто")},
		{"", true, at("/bill/pay?mode=ahead&sum=20000")},
		{"paid", true, func(w *walk) {
			w.open("/bill/pay?mode=sum&sum=1000")
			w.press("input[name='method'][value='card']", 0)
			w.press("form[method='post'] button.button", 0)
			w.press("button[value='captured']", 0)
			w.see("оплачено")
		}},
		{"", true, func(w *walk) {
			w.open("/bill/pay?mode=sum&sum=700")
			w.press("input[name='method'][value='card']", 0)
			w.press("form[method='post'] button.button", 0)
			w.press("button[value='declined']", 0)
			w.see("отклонено")
		}},
		{"", true, func(w *walk) {
			w.open("/bill/pay?mode=sum&sum=800")
			w.press("input[name='method'][value='card']", 0)
			w.press("form[method='post'] button.button", 0)
			w.press("button[value='nothing']", 0)
			w.see("Банк ещё не ответил")
		}},
		{"", true, at("/home")},
		{"", true, at("/bill/pay")},
		{"payments", true, at("/payments")},
		{"", false, door(1, "")},
		{"", false, at("/s/intakes")},
		{"upload", false, func(w *walk) {
			if err := chromedp.Do(w.ctx, chromedp.SetUploadFiles("input[type=file]", []string{file})); err != nil {
				w.t.Fatal(err)
			}
			w.press("form[enctype] button", 0)
			w.see("Примеры")
		}},
		{"", false, func(w *walk) { w.press("main form button.button", 0); w.see("Проверка закончена") }},
		{"protocol", false, func(w *walk) { w.press("form[action$='apply'] button", 0); w.see("Вопросы по видам") }},
		{"", false, pressed("table.cards th a")},
		{"", false, at("/s/payments")},
		{"", false, at("/s/payments?from=2026-12-01&to=2026-11-01")},
		{"", true, at("/c/today")}, // not his: refused
		{"today", false, door(2, "")},
		{"", false, func(w *walk) { w.press("form[action='/c/today'] button", 0); w.see("сходится") }},
		{"", false, at("/c/find?q=й")},
		{"", false, at("/c/find?q=ничегонет")},
		{"find", false, at("/c/find?q=ул")},
		{"", false, at("/c/find?q=" + number)},
		{"subscriber", false, pressed("main .list a")},
		{"", false, at("/c/review")},
		{"review", false, pressed("table a")},
		{"runs", false, at("/c/runs")},
		{"run", false, pressed("table th a")},
		{"", false, at("/c/runs/new?month=2026-11")},
	}
	for i := range pages {
		pages[i].go_(w)
		look(w, &pages[i])
	}
	if said := heard.list(); len(said) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(said, "\n"))
	}
	// A listener that hears nothing is worse than none: plant what the policy must block.
	w.open("/")
	w.run(`document.body.append(Object.assign(document.createElement("script"), {textContent: "1"})); ""`)
	time.Sleep(200 * time.Millisecond)
	if len(heard.list()) == 0 {
		t.Error("a planted script was neither blocked nor reported")
	}
}

// browser starts a browser whose complaints are heard.
func browser(t *testing.T, heard *console) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("KVIT_TEST_NO_BROWSER") == "1" {
			t.Skip("ПРОПУЩЕНО: нет chromium, KVIT_TEST_NO_BROWSER=1")
		}
		t.Fatal("нет chromium: установите пакет chromium (пропустить: KVIT_TEST_NO_BROWSER=1)")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-prefers-reduced-motion", true)) // what moves is not where it will be seen
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(heard.hear))
	t.Cleanup(cancel)
	return ctx
}

// console is what the browser complained of: errors of scripts and what the security policy blocked.
type console struct {
	mu   sync.Mutex
	said []string
}

func (c *console) hear(event any) {
	kind := fmt.Sprintf("%T", event)
	if !strings.HasSuffix(kind, "log.EventEntryAdded") && !strings.HasSuffix(kind, "runtime.EventExceptionThrown") && !strings.HasSuffix(kind, "runtime.EventConsoleAPICalled") {
		return
	}
	text, err := json.Marshal(event)
	if err != nil || strings.Contains(string(text), "Failed to load resource: the server responded with a status of 4") {
		return // pages of errors are opened on purpose
	}
	if strings.Contains(string(text), "Banner not shown: beforeinstallpromptevent") {
		return // we ask ourselves, once, after a payment
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, kind+" "+string(text))
}

func (c *console) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said
}

// openDetails unfolds everything on the page shown.
func openDetails(w *walk) {
	w.run(`document.querySelectorAll("details").forEach(d => d.open = true); ""`)
}

// run runs a script in the page and gives its text.
func (w *walk) run(script string) string {
	w.t.Helper()
	s, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		w.t.Fatalf("%.80s: %v", script, err)
	}
	return s
}

// look measures the page shown in every width and theme, and keeps its picture.
func look(w *walk, p *demoPage) {
	w.t.Helper()
	where := w.run("location.pathname + location.search")
	fail := func(state, found string) {
		if found != "" {
			w.t.Errorf("%s at %s: %s", where, state, found)
		}
	}
	fail("any", w.run(frameFaults))
	// A page that fetches itself anew would do so in the middle of a look.
	for _, l := range []struct {
		width       int64
		theme, text string
		picture     bool // only for the picture: another look has measured its width, and one its theme
	}{{320, "light", "", false}, {320, "light", "150", false}, {360, "light", "", false}, {360, "dark", "", true}, {1280, "light", "", true}, {1280, "dark", "", false}} {
		if l.picture && os.Getenv("KVIT_DOCS_SCREENS") == "" {
			continue
		}
		state := fmt.Sprintf("%d %s %s", l.width, l.theme, l.text)
		if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(l.width, 800)); err != nil {
			w.t.Fatal(err)
		}
		w.run(fmt.Sprintf("document.documentElement.dataset.theme=%q; document.documentElement.dataset.text=%q; ''", l.theme, l.text))
		fail(state, w.run(sidewaysFaults))
		if l.text == "" && l.width != 320 {
			fail(state, w.run(contrastFaults))
			w.keep(p.name, l.width, l.theme)
		}
		if p.resident && l.width == 360 && l.theme == "light" {
			fail(state, w.run(targetFaults))
		}
		if l.width == 360 && l.theme == "light" {
			if err := webtest.Accessible(w.ctx); err != nil {
				fail(state, err.Error())
			}
		}
	}
	w.run("delete document.documentElement.dataset.theme; delete document.documentElement.dataset.text; ''")
}

// docsPictures are the pages docs/screens shows; each is what a person sees first.
var docsPictures = []string{"start-360", "quick-360-dark", "home-360", "home-1280-dark", "bills-360", "house-360-dark", "bill-360", "why-360", "line-360", "pay-360", "paid-360", "upload-1280", "protocol-1280", "today-1280-dark", "review-1280", "subscriber-1280"}

// keep keeps a picture for the documentation.
func (w *walk) keep(name string, width int64, theme string) {
	w.t.Helper()
	file := fmt.Sprintf("%s-%d", name, width)
	if theme == "dark" {
		file += "-dark"
	}
	dir := os.Getenv("KVIT_DOCS_SCREENS")
	if dir == "" || !slices.Contains(docsPictures, file) {
		return
	}
	w.run("scrollTo(0, 0); document.activeElement.blur(); ''")
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file+".png"), picture, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

const frameFaults = `(() => {
  const out = [], h = document.querySelectorAll("h1").length;
  if (h !== 1) out.push(h + " h1");
  if (document.documentElement.lang !== "ru") out.push("lang " + document.documentElement.lang);
  for (const e of document.querySelectorAll("input:not([type=hidden]),select,textarea"))
    if (![...e.labels || []].some(l => l.textContent.trim()) && !e.getAttribute("aria-label")) out.push("no label: " + e.name);
  for (const e of document.querySelectorAll("a")) if (!e.getAttribute("href")) out.push("a link to nowhere: " + e.textContent.trim());
  for (const e of document.querySelectorAll("svg.icon use")) {
    const id = e.getAttribute("href").split("#")[1];
    if (!id) out.push("an icon without a name");
    else if (e.getBoundingClientRect().width === 0 && e.closest("svg").getBoundingClientRect().width > 0) out.push("no icon " + id);
  }
  const text = document.body.innerText;
  for (const wrong of ["undefined", "NaN", "%!", "rodnik", "energia"]) if (text.includes(wrong)) out.push("says " + wrong);
  const zero = text.match(/.{0,20}(?<![\d:])(00:00|0001-01-01|01\.01\.(0001|1970)|января (1|1970)(?!\d)).{0,10}/); // a time nobody has set; numbers of accounts may hold its digits
  if (zero) out.push("says " + zero[0]);
  if (/\d ₽/.test(text)) out.push("a breaking space before ₽");
  if (/[а-я] [,.;:]( |$)/m.test(text)) out.push("a space before a sign: " + text.match(/.{0,20}[а-я] [,.;:]( |$)/m)[0]);
  return out.join("; ");
})()`

const sidewaysFaults = `(() => {
  const w = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= w) return "";
  const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest(".vh"));
  return "scrolls sideways: " + wide.slice(0, 3).map(e => e.tagName + "." + e.className + " " + (e.textContent || "").trim().slice(0, 30)).join(" | ");
})()`

// targetFaults are links and buttons a finger misses; a link inside a sentence is as tall as its line.
const targetFaults = `(() => {
  const out = [];
  for (const e of document.querySelectorAll("a[href],button,summary,select,input:not([type=hidden])")) {
    let box = e;
    if (e.matches("[type=checkbox],[type=radio]")) box = e.closest("label") || e;
    const r = box.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width === 0 || r.bottom < 0 || s.visibility === "hidden") continue;
    if (e.tagName === "A" && s.display === "inline" && e.parentElement.textContent.trim() !== e.textContent.trim()) continue;
    if (r.height < 44 || r.width < 44) out.push(e.tagName + " «" + (e.textContent || e.name || "").trim().slice(0, 24) + "» " + Math.round(r.width) + "×" + Math.round(r.height));
  }
  return out.length ? "small targets: " + out.slice(0, 6).join(", ") : "";
})()`

// contrastFaults compare each text with what lies under it, WCAG 2.2 1.4.3.
const contrastFaults = `(() => {
  const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return {r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1}; };
  const light = c => { const f = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c; } return {r: 255, g: 255, b: 255}; };
  const out = new Set(), seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(e) || e.closest(".vh,script,option") || !e.checkVisibility()) continue;
    seen.add(e);
    const s = getComputedStyle(e), a = light(parse(s.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const size = parseFloat(s.fontSize), large = size >= 24 || size >= 18.66 && s.fontWeight >= 700;
    if (ratio < (large ? 3 : 4.5)) out.add("«" + e.textContent.trim().slice(0, 24) + "» " + ratio.toFixed(2));
  }
  return out.size ? "poor contrast: " + [...out].slice(0, 5).join(", ") : "";
})()`
