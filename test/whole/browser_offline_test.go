package whole

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// townServer is a small demo that can be stopped and started again at its address.
type townServer struct {
	t            *testing.T
	dir, address string
	cmd          *exec.Cmd
}

func (s *townServer) start() {
	s.t.Helper()
	s.cmd = exec.Command(kvit(s.t), "--data", s.dir, "demo", "--keep", "--listen", s.address, "--households", "150", "--seed", "3")
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.stop)
	for range 3000 {
		if c, err := net.DialTimeout("tcp", s.address, time.Second); err == nil {
			c.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatal("the demo does not answer")
}

// stop ends the program: to the browser the connection is gone.
func (s *townServer) stop() {
	if s.cmd == nil {
		return
	}
	s.cmd.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
	s.cmd.Wait()                       //nolint:errcheck // stopped on purpose
	s.cmd = nil
}

// until waits for a script to say yes.
func (w *walk) until(what, script string) {
	w.t.Helper()
	said := ""
	for range 240 {
		var err error
		if said, err = chromedp.Run(w.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise)); err == nil && said == "yes" {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	w.t.Fatalf("%s: %s\n%.800s", what, said, w.text())
}

const keptPages = `(async () => {
  const c = await caches.open("pages"), paths = (await c.keys()).map(r => new URL(r.url).pathname).sort().join(" ");
  return paths === "/bill /home /readings" ? "yes" : paths;
})()`

// typeFigures fills every empty figure a little above the one before and sends the form.
const typeFigures = `(() => {
  const fields = [...document.querySelectorAll("input[data-last]")];
  for (const f of fields) f.value = String(Math.floor(Number(f.dataset.last)) + 3);
  for (const f of document.querySelectorAll("input[name^=w]")) f.value = "проверил сам";
  if (!fields.length) return "no meters";
  document.querySelector("form[data-month] button.button").click();
  return "yes";
})()`

const waiting = `new Promise((ok) => {
  const asked = indexedDB.open("kvit", 1);
  asked.onsuccess = () => { const all = asked.result.transaction("drafts").objectStore("drafts").getAll(); all.onsuccess = () => { asked.result.close(); ok(String(all.result.length)); }; };
})`

// TestReadingsWithoutConnection: a resident in a basement reads his last bill, types figures, closes and opens the page; back
// on the net they are sent once. Figures typed for a month that has ended are not sent behind his back.
func TestReadingsWithoutConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &townServer{t: t, dir: t.TempDir(), address: l.Addr().String()}
	l.Close()
	var heard console
	ctx := browser(t, &heard)
	server.start()
	w := &walk{t: t, ctx: ctx, base: "http://" + server.address}
	w.open("/demo")
	w.press("form[action='/demo'] button", 0)
	w.see("Поставщики")
	w.until("pages are kept", keptPages)
	w.open("/readings")
	before := strings.Count(w.text(), "показаний: ")

	server.stop()
	w.open("/bill")
	w.see("Страница сохранена")
	w.see("₽")
	if n := w.run(`String([...document.querySelectorAll("a.button")].filter(b => b.checkVisibility()).length)`); n != "0" {
		t.Error("without a connection a button to pay is shown")
	}
	w.open("/payments")
	w.see("телефон не в сети")
	w.open("/readings")
	w.until("figures are typed", typeFigures)
	w.see("Показания сохранены в телефоне")
	w.open("/readings")
	w.see("Показания сохранены в телефоне")

	server.start()
	w.open("/home")
	w.see("Показания отправлены")
	w.open("/readings")
	w.until("nothing waits", `(async () => (await (`+waiting+`)) === "0" ? "yes" : "waits")()`)
	if after := strings.Count(w.text(), "показаний: "); after != before+1 {
		t.Errorf("%d receipts, then %d", before, after)
	}

	w.until("a draft of another month", `new Promise((ok) => {
	  const asked = indexedDB.open("kvit", 1), field = document.querySelector("input[data-last]");
	  asked.onsuccess = () => {
	    const put = asked.result.transaction("drafts", "readwrite").objectStore("drafts").put({key: "draft-of-before", home: document.body.dataset.home, month: "2020-01", at: Date.now(), fields: [[field.name, field.dataset.last]]});
	    put.onsuccess = () => { asked.result.close(); ok("yes"); };
	  };
	})`)
	w.open("/home")
	w.see("начался другой месяц")
	w.until("it waits to be asked about", `(async () => (await (`+waiting+`)) === "1" ? "yes" : "sent without asking")()`)
	w.press("main > div button", 1)
	w.until("it is thrown away", `(async () => (await (`+waiting+`)) === "0" ? "yes" : "waits")()`)
}
