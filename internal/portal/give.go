package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// giveTerms are for how long access may be given, in months.
var giveTerms = []struct {
	value, label string
	months       int
}{{"", "Пока не закрою сам", 0}, {"1", "На месяц", 1}, {"6", "На полгода", 6}, {"12", "На год", 12}}

// scopeWords are what may be given, in words.
var scopeWords = map[access.Rights]string{person.ScopeSee: "Видеть счета и документы", person.ScopePay: "Видеть и платить", person.ScopeRead: "Видеть, платить и передавать показания"}

func (m *Module) giveForm(w http.ResponseWriter, r *http.Request) error {
	return m.showGive(w, r, http.StatusOK, nil)
}

func (m *Module) showGive(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	a := access.FromContext(r.Context())
	v := view.AccountGive{Page: m.page(r, "Дать доступ близкому"), Key: web.NewKey(), Phone: r.PostFormValue("phone"), Errors: web.ErrorsOf(failed)}
	var err error
	if v.Address, err = m.nameOf(r.Context(), &person.Home{Building: a.BuildingID, Household: a.HouseholdID, Rights: a.Rights}); err != nil {
		return err
	}
	asked := access.Rights(r.PostFormValue("scope"))
	if asked == "" {
		asked = person.ScopePay
	}
	v.Scopes = web.Choices{Name: "scope", Label: "Что разрешить", Error: v.Errors.Of("scope")}
	for _, s := range person.Scopes {
		v.Scopes.Items = append(v.Scopes.Items, web.Choice{Value: string(s), Label: scopeWords[s], Chosen: s == asked})
	}
	v.Terms = web.Choices{Name: "term", Label: "Надолго ли", Width: "m"}
	for _, t := range giveTerms {
		v.Terms.Items = append(v.Terms.Items, web.Choice{Value: t.value, Label: t.label, Chosen: t.value == r.PostFormValue("term")})
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountGivePage(v))
}

// endOfTerm is the last day of what is given for a term; 0: no end.
func endOfTerm(today calendar.Date, term string) calendar.Date {
	for _, t := range giveTerms {
		if t.value == term && t.months > 0 {
			day := today.Month().Add(t.months).First().AddDays(today.Day() - 1)
			return min(day, today.Month().Add(t.months).Last())
		}
	}
	return 0
}

func (m *Module) give(w http.ResponseWriter, r *http.Request) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	if err := m.Privacy.Agreed(r.Context(), access.FromContext(r.Context()).UserID, privacy.Trusted, "page"); err != nil {
		return err
	}
	x, err := m.People.Give(r.Context(), key, access.FromContext(r.Context()), r.PostFormValue("phone"), access.Rights(r.PostFormValue("scope")), endOfTerm(m.People.Today(), r.PostFormValue("term")))
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showGive(w, r, http.StatusUnprocessableEntity, err)
	}
	says := x.Masked + ": " + scopeWords[x.Rights]
	if x.To != 0 {
		says += " до " + x.To.Dotted()
	}
	v := view.AccountGive{Page: m.page(r, "Доступ дан"), Given: says + ". Скажите близкому: пусть войдёт на сайт с этим телефоном и примет приглашение. Оно ждёт 30 дней."}
	return web.Render(w, r, http.StatusOK, view.AccountGivePage(v))
}
