package portal

import (
	"cmp"
	"net/http"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// receipt shows what was told of figures that were taken.
func (m *Module) receipt(w http.ResponseWriter, r *http.Request) error {
	h, err := m.readingHome(r)
	if err != nil {
		return err
	}
	x, err := m.Readings.FindReceipt(r.Context(), h.actor, h.Home, r.PathValue("id"))
	if err == nil && !m.wasHere(r, x.At) {
		err = errOutOfTerm
	}
	if err != nil {
		return err
	}
	sheet, err := m.Readings.Sheet(r.Context(), h.actor, h.Home)
	if err != nil {
		return err
	}
	v := m.receiptView(r, x)
	v.AgainHref, v.HomeHref, v.HomeTitle = h.base, cmp.Or(h.back, "/home"), "На главную"
	if h.guest {
		v.HomeTitle = "Вернуться к счёту"
	}
	v.Skipped = skipped(x, sheet)
	return web.Render(w, r, http.StatusOK, view.ReadingReceiptPage(v))
}

// readingStates are the words for what became of a figure.
var readingStates = map[reading.State]web.State{
	reading.Taken: {Word: "принято", Tone: web.OK}, reading.Corrected: {Word: "исправлено", Tone: web.OK}, reading.Same: {Word: "уже было", Tone: web.OK},
	reading.Noted: {Word: "ждёт поставщика", Tone: web.Warn},
}

func (m *Module) receiptView(r *http.Request, x *reading.Receipt) view.ReadingReceipt {
	v := view.ReadingReceipt{Page: m.page(r, "Показания приняты"), Number: x.Number, Channel: x.Channel.Words(), At: x.At}
	if x.Channel == reading.Centre {
		v.Author = x.Author
	}
	for i := range x.Lines {
		l := &x.Lines[i]
		line := view.ReadingLine{Title: l.Name, Serial: l.Serial, Zone: l.ZoneName, Value: decimal.Grouped(l.Value, 0), State: readingStates[l.State], Notes: l.Notes}
		if l.Volume != "" {
			line.Volume = volume(l.Volume) + "\u00a0" + l.Unit
		}
		v.Lines = append(v.Lines, line)
		if v.Bill == "" {
			words, late := l.CountsWords()
			if v.Bill = words; late {
				v.Bill = "Приняли. " + words
			}
			if until, err := calendar.ParseDate(l.Until); err == nil && until >= m.today() {
				v.Until = until
			}
		}
	}
	if e := x.Effect; e != nil {
		v.HasEffect, v.Before, v.After = true, e.Before, e.After
		for _, made := range e.Lines {
			v.Made = append(v.Made, view.ReadingMade{Service: made.Service, Volume: volume(made.Volume) + "\u00a0" + made.Unit, Before: made.Before, After: made.After})
		}
	}
	return v
}

// skipped are the meters that a receipt has no figure of.
func skipped(x *reading.Receipt, s *reading.Sheet) (list []string) {
	has := map[int64]bool{}
	for i := range x.Lines {
		has[x.Lines[i].Meter] = true
	}
	for i := range s.Cards {
		if c := &s.Cards[i]; !has[c.ID] && len(c.Sent) == 0 {
			list = append(list, strings.ToLower(c.Name))
		}
	}
	return list
}
