package console

import (
	"bytes"
	"cmp"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func factsPath(r *http.Request) string { return "/c/account/" + r.PathValue("code") + "/facts" }

func (m *Module) facts(w http.ResponseWriter, r *http.Request) error {
	k := findFactKind(r.URL.Query().Get("add"))
	return m.showFacts(w, r, http.StatusOK, k, nil, nil)
}

// showFacts shows what is known, and the form of a kind with what it would change or what is wrong with it.
func (m *Module) showFacts(w http.ResponseWriter, r *http.Request, status int, k *factKind, s *view.FactSupposed, failed error) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	known, err := m.knownFacts(r, ref)
	if err != nil {
		return err
	}
	v := view.Facts{Page: m.page(r, "Данные для начисления"), Household: known.Household, BackHref: "/c/account/" + r.PathValue("code"), Groups: factGroups(known)}
	if r.URL.Query().Get("told") != "" {
		v.Told = "Записано."
	}
	if access.FromContext(r.Context()).Require("subscriber", "tell") == nil {
		for _, x := range factKinds {
			v.Adds = append(v.Adds, web.Tab{Title: x.tab, Href: factsPath(r) + "?add=" + string(x.kind), Current: k != nil && k.kind == x.kind})
		}
		if k != nil {
			v.Form = factForm(r, k, known, failed)
			v.Form.Supposed = s
		}
	}
	return web.Render(w, r, status, view.FactsPage(v))
}

func (m *Module) knownFacts(r *http.Request, ref bill.Ref) (known *record.Facts, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		known, err = record.ShowHousehold(r.Context(), tx, ref.Building, ref.Household, math.MaxInt64)
		return err
	})
	return known, err
}

// tellFact shows what a fact would change, then writes it.
func (m *Module) tellFact(w http.ResponseWriter, r *http.Request) error {
	k := findFactKind(r.PostFormValue("kind"))
	if k == nil {
		return fault.New(fault.Invalid, "form", "Форма не прочиталась. Откройте страницу снова.")
	}
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	s, err := m.told(r, k, ref)
	switch {
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound):
		if fault.As(err).Field == "" {
			err = fault.As(err).WithField(k.fields[0].Name)
		}
		return m.showFacts(w, r, http.StatusUnprocessableEntity, k, nil, err)
	case err != nil:
		return err
	case s != nil:
		return m.showFacts(w, r, http.StatusOK, k, s, nil)
	}
	return web.SeeOther(w, r, factsPath(r)+"?told=1")
}

// told judges the fact of a form; written, there is nothing more to show.
func (m *Module) told(r *http.Request, k *factKind, ref bill.Ref) (*view.FactSupposed, error) {
	known, err := m.knownFacts(r, ref)
	if err != nil {
		return nil, err
	}
	to, err := m.anyAccount(r, ref)
	if err != nil {
		return nil, err
	}
	text, from, err := factRecord(r, k, known, to)
	if err != nil {
		return nil, err
	}
	actor := access.FromContext(r.Context())
	l := record.Load{By: "person:" + actor.Name + ": " + strings.TrimSpace(r.PostFormValue("reason")), Sources: []record.Source{{Body: bytes.NewReader(text)}}}
	if r.PostFormValue("step") == "save" {
		report, err := m.Records.Load(r.Context(), actor, l)
		return nil, cmp.Or(err, refusal(report))
	}
	month := calendar.DateOf(m.Now().Time().In(m.Zone)).Month()
	if from != 0 {
		month = from.Month()
	}
	s, err := m.Records.Suppose(r.Context(), actor, l, ref.Building, ref.Household, month)
	if err != nil {
		return nil, err
	}
	if err := refusal(s.Report); err != nil {
		return nil, err
	}
	out := &view.FactSupposed{Month: month, Before: s.Before, After: s.After, Nothing: len(s.Report.Records) == 0}
	for _, x := range s.Report.Records {
		out.Late = x.Late
	}
	return out, nil
}

// refusal is why the only record of a form was refused.
func refusal(report *record.Report) error {
	if report == nil || report.OK {
		return nil
	}
	x := report.Records[0]
	return fault.New(fault.Invalid, x.Code, x.Says)
}

// anyAccount is an account of the household, to name it by.
func (m *Module) anyAccount(r *http.Request, ref bill.Ref) (to record.Addressee, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err := account.ListMembers(r.Context(), tx, ref.Building, ref.Household, m.Now())
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "household.unknown", "В этой корзине больше нет счетов.")
		}
		s, err := supplier.FindByID(r.Context(), tx, list[0].SupplierID)
		to = record.Addressee{Supplier: s.Code, Account: list[0].Number}
		return err
	})
	return to, err
}

// factTitles are the kinds of facts in words, in the order they are shown.
var factTitles = []struct {
	kind  record.Kind
	title string
}{
	{record.Residents, "Жильцы"}, {record.Owners, "Собственники"}, {record.Party, "Кто платит"}, {record.Absence, "Отсутствие"}, {record.Benefit, "Льготы"}, {record.Premises, "Помещение"},
	{record.Area, "Площадь с даты"}, {record.Service, "Услуги"}, {record.Meter, "Счётчики"}, {record.Verification, "Поверки"}, {record.GasFactor, "Коэффициенты газа"},
	{record.Reading, "Показания"}, {record.Act, "Акты"}, {record.Event, "Перерывы и качество"}, {record.Object, "На участке"}, {record.Instalment, "Рассрочка"},
	{record.House, "Дом"}, {record.Resource, "Общедомовые счётчики"},
}

// factsShown is how many facts of one kind are shown, the latest: the rest is in kvit facts show.
const factsShown = 24

func factGroups(known *record.Facts) (groups []view.FactGroup) {
	for _, t := range factTitles {
		g := view.FactGroup{Title: t.title}
		for i := range known.Facts {
			if k := &known.Facts[i]; k.Fact == t.kind {
				g.Rows = append(g.Rows, factRow(k))
			}
		}
		if len(g.Rows) > factsShown {
			g.Rows = g.Rows[len(g.Rows)-factsShown:]
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func factRow(k *record.Known) view.FactRow {
	var about, parts []string
	if k.Service != "" {
		about = append(about, catalogWord(k.Service))
	}
	if k.Meter != "" {
		about = append(about, "счётчик "+k.Meter)
	}
	if k.Account != "" {
		about = append(about, "счёт "+k.Account)
	}
	if len(about) == 0 {
		about = []string{"семья"}
	}
	for _, name := range slices.Sorted(maps.Keys(k.Values)) {
		parts = append(parts, valueText(name, k.Values[name]))
	}
	term := termText(k.On, k.To)
	if slices.Contains(ofOneDay, k.Fact) && k.On != 0 {
		term = k.On.Dotted()
	}
	return view.FactRow{About: strings.Join(about, ", "), Term: term, Text: strings.Join(parts, "; "), Source: k.Source, At: k.At}
}

// ofOneDay are facts of a day, not from a day on.
var ofOneDay = []record.Kind{record.Reading, record.Act, record.Event, record.Instalment, record.GasFactor}

func termText(from, until calendar.Date) string {
	switch {
	case from == 0 && until == 0:
		return "всё время"
	case until == 0:
		return "с " + from.Dotted()
	case from == 0:
		return "по " + until.Dotted()
	}
	return from.Dotted() + " – " + until.Dotted()
}
