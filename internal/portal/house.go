package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// house is R18: what the house used and where it went, totals only.
func (m *Module) house(w http.ResponseWriter, r *http.Request) error {
	a := access.FromContext(r.Context())
	if a.BuildingID <= 0 {
		return fault.New(fault.NotFound, "house.none", "К вашему входу не привязан ни один дом.")
	}
	month := calendar.DateOf(m.Now().Time().In(m.Zone)).Month().Add(-1)
	if asked, err := calendar.ParseMonth(r.URL.Query().Get("month")); err == nil { // anything else is last month
		month = asked
	}
	report, err := m.Losses.Own(r.Context(), a.BuildingID, month)
	if err != nil {
		return err
	}
	v := view.House{Page: m.page(r, "Дом"), Address: report.Address, Month: month}
	v.Months = []web.Tab{{Title: month.Add(-1).Title(), Href: "/house?month=" + month.Add(-1).String()}, {Title: month.Title(), Href: "/house?month=" + month.String(), Current: true}}
	if next := month.Add(1); next <= calendar.DateOf(m.Now().Time().In(m.Zone)).Month() {
		v.Months = append(v.Months, web.Tab{Title: next.Title(), Href: "/house?month=" + next.String()})
	}
	for i := range report.Services {
		s := &report.Services[i]
		x := view.HouseService{Name: s.Name, Says: s.Says, Preliminary: s.Now.Preliminary, Chart: s.Chart()}
		for _, p := range s.Parts() {
			x.Parts = append(x.Parts, view.HousePart{Title: p.Title, Volume: p.Volume + "\u00a0" + x.Chart.Unit})
		}
		v.Services = append(v.Services, x)
	}
	if err := m.addNeighbours(w, r, &v); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.HousePage(v))
}
