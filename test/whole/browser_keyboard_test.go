package whole

import (
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// tabsMost is as many presses of Tab as a page of a resident may need to its main button.
const tabsMost = 80

// focused is what has the focus: its words, and what is wrong with how it is seen.
const focused = `(() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const words = (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent || "").trim().replace(/\s+/g, " ");
  if (e === document.body) return "|";
  const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 3;
  const top = document.elementFromPoint(Math.max(0, r.left + r.width / 2), Math.max(0, r.top + r.height / 2));
  const covered = r.width > 1 && top && top !== e && !e.contains(top) && !top.contains(e) && !(e.labels && [...e.labels].some(l => l.contains(top)));
  return words.slice(0, 60) + "|" + (ring || e.id === "main" ? "" : "no ring ") + (covered ? "covered by " + top.tagName + "." + top.className : "");
})()`

// tabTo goes on with Tab until what has the focus says a text; everything on the way must be seen to have it.
func (w *walk) tabTo(text string) {
	w.t.Helper()
	for range tabsMost {
		if err := chromedp.Do(w.ctx, chromedp.KeyEvent("\t")); err != nil {
			w.t.Fatal(err)
		}
		words, wrong, _ := strings.Cut(w.run(focused), "|")
		if wrong != "" {
			w.t.Errorf("%s: the focus on «%s» is not seen: %s", w.run("location.pathname"), words, wrong)
		}
		if strings.Contains(words, text) {
			return
		}
	}
	w.t.Fatalf("no way to «%s» with Tab on %s", text, w.run("location.pathname"))
}

func (w *walk) keys(keys string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.KeyEvent(keys)); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(400 * time.Millisecond)
}

// byKeyboard walks the tasks of a resident with Tab, Enter, digits and arrows only (ux.md 17): why the sum changed, a part paid,
// readings given.
func (w *walk) byKeyboard() {
	w.t.Helper()
	w.open("/home")
	w.tabTo("Почему")
	w.keys("\r")
	w.see("Почему изменилась сумма")
	w.open("/home")
	w.tabTo("Оплатить")
	w.keys("\r")
	w.see("Кому")
	w.tabTo("Другая сумма")
	w.keys("\r")
	w.tabTo("Сколько")
	w.keys("1000")
	w.tabTo("Показать")
	w.keys("\r")
	w.see("Останется")
	w.tabTo("Оплатить")
	w.open("/readings")
	w.tabTo("Показание")
	w.keys("1")
	w.tabTo("Отправить показания")
	w.keys("\r")
	w.until("the figure is asked about or taken", `/Проверьте|Исправлю|Принято|№/.test(document.body.innerText) ? "yes" : location.pathname`)
}
