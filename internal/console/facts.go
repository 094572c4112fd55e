package console

import (
	"bytes"
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
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
	of, err := m.subjectOf(r, ref)
	if err != nil {
		return err
	}
	v := view.Facts{Page: m.page(r, "Данные для начисления"), Household: of.known.Household, BackHref: "/c/account/" + r.PathValue("code"), Here: factsPath(r)}
	if told := toldWords[r.URL.Query().Get("told")]; told != "" {
		v.Told = told
	}
	base := ""
	if access.FromContext(r.Context()).Require("subscriber", "tell") == nil {
		v.Kinds, base = kindChoices(k), factsPath(r)
		if k != nil {
			v.Form = factForm(r, k, of, failed)
			v.Form.Supposed = s
		}
	}
	v.Groups = factGroups(of.known, base)
	return web.Render(w, r, status, view.FactsPage(v))
}

// toldWords are what has just been done.
var toldWords = map[string]string{"1": "Записано.", "withdrawn": "Факт отменён. Прежнее значение осталось в истории."}

// kindChoices are the kinds of facts to choose from.
func kindChoices(now *factKind) *web.Choices {
	c := &web.Choices{Name: "add", Label: "Что записать", Width: "m"}
	for i := range factKinds {
		k := &factKinds[i]
		c.Items = append(c.Items, web.Choice{Value: string(k.kind), Label: k.title, Chosen: now != nil && now.kind == k.kind})
	}
	return c
}

// subjectOf reads what is known of a household and what can be chosen for it.
func (m *Module) subjectOf(r *http.Request, ref bill.Ref) (*subject, error) {
	s := &subject{}
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		s.members = nil
		if s.known, err = record.ShowHousehold(r.Context(), tx, ref.Building, ref.Household, math.MaxInt64); err != nil {
			return err
		}
		list, err := account.ListMembers(r.Context(), tx, ref.Building, ref.Household, m.Now())
		for i := 0; i < len(list) && err == nil; i++ {
			var seller supplier.Supplier
			if seller, err = supplier.FindByID(r.Context(), tx, list[i].SupplierID); err == nil {
				s.members = append(s.members, record.Addressee{Supplier: seller.Code, Account: list[i].Number})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	engine, err := m.Charges.Engine(r.Context())
	if err != nil {
		return nil, err
	}
	for n := range engine.Services() {
		s.services = append(s.services, engine.Of(calc.Service(n)).Code)
	}
	return s, nil
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
	case refusesForm(err):
		if fault.As(err).Field == "" {
			err = fault.As(err).WithField(k.firstField())
		}
		return m.showFacts(w, r, http.StatusUnprocessableEntity, k, nil, err)
	case err != nil:
		return err
	case s != nil:
		return m.showFacts(w, r, http.StatusOK, k, s, nil)
	}
	return web.SeeOther(w, r, factsPath(r)+"?told=1")
}

// refusesForm tells whether a fault is to be shown beside the form that was sent.
func refusesForm(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound)
}

// firstField is where a fault of the whole form is shown.
func (k *factKind) firstField() string {
	if len(k.fields) > 0 {
		return k.fields[0].Name
	}
	return "reason"
}

var errNoAccounts = fault.New(fault.NotFound, "household.unknown", "В этой корзине больше нет счетов.")

// told judges the fact of a form; written, there is nothing more to show.
func (m *Module) told(r *http.Request, k *factKind, ref bill.Ref) (*view.FactSupposed, error) {
	of, err := m.subjectOf(r, ref)
	if err != nil {
		return nil, err
	}
	if len(of.members) == 0 {
		return nil, errNoAccounts
	}
	text, err := factRecord(r, k, of)
	if err != nil {
		return nil, err
	}
	actor := access.FromContext(r.Context())
	return m.loadOrSuppose(r, ref, record.Load{By: "person:" + actor.Name + ": " + strings.TrimSpace(r.PostFormValue("reason")), Sources: []record.Source{{Body: bytes.NewReader(text)}}}, m.formMonth(r, k))
}

// loadOrSuppose writes a record when the form says so; else it tells what a month would cost with it.
func (m *Module) loadOrSuppose(r *http.Request, ref bill.Ref, l record.Load, month calendar.Month) (*view.FactSupposed, error) {
	actor := access.FromContext(r.Context())
	if r.PostFormValue("step") == "save" {
		report, err := m.Records.Load(r.Context(), actor, l)
		return nil, cmp.Or(err, refusal(report))
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
		if late, err := calendar.ParseMonth(x.Late); err == nil { // empty when no charged month changes
			out.Late = late.Genitive() + " " + strconv.Itoa(late.Year())
		}
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

// factsShown is how many facts of one kind are shown, the latest: the rest is in kvit facts show.
const factsShown = 24

// factGroups puts facts into words; base is the address below which each is withdrawn, empty when the actor may not.
func factGroups(known *record.Facts, base string) (groups []view.FactGroup) {
	for _, t := range record.Titles {
		g := view.FactGroup{Title: t.Title}
		for i := range known.Facts {
			if k := &known.Facts[i]; k.Fact == t.Kind {
				g.Rows = append(g.Rows, factRow(k, base))
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

func factRow(k *record.Known, base string) view.FactRow {
	row := view.FactRow{About: k.About(), Term: k.TermText(), Text: strings.Join(k.Texts(), "; "), Source: k.Source, At: k.At}
	if base != "" {
		row.Withdraw = base + "/" + k.Ref + "/withdraw"
	}
	return row
}
