package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/signin"
	"kvit/internal/web"
)

// Cookies of signing in: the secret of a proof that has begun, and the lasting one of the browser.
const (
	proofCookie   = "proof"
	proofSeconds  = 3600
	deviceCookie  = "device"
	deviceSeconds = 400 * 24 * 3600
)

// proveRoutes are P10 for residents, and proving again who one is.
func (m *Module) proveRoutes() []web.Route {
	open := func(method, pattern string, h web.HandlerFunc) web.Route {
		return web.Route{Method: method, Pattern: pattern, Resource: "session", Action: "start", Handler: h}
	}
	return []web.Route{
		open(http.MethodGet, "/signin", m.prove), open(http.MethodPost, "/signin", m.proveSend),
		open(http.MethodGet, "/signin/code", m.proveCode), open(http.MethodPost, "/signin/code", m.proveFinish), open(http.MethodPost, "/signin/again", m.proveAgain),
		open(http.MethodGet, "/signin/link/{token}", m.proveLink), open(http.MethodPost, "/signin/link/{token}", m.proveByLink),
		open(http.MethodGet, "/signin/esia", m.esiaBegin), open(http.MethodGet, "/signin/esia/back", m.esiaBack),
		open(http.MethodPost, "/signin/passkey/begin", m.passkeyAsk), open(http.MethodPost, "/signin/passkey", m.passkeyEnter),
		{Method: http.MethodGet, Pattern: "/not-me", Resource: "session", Action: "end", Handler: m.notMe},
		{Method: http.MethodPost, Pattern: "/not-me", Resource: "session", Action: "end", Handler: m.notMeDone},
	}
}

// staffPages are beginnings of addresses that only staff opens.
var staffPages = []string{"/c/", "/s/", "/k"}

func (m *Module) proveView(r *http.Request) view.Prove {
	next := web.LocalPath(r.FormValue("next"), "")
	v := view.Prove{
		Page: m.page(r, "Вход"), Action: "/signin", Next: next, ByMail: r.FormValue("by") == "mail", StaffHref: staffSignIn, NotMeHref: "/not-me", PasskeyAction: "/signin/passkey",
		Contact: r.PostFormValue("contact"), SwitchHref: "/signin?by=mail&next=" + url.QueryEscape(next),
	}
	v.SignIn = ""
	if v.ByMail {
		v.SwitchHref = "/signin?next=" + url.QueryEscape(next)
	}
	if m.SignIn.ESIA != nil {
		v.ESIAHref = "/signin/esia?next=" + url.QueryEscape(next)
	}
	if len(m.Demo) > 0 {
		v.DemoHref = "/demo"
	}
	return v
}

func (m *Module) prove(w http.ResponseWriter, r *http.Request) error {
	v := m.proveView(r)
	for _, prefix := range staffPages {
		if strings.HasPrefix(v.Next, prefix) {
			return web.SeeOther(w, r, staffSignIn+"?next="+url.QueryEscape(v.Next))
		}
	}
	return web.Render(w, r, http.StatusOK, view.ProvePage(v))
}

// begin gives the browser a new secret for a proof: one planted before is of no use.
func (m *Module) newProof(w http.ResponseWriter) string {
	secret := signin.NewSecret()
	http.SetCookie(w, m.Site.Cookie(proofCookie, secret, proofSeconds))
	return secret
}

// proofOf is the secret of the proof a browser has begun, empty when it has none.
func (m *Module) proofOf(r *http.Request) string {
	if c, err := r.Cookie(m.Site.CookieName(proofCookie)); err == nil {
		return c.Value
	}
	return ""
}

// wait is why no code goes for now, when that is what err says.
func wait(err error) string {
	if fault.Is(err, fault.Limited) || fault.Is(err, fault.Unavailable) {
		return fault.As(err).Message
	}
	return ""
}

// statusOf is the status of a page that shows why something was refused.
func statusOf(w http.ResponseWriter, err error) int {
	status := fault.KindOf(err).HTTPStatus()
	if status == http.StatusConflict {
		status = http.StatusUnprocessableEntity
	}
	web.SetRetryAfter(w.Header(), err, status)
	return status
}

// staysOnPage tells whether a page of signing in shows a fault itself.
func staysOnPage(err error) bool { return web.IsForm(err) || fault.Is(err, fault.Unavailable) }

func (m *Module) proveSend(w http.ResponseWriter, r *http.Request) error {
	return m.sendCode(w, r, m.proveView(r))
}

