package portal

import (
	"encoding/csv"
	"net/http"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/inert"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
	"kvit/internal/web"
)

// tariffHead are the columns of the table of prices; they stay as they are.
var tariffHead = []string{"supplier", "supplier_name", "service", "service_name", "component", "category", "plan", "zone", "band", "price", "unit", "from", "until", "document", "status"}

// tariffsCSV gives the same prices as the page, past and future ones too, as a table.
func (m *Module) tariffsCSV(w http.ResponseWriter, r *http.Request) error {
	subject, sellers, err := m.tariffSubject(r, &view.Finder{})
	if err == nil && subject == "" {
		return fault.New(fault.NotFound, "tariffs.whose", "Такого дома или поставщика нет. Выберите его на странице «Тарифы».")
	}
	if err != nil {
		return err
	}
	catalog, err := m.Tariffs.Current(r.Context(), m.Now())
	if err != nil {
		return err
	}
	web.Attach(w, "text/csv; charset=utf-8", "tariffs.csv")
	web.Shared(w, publicAge)
	out := csv.NewWriter(w)
	rows := [][]string{tariffHead}
	for i := range sellers {
		for _, s := range pricesOf(catalog, &sellers[i]) {
			for _, x := range s.Rates {
				rows = append(rows, tariffLine(&sellers[i], s.Service, x))
			}
		}
	}
	return out.WriteAll(rows)
}

func tariffLine(by *supplier.Supplier, s *tariff.Service, r *tariff.Rate) []string {
	band := ""
	if r.Band > 0 {
		band = strconv.Itoa(r.Band)
	}
	return inert.Cells(by.Code, by.Name, s.Code, s.Name, r.Component, r.Category, r.Plan, r.Zone, band, r.Value.String(), r.Unit, dayText(r.From), dayText(r.Until), r.Document, string(r.Status))
}

// dayText is a day of a table; no day is empty.
func dayText(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
