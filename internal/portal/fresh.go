package portal

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/signin"
	"kvit/internal/web"
)

// freshFor is how long a proof of who one is counts as fresh.
const freshFor = calendar.Micros(15 * time.Minute / time.Microsecond)

// fresh lets a person on to a handler only when he has lately shown who he is; else he does so and comes back to the page of the
// same address. For whatever a stolen session must not do: contacts, keys, people let in, autopay, refunds (reliability.md S6).
func (m *Module) fresh(h web.HandlerFunc) web.HandlerFunc { return m.freshFrom("", h) }

// freshFrom is fresh for a form whose page has another address.
func (m *Module) freshFrom(page string, h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := access.FromContext(r.Context())
		if a.UserID == 0 || m.Now()-a.FreshAt <= freshFor {
			return h(w, r)
		}
		back := page
		if back == "" {
			back = r.URL.Path
		}
		return web.SeeOther(w, r, "/proof?next="+url.QueryEscape(back))
	}
}

// freshAsk shows where a code can go.
func (m *Module) freshAsk(w http.ResponseWriter, r *http.Request) error {
	return m.showFresh(w, r, http.StatusOK, nil)
}

func (m *Module) showFresh(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	next := web.LocalPath(r.FormValue("next"), "/profile")
	v := view.ProveFresh{Page: m.page(r, "Подтвердите, что это вы"), Action: "/proof", Next: next, Anew: "/signin?next=" + url.QueryEscape(next)}
	list, err := m.People.Contacts(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return err
	}
	for _, c := range list {
		switch {
		case c.ConfirmedAt == 0:
		case c.Kind == person.Phone || c.Kind == person.Email:
			v.Contacts = append(v.Contacts, web.Choice{Value: strconv.FormatInt(c.ID, 10), Label: c.Masked, Chosen: len(v.Contacts) == 0})
		case c.Kind == person.ESIA && m.SignIn.ESIA != nil:
			v.ESIAHref = "/signin/esia?for=fresh&next=" + url.QueryEscape(next)
		}
	}
	if v.Wait = wait(failed); v.Wait == "" {
		v.Errors = web.ErrorsOf(failed)
		v.Page.WithErrors(v.Errors)
	}
	return web.Render(w, r, status, view.ProveFreshPage(v))
}

func (m *Module) freshSend(w http.ResponseWriter, r *http.Request) error {
	who := access.FromContext(r.Context()).UserID
	to, err := m.ownContact(r, who, r.PostFormValue("contact"))
	if err == nil {
		err = m.SignIn.Send(r.Context(), signin.Ask{
			Browser: m.newProof(w), Contact: to, Channel: signin.Channel(r.PostFormValue("way")), Purpose: signin.Fresh, Person: who, Network: web.Host(r),
			Next: web.LocalPath(r.PostFormValue("next"), "/profile"),
		})
	}
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/signin/code")
	case staysOnPage(err):
		return m.showFresh(w, r, statusOf(w, err), err)
	}
	return err
}

// ownContact is the value of one of a person's own contacts.
func (m *Module) ownContact(r *http.Request, who int64, id string) (string, error) {
	list, err := m.People.Contacts(r.Context(), who)
	if err != nil {
		return "", err
	}
	for _, c := range list {
		if strconv.FormatInt(c.ID, 10) == id && c.ConfirmedAt != 0 {
			return c.Value, nil
		}
	}
	return "", fault.New(fault.Invalid, "contact.choose", "Выберите, куда прислать код").WithField("contact")
}
