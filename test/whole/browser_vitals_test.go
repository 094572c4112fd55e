package whole

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// line is a connection as a phone has it: the time of a round trip in milliseconds, and kilobits a second each way.
type line struct {
	name      string
	trip, kib float64
}

// lines are those of Lighthouse («slow 4G») and of the browser's own tools («slow 3G»).
var lines = []line{{"4G", 150, 1638}, {"3G", 400, 400}}

// slowdown is how many times slower a phone's processor is taken to be.
const slowdown = 4

// shiftMost is how far a page may move under the reader's eyes (cumulative layout shift, ux.md 17).
const shiftMost = 0.05

// vitals gives, once a page is loaded: when its largest part was drawn, how far it moved, the slowest answer to a key, all in
// milliseconds but the second.
const vitals = `new Promise((ok) => {
  let drawn = 0, moved = 0, slowest = 0;
  const watch = (type, each, more) => new PerformanceObserver((l) => l.getEntries().forEach(each)).observe({type, buffered: true, ...more});
  watch("largest-contentful-paint", (e) => { drawn = e.startTime; });
  watch("layout-shift", (e) => { if (!e.hadRecentInput) moved += e.value; });
  watch("event", (e) => { slowest = Math.max(slowest, e.duration); }, {durationThreshold: 16});
  setTimeout(() => ok([Math.round(drawn), moved.toFixed(3), Math.round(slowest)].join(" ")), 700);
})`

// TestVitals measures the main pages as a phone on a poor connection sees them, with nothing kept from before. It prints a table
// for docs/performance.md; only how far pages move is a matter of failing: times are the machine's.
func TestVitals(t *testing.T) {
	if os.Getenv("KVIT_VITALS") == "" {
		t.Skip("ПРОПУЩЕНО: make vitals")
	}
	w := smallDemo(t, "127.0.0.1")
	link, _, _ := quickLink(t, w.base)
	w.call("Network.enable", nil)
	w.call("Network.setBypassServiceWorker", map[string]any{"bypass": true})
	w.call("Emulation.setCPUThrottlingRate", map[string]any{"rate": slowdown})
	if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(360, 740)); err != nil {
		t.Fatal(err)
	}
	fmt.Println("| page | LCP 4G, ms | LCP 3G, ms | CLS | slowest key, ms |\n| --- | ---: | ---: | ---: | ---: |")
	for _, path := range []string{"/", link, link + "/check", "/help", "/tariffs"} {
		w.measure(path)
	}
	w.door(0)
	for _, path := range []string{"/home", "/bill", "/bill/why", "/bill/lines/1", "/bill/pay", "/bills", "/readings", "/payments", "/documents", "/appeals", "/profile"} {
		w.measure(path)
	}
}

// measure opens a page on each line and prints its row.
func (w *walk) measure(path string) {
	w.t.Helper()
	drawn, moved, key := []string{}, "", ""
	for _, l := range lines {
		bytes := l.kib * 1024 / 8
		w.call("Network.emulateNetworkConditions", map[string]any{"offline": false, "latency": l.trip, "downloadThroughput": bytes, "uploadThroughput": bytes})
		w.call("Network.clearBrowserCache", nil)
		w.open(path)
		for range 3 {
			if err := chromedp.Do(w.ctx, chromedp.KeyEvent("\t")); err != nil {
				w.t.Fatal(err)
			}
		}
		said, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](vitals, chromedp.EvalAwaitPromise))
		parts := strings.Fields(said)
		if err != nil || len(parts) != 3 {
			w.t.Fatalf("%s: %q, %v", path, said, err)
		}
		drawn, moved, key = append(drawn, parts[0]), max(moved, parts[1]), parts[2]
	}
	name := secretPart.ReplaceAllString(path, "…")
	fmt.Printf("| %s | %s | %s | %s | %s |\n", name, drawn[0], drawn[1], moved, key)
	if moved > fmt.Sprintf("%.3f", shiftMost) {
		w.t.Errorf("%s moves by %s while it loads, at most %.2f", path, moved, shiftMost)
	}
	w.call("Network.emulateNetworkConditions", map[string]any{"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
}
