package whole

import (
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tabsMost is as many presses of Tab as a page of a resident may need to its main button.
const tabsMost = 80

// focused is what has the focus: its words, and what is wrong with how it is seen: a ring of three pixels that stands out from
// what is around it three to one (WCAG 2.2, 2.4.13), nothing over it, no order of its own.
const focused = `(() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const words = (e.labels && e.labels[0] ? e.labels[0].textContent : e.getAttribute("aria-label") || e.textContent || "").trim().replace(/\s+/g, " ");
  if (e === document.body) return "|";
  const parse = c => { const m = (c || "").match(/[\d.]+/g); return m && m.length >= 3 ? {r: +m[0], g: +m[1], b: +m[2], a: m.length > 3 ? +m[3] : 1} : null; };
  const light = c => { const f = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c && c.a === 1) return c; } return {r: 255, g: 255, b: 255}; };
  const far = c => { const a = light(c), b = light(ground(e.parentElement || e)); return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); };
  const rings = [s.outlineColor, ...(s.boxShadow.match(/rgba?\([^)]*\)/g) || [])].map(parse).filter(c => c && c.a > 0);
  const out = [], named = e.id === "main";
  if (!named && !(s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 3)) out.push("no ring");
  else if (!named && !rings.some(c => far(c) >= 3)) out.push("a pale ring");
  if (e.tabIndex > 0) out.push("an order of its own");
  const top = document.elementFromPoint(Math.max(0, r.left + r.width / 2), Math.max(0, r.top + r.height / 2));
  if (r.width > 1 && top && top !== e && !e.contains(top) && !top.contains(e) && !(e.labels && [...e.labels].some(l => l.contains(top)))) out.push("covered by " + top.tagName + "." + top.className);
  return words.slice(0, 80).replaceAll("|", "/") + "|" + out.join(", ");
})()`

// tab presses Tab once and gives the words of what has the focus now; it must be seen to have it.
func (w *walk) tab() string {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.KeyEvent("\t")); err != nil {
		w.t.Fatal(err)
	}
	words, wrong, _ := strings.Cut(w.run(focused), "|")
	if wrong != "" {
		w.t.Errorf("%s: the focus on «%s» is not seen: %s", w.run("location.pathname"), words, wrong)
	}
	return words
}

// tabTo goes on with Tab until what has the focus says a text.
func (w *walk) tabTo(text string) {
	w.t.Helper()
	for range tabsMost {
		if strings.Contains(w.tab(), text) {
			return
		}
	}
	w.t.Fatalf("no way to «%s» with Tab on %s:\n%.900s", text, w.run("location.pathname"), w.text())
}

func (w *walk) keys(keys string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.KeyEvent(keys)); err != nil {
		w.t.Fatal(err)
	}
}

// send presses Enter and waits for the page it leads to, whole.
func (w *walk) send() {
	w.t.Helper()
	from := w.run(`document.documentElement.dataset.left = "yes"; location.pathname`)
	w.keys("\r")
	for range 1500 {
		said, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.documentElement.dataset.left || document.readyState`))
		if err == nil && said == "complete" { // an error: the page is being left
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatalf("Enter leads nowhere from %s:\n%.900s", from, w.text())
}

// enter goes to a link or a button by Tab and presses Enter.
func (w *walk) enter(text string) { w.t.Helper(); w.tabTo(text); w.send() }

// fill goes to a field by Tab and types.
func (w *walk) fill(label, text string) { w.t.Helper(); w.tabTo(label); w.keys(text) }

// choose goes to a group of radio buttons by Tab, on by the arrow until a choice has the focus, and chooses it.
func (w *walk) choose(first, choice string) {
	w.t.Helper()
	w.tabTo(first)
	for range 12 {
		if words, _, _ := strings.Cut(w.run(focused), "|"); strings.Contains(words, choice) {
			w.keys(" ") // the first of a group where nothing is chosen has the focus only
			return
		}
		w.keys(kb.ArrowDown)
	}
	w.t.Fatalf("no way from «%s» to «%s» with the arrow on %s", first, choice, w.run("location.pathname"))
}

// noTrap goes through a whole page by Tab: everything that can be pressed has its turn once, from the top down, and the end of
// the page is left.
func (w *walk) noTrap(path string) {
	w.t.Helper()
	w.open(path)
	const mark = `(() => { const e = document.activeElement; if (e === document.body || e === document.documentElement) return "out"; if (e.dataset.seen) return "again"; e.dataset.seen = "1"; return "new"; })()`
	for range 2 * tabsMost {
		if err := chromedp.Do(w.ctx, chromedp.KeyEvent("\t")); err != nil {
			w.t.Fatal(err)
		}
		if said := w.run(mark); said != "new" {
			break
		}
	}
	missed := w.run(`[...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary")].filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && !e.dataset.seen && !(e.type === "radio" && !e.checked) && e.getBoundingClientRect().width > 0).map(e => e.tagName + " «" + (e.textContent || e.name).trim().slice(0, 30) + "»").slice(0, 4).join(", ")`)
	if missed != "" {
		w.t.Errorf("%s: Tab does not come to %s", path, missed)
	}
}

var codeTold = regexp.MustCompile(`(\d{3})[\s\x{a0}]?(\d{3})`)

// told waits for the next code the demo's telephones get; before are the codes there were.
func (w *walk) told(before []string) string {
	w.t.Helper()
	for range 60 {
		if codes := w.codes(); len(codes) > len(before) {
			return codes[0]
		}
		time.Sleep(250 * time.Millisecond)
	}
	w.t.Fatal("no code came")
	return ""
}

// codes are the codes the demo's telephones have got, the latest first.
func (w *walk) codes() (list []string) {
	w.t.Helper()
	r, err := http.Get(w.base + "/demo/phone")
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range elements(mustParse(w.t, page), "li") {
		if text := textOf(p); strings.Contains(text, "Код") {
			if m := codeTold.FindStringSubmatch(text[strings.Index(text, "Код"):]); m != nil {
				list = append(list, m[1]+m[2])
			}
		}
	}
	return list
}

// smallDemo starts a small demo and a browser beside it.
func smallDemo(t *testing.T, host string) *walk {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &townServer{t: t, dir: t.TempDir(), address: l.Addr().String()}
	_, port, _ := net.SplitHostPort(server.address)
	l.Close()
	var heard console
	ctx := browser(t, &heard)
	server.start()
	return &walk{t: t, ctx: ctx, base: "http://" + host + ":" + port}
}

// door enters by a door of the demo.
func (w *walk) door(n int) {
	w.t.Helper()
	w.open("/demo")
	w.press("form[action='/demo'] button", n)
}
