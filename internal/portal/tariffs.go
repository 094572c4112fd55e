package portal

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
	"kvit/internal/web"
)

// tariffs is P5: what things cost here.
func (m *Module) tariffs(w http.ResponseWriter, r *http.Request) error {
	v := view.Tariffs{Page: m.publicPage(w, r, "Тарифы")}
	subject, sellers, err := m.tariffSubject(r, &v.Finder)
	if err != nil {
		return err
	}
	if v.Subject = subject; subject == "" {
		v.Suppliers, err = m.supplierChoices(r)
		if err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, view.TariffsPage(v))
	}
	catalog, err := m.Tariffs.Current(r.Context(), m.Now())
	if err != nil {
		return err
	}
	m.compareDays(r, &v)
	v.Groups = m.tariffGroups(catalog, sellers, &v)
	m.tariffLinks(r, &v)
	return web.Render(w, r, http.StatusOK, view.TariffsPage(v))
}

// tariffSubject is whose prices are asked about: those of a house, or of a supplier. Empty: nothing was chosen yet.
func (m *Module) tariffSubject(r *http.Request, f *view.Finder) (subject string, sellers []supplier.Supplier, err error) {
	if code := r.URL.Query().Get("supplier"); code != "" {
		*f = view.Finder{Action: "/tariffs"}
		err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
			s, err := supplier.Find(r.Context(), tx, code)
			subject, sellers = s.Name, []supplier.Supplier{s}
			return err
		})
		if fault.Is(err, fault.NotFound) {
			return "", nil, nil
		}
		return subject, sellers, err
	}
	house, finder, err := m.findHouse(r, "/tariffs")
	*f = finder
	if err != nil || house == nil {
		return "", nil, err
	}
	sellers, _, err = m.servedBy(r.Context(), house)
	return house.Address(), sellers, err
}

func (m *Module) supplierChoices(r *http.Request) (list []web.Choice, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		all, err := supplier.List(r.Context(), tx)
		list = nil
		for i := range all {
			if all[i].Status == supplier.StatusActive {
				list = append(list, web.Choice{Value: all[i].Code, Label: all[i].Name})
			}
		}
		return err
	})
	slices.SortStableFunc(list, func(a, b web.Choice) int { return strings.Compare(a.Label, b.Label) })
	return list, err
}

// compareDays reads the two days of a comparison; one alone is no comparison.
func (m *Module) compareDays(r *http.Request, v *view.Tariffs) {
	q := r.URL.Query()
	v.Day, v.With = q.Get("day"), q.Get("with")
	if v.Day == "" && v.With == "" {
		today := m.today()
		v.Day, v.With = today.AddDays(-365).String(), today.String()
		return
	}
	read := func(name, text string) calendar.Date {
		day, err := calendar.ParseDate(strings.TrimSpace(text))
		if err != nil || day == 0 {
			v.Errors = append(v.Errors, web.FieldError{Field: name, Message: "Дату пишут так: 31.10.2026"})
		}
		return day
	}
	v.DayOn, v.WithOn = read("day", v.Day), read("with", v.With)
	v.Compared = len(v.Errors) == 0
	v.WithErrors(v.Errors)
}

// tariffLinks are the addresses of the same prices: as a table, without a comparison, and who sells them.
func (m *Module) tariffLinks(r *http.Request, v *view.Tariffs) {
	keep := url.Values{}
	for _, name := range []string{"house", "supplier", "q"} {
		if value := r.URL.Query().Get(name); value != "" {
			keep.Set(name, value)
			v.Hidden = append(v.Hidden, view.HiddenField{Name: name, Value: value})
		}
	}
	v.CSVHref, v.AllHref = "/tariffs.csv?"+keep.Encode(), "/tariffs?"+keep.Encode()
	if keep.Get("supplier") == "" {
		v.CityHref = "/city?" + keep.Encode()
	}
}