// sendCode sends a code to the contact typed, and shows what is wrong with it beside the other ways to sign in.
func (m *Module) sendCode(w http.ResponseWriter, r *http.Request, v view.Prove) error {
	err := m.SignIn.Send(r.Context(), signin.Ask{
		Browser: m.newProof(w), Contact: v.Contact, Channel: signin.Channel(r.PostFormValue("way")), Purpose: signin.SignIn, Network: web.Host(r), Next: v.Next,
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/signin/code")
	case !staysOnPage(err):
		return err
	}
	if v.Wait = wait(err); v.Wait == "" {
		v.Errors = web.ErrorsOf(err)
		v.Page.WithErrors(v.Errors)
	}
	return web.Render(w, r, statusOf(w, err), view.ProvePage(v))
}

// What the button under a code says, and where another way is.
var (
	codeButtons = map[signin.Purpose]string{signin.SignIn: "Войти", signin.Fresh: "Подтвердить", signin.Contact: "Добавить"}
	otherWays   = map[signin.Purpose]string{signin.SignIn: "/signin", signin.Fresh: "/proof", signin.Contact: "/profile"}
)

func (m *Module) codeOf(r *http.Request) (view.ProveCode, error) {
	sent, err := m.SignIn.Asked(r.Context(), m.proofOf(r))
	v := view.ProveCode{
		Page: m.page(r, "Введите код"), Action: "/signin/code", AgainAction: "/signin/again", To: shownContact(sent.Kind, sent.Value), Channel: string(sent.Channel),
		Button: codeButtons[sent.Purpose], OtherHref: otherWays[sent.Purpose], Again: r.URL.Query().Has("again"),
	}
	if sent.Purpose == signin.SignIn {
		v.SignIn = ""
		v.OtherHref += "?next=" + url.QueryEscape(sent.Next)
	}
	return v, err
}

// shownContact is a contact as people write it: +7 900 123-45-67.
func shownContact(kind person.Kind, value string) string {
	if kind == person.Phone && len(value) == 12 {
		return value[:2] + "\u00a0" + value[2:5] + "\u00a0" + value[5:8] + "-" + value[8:10] + "-" + value[10:]
	}
	return value
}

func (m *Module) proveCode(w http.ResponseWriter, r *http.Request) error {
	v, err := m.codeOf(r)
	if fault.Is(err, fault.Invalid) {
		return web.SeeOther(w, r, "/signin")
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.ProveCodePage(v))
}

func (m *Module) proveAgain(w http.ResponseWriter, r *http.Request) error {
	err := m.SignIn.Again(r.Context(), m.proofOf(r), signin.Channel(r.PostFormValue("way")), web.Host(r))
	if err == nil {
		return web.SeeOther(w, r, "/signin/code?again")
	}
	return m.codeAgain(w, r, err)
}

// codeAgain shows the page of the code with what was wrong.
func (m *Module) codeAgain(w http.ResponseWriter, r *http.Request, failed error) error {
	v, err := m.codeOf(r)
	if fault.Is(err, fault.Invalid) {
		return web.SeeOther(w, r, "/signin")
	}
	if err != nil || !staysOnPage(failed) {
		return cmp.Or(err, failed)
	}
	v.Over = fault.CodeOf(failed) == signin.NoTriesCode
	if v.Wait = wait(failed); v.Wait == "" {
		v.Errors = web.ErrorsOf(failed)
		v.Page.WithErrors(v.Errors)
	}
	return web.Render(w, r, statusOf(w, failed), view.ProveCodePage(v))
}

func (m *Module) proveFinish(w http.ResponseWriter, r *http.Request) error {
	proof, err := m.SignIn.Finish(r.Context(), m.proofOf(r), r.PostFormValue("code"))
	if err != nil {
		return m.codeAgain(w, r, err)
	}
	return m.proved(w, r, proof)
}

// proved does what a proof was for.
func (m *Module) proved(w http.ResponseWriter, r *http.Request, p signin.Proof) error {
	http.SetCookie(w, m.Site.Cookie(proofCookie, "", -1))
	who := access.FromContext(r.Context()).UserID
	switch p.Purpose {
	case signin.Fresh:
		renewed, err := m.SignIn.Refresh(r.Context(), p, who, m.session(r))
		if err != nil {
			return err
		}
		return m.enterAs(w, r, renewed, cmp.Or(p.Next, "/profile"))
	case signin.Contact:
		err := m.SignIn.AddContact(r.Context(), p, who)
		if web.IsForm(err) {
			return m.showProfile(w, r, statusOf(w, err), err)
		}
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, "/profile?done=contact")
	}
	return m.enterProved(w, r, p)
}

// enterProved starts the session of who has proved who he is.
func (m *Module) enterProved(w http.ResponseWriter, r *http.Request, p signin.Proof) error {
	e, err := m.SignIn.Enter(r.Context(), p, m.device(w, r))
	if err != nil {
		return err
	}
	if old := m.session(r); old != "" {
		if err := m.Access.EndSession(r.Context(), old); err != nil {
			return err
		}
	}
	next := cmp.Or(p.Next, "/home")
	homes, err := m.People.Homes(r.Context(), e.Person)
	if err != nil {
		return err
	}
	if len(homes) == 0 && p.Next == "" || p.Limited {
		next = "/welcome"
	}
	return m.enterAs(w, r, e.Token, next)
}

// session is the token of the session a request came with, empty without one.
func (m *Module) session(r *http.Request) string {
	if c, err := r.Cookie(m.Site.CookieName(SessionCookie)); err == nil {
		return c.Value
	}
	return ""
}

// device is what the person signs in with; a browser that has no lasting secret gets one.
func (m *Module) device(w http.ResponseWriter, r *http.Request) signin.Device {
	d := signin.Device{Name: signin.DeviceName(r.UserAgent())}
	if c, err := r.Cookie(m.Site.CookieName(deviceCookie)); err == nil && len(c.Value) == 64 {
		d.Secret = c.Value
	} else {
		d.Secret = signin.NewSecret()
	}
	http.SetCookie(w, m.Site.Cookie(deviceCookie, d.Secret, deviceSeconds))
	return d
}

func (m *Module) linkView(r *http.Request) view.ProveLink {
	v := view.ProveLink{Page: m.page(r, "Вход по ссылке"), Action: r.URL.Path}
	v.SignIn = ""
	return v
}

// proveLink looks at nothing: scanners of mail open links, and whoever has one learns nothing from it.
func (m *Module) proveLink(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.ProveLinkPage(m.linkView(r)))
}

func (m *Module) proveByLink(w http.ResponseWriter, r *http.Request) error {
	proof, err := m.SignIn.SpendLink(r.Context(), r.PathValue("token"))
	if web.IsForm(err) {
		v := m.linkView(r)
		v.Failed = fault.As(err).Message
		return web.Render(w, r, http.StatusUnprocessableEntity, view.ProveLinkPage(v))
	}
	if err != nil {
		return err
	}
	return m.enterProved(w, r, proof)
}
