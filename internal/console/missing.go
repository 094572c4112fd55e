package console

import (
	"net/http"
	"net/url"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// missingShown is how many rows the page shows; the table to download has all.
const missingShown = 200

// missingQuery reads what is asked for; the running month without one.
func (m *Module) missingQuery(r *http.Request) (q reading.MissingQuery, err error) {
	v := r.URL.Query()
	q = reading.MissingQuery{Month: calendar.DateOf(m.Now().Time().In(m.Zone)).Month(), Method: v.Get("method"), Supplier: v.Get("supplier")}
	if text := v.Get("month"); text != "" {
		if q.Month, err = calendar.ParseMonth(text); err != nil {
			return q, fault.New(fault.NotFound, "month.unknown", "Такого месяца нет.").Because(err)
		}
	}
	return q, nil
}

// missing lists who has not given a reading, and what that costs.
func (m *Module) missing(w http.ResponseWriter, r *http.Request) error {
	q, err := m.missingQuery(r)
	if err != nil {
		return err
	}
	rows, err := m.Readings.Missing(r.Context(), access.FromContext(r.Context()), q)
	if err != nil {
		return err
	}
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	at := func(method string) string {
		return "/s/missing?" + url.Values{"month": {q.Month.String()}, "method": {method}}.Encode()
	}
	v := view.Missing{Page: m.page(r, "Нет показаний"), Month: q.Month, Total: len(rows), ExportHref: "/s/missing.csv?" + r.URL.RawQuery, Tabs: []web.Tab{
		{Title: "Все", Href: at(""), Current: q.Method == ""}, {Title: "По среднему", Href: at("average"), Current: q.Method == "average"}, {Title: "По нормативу", Href: at("normative"), Current: q.Method == "normative"},
	}}
	for i := range rows {
		v.More += max(0, rows[i].More)
		if i < missingShown {
			v.Rows = append(v.Rows, missingView(&rows[i], names))
		}
	}
	return web.Render(w, r, http.StatusOK, view.MissingPage(v))
}

func missingView(x *reading.MissingRow, names supplierNames) view.MissingRow {
	row := view.MissingRow{Account: x.Account, Supplier: names.of(x.Supplier), Service: x.Name, How: "по нормативу", Volume: x.VolumeWords(), Sum: x.Sum, More: x.More}
	if x.Method == "average" {
		row.How = "по среднему"
	}
	if then, err := calendar.ParseMonth(x.Then); err == nil {
		row.Then = "за " + then.Word() + ": " + x.ThenSum.Format()
	}
	return row
}

func (m *Module) missingCSV(w http.ResponseWriter, r *http.Request) error {
	q, err := m.missingQuery(r)
	if err != nil {
		return err
	}
	rows, err := m.Readings.Missing(r.Context(), access.FromContext(r.Context()), q)
	if err != nil {
		return err
	}
	roubles := func(a money.Amount) string { return a.String() }
	table := [][]string{{"поставщик", "лицевой счёт", "услуга", "как считается", "объём", "сумма", "больше среднего", "по нормативу с", "сумма по нормативу"}}
	for i := range rows {
		x := &rows[i]
		table = append(table, []string{x.Supplier, x.Account, x.Name, missingView(x, nil).How, x.Volume, roubles(x.Sum), roubles(x.More), x.Then, roubles(x.ThenSum)})
	}
	return writeCSV(w, "missing-"+q.Month.String()+".csv", table)
}