// tariffGroups are the prices of sellers, those who told none at the end. When nobody has a price there is nothing to show.
func (m *Module) tariffGroups(c *tariff.Catalog, sellers []supplier.Supplier, v *view.Tariffs) (groups []view.TariffGroup) {
	any := false
	for i := range sellers {
		g := view.TariffGroup{Supplier: sellers[i].Name, Phone: sellers[i].Phone}
		for _, s := range pricesOf(c, &sellers[i]) {
			row := m.tariffRow(&s, v)
			name, unit := s.Service.Name, priceUnit(s.Service, s.Rates[0])
			k := slices.IndexFunc(g.Services, func(x view.TariffService) bool { return x.Name == name && x.Unit == unit })
			if k < 0 {
				k, g.Services = len(g.Services), append(g.Services, view.TariffService{Name: name, Unit: unit})
			}
			g.Services[k].Rows = append(g.Services[k].Rows, row)
		}
		any = any || len(g.Services) > 0
		groups = append(groups, g)
	}
	if !any {
		return nil
	}
	slices.SortStableFunc(groups, func(a, b view.TariffGroup) int { return min(len(b.Services), 1) - min(len(a.Services), 1) })
	return groups
}

// pricesOf are the prices of what a supplier sells: his own rows, and those for everybody of the services that are his.
func pricesOf(c *tariff.Catalog, s *supplier.Supplier) []tariff.Series {
	sells := map[string]bool{}
	for i := range s.Mapping {
		sells[s.Mapping[i].Catalog] = true
	}
	for i := range c.Services {
		if c.Services[i].Supplier == s.Code {
			sells[c.Services[i].Code] = true
		}
	}
	return c.Prices(func(r *tariff.Rate) bool { return r.Supplier == s.Code || r.Supplier == "" && sells[r.Service] })
}

func (m *Module) tariffRow(s *tariff.Series, v *view.Tariffs) view.TariffRow {
	today := m.today()
	row := view.TariffRow{What: s.Rates[0].Words()}
	if now := s.At(today); now != nil {
		row.Now, row.Since, row.Document, row.Mark = priceText(now), now.From, now.Document, now.Status.Words()
	}
	if next := s.Next(today); next != nil {
		p := tariffPrice(next)
		row.Next = &p
		row.Document, row.Mark = cmp.Or(row.Document, p.Document), cmp.Or(row.Mark, p.Mark)
	}
	for i := len(s.Rates) - 1; i >= 0; i-- {
		if x := s.Rates[i]; x.Until != 0 && x.Until < today {
			row.Past = append(row.Past, tariffPrice(x))
		}
	}
	if v.Compared {
		row.Was, row.Is, row.Change = compared(s.At(v.DayOn), s.At(v.WithOn))
	}
	return row
}

func tariffPrice(r *tariff.Rate) view.TariffPrice {
	return view.TariffPrice{Value: priceText(r), Document: r.Document, Mark: r.Status.Words(), From: r.From, Until: r.Until}
}

// priceText is a price as people write it: «43,12 ₽».
func priceText(r *tariff.Rate) string { return decimal.Grouped(r.Value.String(), 2) + "\u00a0₽" }

// priceUnit is what a price is of: «₽ за м³», «₽ за м² в год».
func priceUnit(s *tariff.Service, r *tariff.Rate) string {
	unit := string(s.Unit)
	if u, err := tariff.ParsePriceUnit(r.Unit); err == nil && u.Unit != "" {
		unit = string(u.Unit)
	}
	text := "₽ за " + calc.UnitName(unit)
	if s.Kind == tariff.PerArea || s.Kind == tariff.PerPerson || s.Kind == tariff.PerUnit {
		text += map[string]string{"year": " в год"}[r.Period]
		if r.Period != "year" {
			text += " в месяц"
		}
	}
	return text
}

// compared tells two prices and how the second differs, in percent with one digit, rounded once.
func compared(was, is *tariff.Rate) (a, b, change string) {
	a, b = "нет", "нет"
	if was != nil {
		a = priceText(was)
	}
	if is != nil {
		b = priceText(is)
	}
	if was == nil || is == nil || was.Value <= 0 {
		return a, b, ""
	}
	tenths := (2*1000*(int64(is.Value)-int64(was.Value))/int64(was.Value) + sign(int64(is.Value)-int64(was.Value))) / 2
	switch {
	case is.Value == was.Value:
		return a, b, "не изменилась"
	case is.Value > was.Value:
		return a, b, "на " + percent(tenths) + " больше"
	}
	return a, b, "на " + percent(-tenths) + " меньше"
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}

// percent writes tenths of a percent: «11,2 %».
func percent(tenths int64) string { return fmt.Sprintf("%d,%d\u00a0%%", tenths/10, tenths%10) }
