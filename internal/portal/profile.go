package portal

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/signin"
	"kvit/internal/web"
)

// profileSection draws one section of the profile for who asks; failed is what a form of it was refused for. Nil leaves it out.
type profileSection func(m *Module, r *http.Request, p *web.Page, failed error) (templ.Component, error)

// profileSections are the sections of R20, in their order.
var profileSections = []profileSection{
	(*Module).contactsSection,
	(*Module).passkeysSection,
	(*Module).sessionsSection,
	(*Module).lookSection,
}

// profileTold are the words after something was done.
var profileTold = map[string]string{
	"contact": "Добавлено. По этому контакту можно входить", "removed": "Контакт убран", "passkey": "Ключ создан. Теперь можно входить с ним",
	"passkey-removed": "Ключ удалён", "ended": "Вход закрыт", "ended-all": "На других устройствах вы вышли",
}

// profileRoutes are R20, proving again who one is, and the page of who has no home yet.
func (m *Module) profileRoutes() []web.Route {
	own := func(method, pattern string, h web.HandlerFunc) web.Route {
		return web.Route{Method: method, Pattern: pattern, Resource: "profile", Action: "own", Handler: h}
	}
	change := func(h web.HandlerFunc) web.HandlerFunc { return m.freshFrom("/profile", h) }
	return []web.Route{
		own(http.MethodGet, "/welcome", m.welcome), own(http.MethodGet, "/profile", m.profile),
		own(http.MethodGet, "/proof", m.freshAsk), own(http.MethodPost, "/proof", m.freshSend),
		own(http.MethodPost, "/profile/contacts", change(m.addContact)), own(http.MethodPost, "/profile/contacts/remove", change(m.removeContact)),
		own(http.MethodPost, "/profile/sessions", m.endSessions),
		own(http.MethodPost, "/profile/passkeys/begin", change(m.passkeyBegin)), own(http.MethodPost, "/profile/passkeys", change(m.addPasskey)), own(http.MethodPost, "/profile/passkeys/remove", change(m.removePasskey)),
	}
}

func (m *Module) welcome(w http.ResponseWriter, r *http.Request) error {
	a := access.FromContext(r.Context())
	if a.HomeID != 0 {
		return web.SeeOther(w, r, "/home")
	}
	v := view.Welcome{Page: m.page(r, "Вы вошли"), AddHref: "/accounts/add", ProfileHref: "/profile", Limited: a.Limited}
	return web.Render(w, r, http.StatusOK, view.WelcomePage(v))
}

func (m *Module) profile(w http.ResponseWriter, r *http.Request) error {
	return m.showProfile(w, r, http.StatusOK, nil)
}

// showProfile draws the profile; failed is shown above and beside its field.
func (m *Module) showProfile(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	v := view.Profile{Page: m.page(r, "Профиль"), Told: profileTold[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	var sections []templ.Component
	for _, make := range profileSections {
		s, err := make(m, r, &v.Page, failed)
		if err != nil {
			return err
		}
		if s != nil {
			sections = append(sections, s)
		}
	}
	return web.Render(w, r, status, view.ProfilePage(v, sections))
}

// contactTitles are kinds of contacts in words.
var contactTitles = map[person.Kind]string{person.Phone: "Телефон", person.Email: "Почта", person.Telegram: "Telegram", person.Max: "MAX", person.ESIA: "Госуслуги", person.Caller: "Показания по телефону и SMS"}

func (m *Module) contactsSection(r *http.Request, p *web.Page, failed error) (templ.Component, error) {
	list, err := m.People.Contacts(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return nil, err
	}
	v := view.ProfileContacts{Page: p, AddAction: "/profile/contacts", DelAction: "/profile/contacts/remove"}
	if failed != nil {
		v.Contact, v.Errors = r.PostFormValue("contact"), web.ErrorsOf(failed)
	}
	if m.SignIn.ESIA != nil {
		v.ESIAHref = "/signin/esia?for=contact"
	}
	for _, c := range list {
		row := view.ProfileContact{ID: strconv.FormatInt(c.ID, 10), Title: contactTitles[c.Kind], Value: shownContact(c.Kind, c.Value)}
		switch c.Kind {
		case person.ESIA:
			row.Value, v.ESIAHref = "вход подключён", ""
		case person.Telegram, person.Max, person.Caller:
			row.Value = "подключён"
		}
		v.Rows = append(v.Rows, row)
	}
	return view.ProfileContactsSection(v), nil
}

func (m *Module) addContact(w http.ResponseWriter, r *http.Request) error {
	who := access.FromContext(r.Context()).UserID
	err := m.SignIn.Send(r.Context(), signin.Ask{
		Browser: m.newProof(w), Contact: r.PostFormValue("contact"), Channel: signin.Channel(r.PostFormValue("way")), Purpose: signin.Contact, Person: who, Network: web.Host(r),
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/signin/code")
	case staysOnPage(err):
		return m.showProfile(w, r, statusOf(w, err), fault.New(fault.KindOf(err), fault.CodeOf(err), fault.As(err).Message).WithField("contact"))
	}
	return err
}

func (m *Module) removeContact(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PostFormValue("contact"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "contact.unknown", "Такого контакта у вас нет.")
	}
	err = m.SignIn.RemoveContact(r.Context(), access.FromContext(r.Context()).UserID, id)
	if web.IsForm(err) {
		r.PostForm.Del("contact") // of the row, not of the field
		return m.showProfile(w, r, statusOf(w, err), err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile?done=removed")
}

func (m *Module) sessionsSection(r *http.Request, p *web.Page, _ error) (templ.Component, error) {
	list, err := m.Access.Sessions(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return nil, err
	}
	v, current := view.ProfileSessions{Page: p, Action: "/profile/sessions"}, access.SessionKey(m.session(r))
	for _, s := range list {
		row := view.ProfileSession{Key: s.Key, Device: s.Device, Since: s.Since, SeenAt: s.SeenAt, Current: s.Key == current}
		if row.Device == "" {
			row.Device = "Браузер"
		}
		v.Rows = append(v.Rows, row)
	}
	return view.ProfileSessionsSection(v), nil
}

func (m *Module) endSessions(w http.ResponseWriter, r *http.Request) error {
	who, end := access.FromContext(r.Context()).UserID, r.PostFormValue("end")
	if end == "all" {
		if err := m.Access.EndSessions(r.Context(), who, m.session(r)); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/profile?done=ended-all")
	}
	if err := m.Access.EndSessionOf(r.Context(), who, end); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile?done=ended")
}

func (m *Module) lookSection(_ *http.Request, p *web.Page, _ error) (templ.Component, error) {
	return view.ProfileLookSection(p), nil
}
