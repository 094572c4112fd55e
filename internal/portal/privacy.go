package portal

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// privacyRoutes are the pages of a person's data.
func (m *Module) privacyRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/my-data", Resource: "person", Action: "own", Handler: m.myData},
		{Method: http.MethodPost, Pattern: "/my-data", Resource: "person", Action: "own", Handler: m.changeMyData},
		{Method: http.MethodGet, Pattern: "/my-data/file", Resource: "person", Action: "own", Slow: true, Handler: m.myFile},
	}
}

// looksShown bounds the list of who looked.
const looksShown = 100

func (m *Module) myData(w http.ResponseWriter, r *http.Request) error {
	return m.showMyData(w, r, http.StatusOK, nil)
}

func (m *Module) showMyData(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	ctx, actor := r.Context(), access.FromContext(r.Context())
	v := view.MyData{Page: m.page(r, "Мои данные"), Action: "/my-data", Errors: web.ErrorsOf(failed)}
	consents, err := m.Privacy.Consents(ctx, actor.UserID)
	if err != nil {
		return err
	}
	for i := range consents {
		c := &consents[i]
		row := view.ConsentRow{Code: string(c.Consent), Title: c.Title, Words: c.Words, After: c.After, Held: c.GivenAt != 0 && c.WithdrawnAt == 0, At: max(c.GivenAt, c.WithdrawnAt)}
		if row.Usual = c.Consent == privacy.Messages && row.At == 0; row.Usual {
			row.Held = true // reminders go until he wants none
		}
		row.Newer = row.At != 0 && row.Held && c.Of != c.Version
		v.Consents = append(v.Consents, row)
	}
	if v.Looks, err = m.lookRows(r); err != nil {
		return err
	}
	e, err := m.Privacy.LastExport(ctx, actor.UserID)
	if err != nil {
		return err
	}
	if e != nil && e.State != privacy.Gone {
		v.Export = &view.ExportState{Ready: e.State == privacy.Ready, Href: "/my-data/file", Until: e.Until(), Size: sizeWords(e.Size), Asked: e.AskedAt}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.MyDataPage(v))
}

// lookRows are the staff views of the home the person looks at, since it is his.
func (m *Module) lookRows(r *http.Request) (rows []view.LookRow, err error) {
	actor := access.FromContext(r.Context())
	if actor.HouseholdID == 0 || !actor.Rights.Has(access.Manage) {
		return nil, nil
	}
	since, err := m.Since(r.Context(), actor)
	if err != nil {
		return nil, err
	}
	list, err := m.Privacy.LooksAt(r.Context(), actor.BuildingID, actor.HouseholdID, since, looksShown)
	for _, l := range list {
		rows = append(rows, view.LookRow{Who: staffWord(l.Actor), What: l.What, Why: l.Why, At: l.At, Times: l.Times})
	}
	return rows, err
}

// staffWords are who a role is to a resident: he is told the organisation and the work, not a login.
var staffWords = map[access.Role]string{access.CentreOperator: "Оператор расчётного центра", access.CentreAccountant: "Бухгалтер расчётного центра", access.Auditor: "Проверяющий", access.Clerk: "Кассир расчётного центра"}

func staffWord(actor string) string {
	role, _, _ := strings.Cut(actor, ":")
	if word := staffWords[access.Role(role)]; word != "" {
		return word
	}
	return "Сотрудник"
}

// sizeWords is the size of a file for people.
func sizeWords(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d\u00a0КБ", max(1, n>>10))
	}
	return fmt.Sprintf("%d\u00a0МБ", n>>20)
}

// changeMyData does what the person pressed. Pressed twice it is done once.
func (m *Module) changeMyData(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, back := r.Context(), access.FromContext(r.Context()), "/my-data"
	var err error
	switch consent := privacy.Consent(r.PostFormValue("consent")); r.PostFormValue("do") {
	case "give":
		err, back = m.Privacy.Give(ctx, actor, consent, "page"), "/my-data#consents"
		if err == nil && consent == privacy.Messages {
			err = m.Notices.Resume(ctx, actor.UserID)
		}
	case "withdraw":
		err, back = m.Privacy.Withdraw(ctx, actor, consent), "/my-data#consents"
	case "export":
		err, back = m.Privacy.Ask(ctx, actor), "/my-data#export"
	case "erase":
		if err = m.Privacy.Erase(ctx, actor, r.PostFormValue("sure") != ""); err == nil {
			return m.showErased(w, r)
		}
	default:
		err = fault.New(fault.Invalid, "data.step", "Выберите, что сделать с данными.")
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showMyData(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, back)
}

// showErased says goodbye: the session ended with the data.
func (m *Module) showErased(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, m.Site.Cookie(SessionCookie, "", -1))
	p := web.NewPage(r, "Данные удалены")
	return web.Render(w, r, http.StatusOK, view.MyDataPage(view.MyData{Page: p, Erased: true}))
}

func (m *Module) myFile(w http.ResponseWriter, r *http.Request) error {
	f, err := m.Privacy.Open(r.Context(), access.FromContext(r.Context()))
	if err != nil {
		return err
	}
	defer f.Close()
	web.Attach(w, "application/zip", "kvit-my-data.zip")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(w, f)
	return err
}
