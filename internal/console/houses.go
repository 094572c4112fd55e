package console

import (
	"net/http"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/losses"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// housesShown is how many rows of the list a page shows.
const housesShown = 200

// houseRoutes are the pages of houses' balances, the same for the centre and for suppliers.
func (m *Module) houseRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/houses", Resource: "house", Action: "read", Slow: true, Handler: m.houses},
		{Method: http.MethodGet, Pattern: "/c/houses/{code}", Resource: "house", Action: "read", Handler: m.house},
		{Method: http.MethodGet, Pattern: "/s/houses", Resource: "house", Action: "read", Slow: true, Handler: m.houses},
		{Method: http.MethodGet, Pattern: "/s/houses/{code}", Resource: "house", Action: "read", Handler: m.house},
	}
}

// monthAsked is the month of a page: the one typed, else the one before this.
func (m *Module) monthAsked(r *http.Request) (month calendar.Month, typed string, failed error) {
	month = calendar.DateOf(m.Now().Time().In(m.Zone)).Month().Add(-1)
	if typed = strings.TrimSpace(r.URL.Query().Get("month")); typed == "" {
		return month, month.String(), nil
	}
	asked, err := calendar.ParseMonth(typed)
	if err != nil {
		return month, typed, fault.New(fault.Invalid, "month", "Месяц не прочитался. Введите так: 2026-10.").WithField("month").Because(err)
	}
	return asked, asked.String(), nil
}

// housesPath is where the list of houses is for whoever asks.
func housesPath(r *http.Request) string {
	if access.FromContext(r.Context()).SupplierID != 0 {
		return "/s/houses"
	}
	return "/c/houses"
}

func (m *Module) houses(w http.ResponseWriter, r *http.Request) error {
	month, typed, failed := m.monthAsked(r)
	v := view.Houses{Page: m.page(r, "Дома: баланс"), Action: housesPath(r), Month: typed, MonthWords: month.Word(), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	rows, err := m.Losses.Houses(r.Context(), access.FromContext(r.Context()), losses.List{Month: month})
	if err != nil {
		return err
	}
	service := r.URL.Query().Get("service")
	v.Services = []web.Choice{{Label: "Все"}}
	for i := range rows {
		x := &rows[i]
		if !slices.ContainsFunc(v.Services, func(c web.Choice) bool { return c.Value == x.Service }) {
			v.Services = append(v.Services, web.Choice{Value: x.Service, Label: x.Name, Chosen: x.Service == service})
		}
		if service != "" && x.Service != service {
			continue
		}
		v.Preliminary = v.Preliminary || x.Preliminary
		if v.Total++; len(v.Rows) < housesShown {
			v.Rows = append(v.Rows, houseRow(x, v.Action+"/"+queryOf(x.Code)+"?month="+month.String()))
		}
	}
	return web.Render(w, r, http.StatusOK, view.HousesPage(v))
}

func houseRow(x *losses.Loss, href string) view.HouseRow {
	unit := "\u00a0" + losses.UnitWord(x.Unit)
	row := view.HouseRow{Address: x.Address, Href: href, Service: x.Name, House: losses.Words(*x.House, x.Unit) + unit, Flats: losses.Words(x.Flats(), x.Unit) + unit,
		Loss: losses.Words(*x.Loss, x.Unit) + unit, Per: strings.NewReplacer(".", ",", "-", "−").Replace(x.LossPercent), Sum: x.LossSum, State: web.State{Word: "начислено", Tone: web.OK}}
	switch {
	case *x.Loss < 0:
		row.State = web.State{Word: "начислено больше", Tone: web.Warn}
	case x.Preliminary:
		row.State = web.State{Word: "предварительно", Tone: web.Info}
	}
	return row
}

func (m *Module) house(w http.ResponseWriter, r *http.Request) error {
	month, typed, failed := m.monthAsked(r)
	report, err := m.Losses.House(r.Context(), access.FromContext(r.Context()), r.PathValue("code"), month)
	if err != nil {
		return err
	}
	back := housesPath(r)
	v := view.House{Page: m.page(r, "Баланс дома"), Address: report.Address, Month: typed, Action: back + "/" + queryOf(report.Code), BackHref: back + "?month=" + month.String(), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	names := map[string]string{}
	units := map[string]string{}
	if err := m.ownMeters(r, report.Code, &v); err != nil {
		return err
	}
	for i := range report.Services {
		s := &report.Services[i]
		names[s.Service], units[s.Service] = s.Name, s.Unit
		v.Services = append(v.Services, houseService(s))
	}
	suppliers, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	person := access.FromContext(r.Context()).Require("subscriber", "read") == nil
	for _, f := range report.Flats {
		row := view.FlatRow{Flat: "кв. " + f.Flat, Service: names[f.Service], Supplier: suppliers.of(f.Supplier), Account: f.Account, Volume: losses.Words(f.Volume, units[f.Service]) + "\u00a0" + losses.UnitWord(units[f.Service]), Says: f.Says}
		if person && f.Household != 0 {
			row.Href = "/c/account/" + account.HouseholdCode(f.Household)
		}
		v.Flats = append(v.Flats, row)
	}
	return web.Render(w, r, http.StatusOK, view.HousePage(v))
}

func houseService(s *losses.Service) view.HouseService {
	x := view.HouseService{Name: s.Name, Unit: losses.UnitWord(s.Unit), Says: s.Says, Preliminary: s.Now.Preliminary, Chart: s.Chart()}
	if s.Now.Loss != nil && *s.Now.Loss > 0 {
		x.Sum = s.Now.LossSum
	}
	for _, p := range s.Parts() {
		x.Parts = append(x.Parts, view.HousePart{Title: p.Title, Volume: p.Volume})
	}
	for i := range s.Night {
		x.Nights = append(x.Nights, s.Night[i].Words(s.Unit))
	}
	for _, a := range s.Anomalies {
		x.Anomalies = append(x.Anomalies, strings.TrimSpace(a.Says+" "+a.Why))
	}
	return x
}
