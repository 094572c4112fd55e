package portal

import (
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/meter"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// isOwn tells whether the page is the resident's own, not one an operator fills in for him.
func (m *Module) isOwn(r *http.Request) bool {
	return access.FromContext(r.Context()).Role == access.Resident
}

// meterCard shows a resident one of his meters.
func (m *Module) meterCard(w http.ResponseWriter, r *http.Request) error {
	ref := own(r)
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || ref.Household == 0 {
		return fault.New(fault.NotFound, "meter.unknown", "Такого счётчика нет.")
	}
	cards, err := m.Meters.Show(r.Context(), access.FromContext(r.Context()), meter.Query{Building: ref.Building, Meter: id})
	if err != nil {
		return err
	}
	c := &cards[0]
	v := view.MeterCard{Page: m.page(r, meter.Called(c.Serial)), Title: c.Name + ", " + meter.ScopeWords(c.Scope), Place: c.Place}
	for _, f := range []struct{ name, day string }{{"Считает с", c.From}, {"Снят", c.Until}, {"Поверен до", c.Verified}, {"Неисправен с", c.Failed}} {
		if d, err := calendar.ParseDate(f.day); err == nil {
			v.Facts = append(v.Facts, view.MeterFact{Name: f.name, Value: d.Dotted()})
		}
	}
	switch {
	case c.SealOff:
		v.Facts = append(v.Facts, view.MeterFact{Name: "Пломба", Value: "нарушена"})
	case c.Seal != "":
		v.Facts = append(v.Facts, view.MeterFact{Name: "Пломба", Value: "№ " + c.Seal})
	}
	for _, e := range c.Life {
		x := view.MeterEvent{Words: e.Words, Reason: e.Reason}
		if d, err := calendar.ParseDate(e.On); err == nil {
			x.On = d.Dotted()
		}
		v.Life = append(v.Life, x)
	}
	slices.Reverse(v.Life)
	sheet, err := m.Readings.Sheet(r.Context(), access.FromContext(r.Context()), reading.Home{Building: ref.Building, Household: ref.Household})
	if err != nil {
		return err
	}
	for i := range sheet.Cards {
		if sheet.Cards[i].ID == id {
			v.Charts = meterCharts(&sheet.Cards[i])
		}
	}
	return web.Render(w, r, http.StatusOK, view.MeterPage(v))
}
