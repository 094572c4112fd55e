package portal

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// Names of cookies: the session, and the second step of signing in.
const (
	SessionCookie = "session"
	stepCookie    = "signin"
	stepSeconds   = 300
)

// homes are where each role begins.
var homes = map[access.Role]string{
	access.Resident: "/home", access.SupplierOperator: "/s/home", access.SupplierAdmin: "/s/home", access.CentreOperator: "/c/today",
	access.CentreAccountant: "/c/today", access.Auditor: "/c/today", access.Clerk: "/k",
}

func (m *Module) signInView(r *http.Request) view.SignIn {
	v := view.SignIn{Page: m.page(r, "Вход для сотрудников"), Action: "/signin", Next: web.LocalPath(r.FormValue("next"), "")}
	if len(m.Demo) > 0 {
		v.DemoHref = "/demo"
	}
	return v
}

func (m *Module) signIn(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.SignInPage(m.signInView(r)))
}

func (m *Module) signInPassword(w http.ResponseWriter, r *http.Request) error {
	v := m.signInView(r)
	v.Login = r.PostFormValue("login")
	step, err := m.Access.StartSignIn(r.Context(), v.Login, r.PostFormValue("password"), web.Host(r))
	if err != nil {
		return m.signInAgain(w, r, err, func(status int, e web.Errors, locked string) error {
			v.Errors, v.Locked = e, locked
			v.Page.WithErrors(e)
			return web.Render(w, r, status, view.SignInPage(v))
		})
	}
	http.SetCookie(w, m.Site.Cookie(stepCookie, step, stepSeconds))
	return web.SeeOther(w, r, "/signin/code?next="+url.QueryEscape(v.Next))
}

// signInAgain shows the form once more with what was wrong.
func (m *Module) signInAgain(_ http.ResponseWriter, _ *http.Request, err error, show func(status int, e web.Errors, locked string) error) error {
	f := fault.As(err)
	switch f.Kind {
	case fault.Limited:
		return show(http.StatusTooManyRequests, nil, f.Message)
	case fault.Unauthenticated, fault.Invalid:
		return show(http.StatusUnprocessableEntity, web.Errors{{Field: "password", Message: f.Message}}, "")
	}
	return err
}

func (m *Module) codeView(r *http.Request) view.SignInCode {
	return view.SignInCode{Page: m.page(r, "Код для входа"), Action: "/signin/code", Next: web.LocalPath(r.FormValue("next"), "")}
}

func (m *Module) signInCode(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.SignInCodePage(m.codeView(r)))
}

func (m *Module) signInFinish(w http.ResponseWriter, r *http.Request) error {
	v := m.codeView(r)
	step, err := r.Cookie(m.Site.CookieName(stepCookie))
	if err != nil {
		return web.SeeOther(w, r, "/signin")
	}
	session, err := m.Access.FinishSignIn(r.Context(), step.Value, r.PostFormValue("code"), web.Host(r))
	if err != nil {
		return m.signInAgain(w, r, err, func(status int, e web.Errors, locked string) error {
			if len(e) > 0 {
				e[0].Field = "code"
			}
			v.Errors, v.Locked = e, locked
			v.Page.WithErrors(e)
			return web.Render(w, r, status, view.SignInCodePage(v))
		})
	}
	actor, err := m.Access.FindSession(r.Context(), session)
	if err != nil {
		return err
	}
	http.SetCookie(w, m.Site.Cookie(stepCookie, "", -1))
	return m.enterAs(w, r, session, cmp.Or(v.Next, homes[actor.Role]))
}

// cookieSeconds is the longest a session cookie lives; the session itself ends sooner when idle.
const cookieSeconds = 30 * 24 * 3600

func (m *Module) enterAs(w http.ResponseWriter, r *http.Request, session, next string) error {
	http.SetCookie(w, m.Site.Cookie(SessionCookie, session, cookieSeconds))
	return web.SeeOther(w, r, next)
}

func (m *Module) signOut(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(m.Site.CookieName(SessionCookie)); err == nil {
		if err := m.Access.EndSession(r.Context(), c.Value); err != nil {
			return err
		}
	}
	http.SetCookie(w, m.Site.Cookie(SessionCookie, "", -1))
	return web.SeeOther(w, r, "/")
}

func (m *Module) doors(w http.ResponseWriter, r *http.Request) error {
	v := view.Doors{Page: m.page(r, "Показ: войти как…")}
	for _, d := range m.Demo {
		v.Doors = append(v.Doors, view.Door{Title: d.Title, Text: d.Text, Icon: d.Icon, Action: "/demo", Name: "door", Value: d.Token})
	}
	return web.Render(w, r, http.StatusOK, view.DoorsPage(v))
}

// onLoopback tells whether a request comes from this very machine to this very machine: not through a proxy, and not
// under the name of a site that only resolves to it.
func onLoopback(r *http.Request) bool {
	ip := net.ParseIP(web.Host(r))
	if ip == nil || !ip.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	named := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || named != nil && named.IsLoopback()
}

var errNotLoopback = fault.New(fault.Forbidden, "demo.loopback", "Ссылки для показа работают только на этом же компьютере.")

// enter spends a demo link: a POST, on loopback only.
func (m *Module) enter(w http.ResponseWriter, r *http.Request) error {
	if !onLoopback(r) {
		return errNotLoopback
	}
	session, actor, err := m.Access.SpendDemoLink(r.Context(), r.PostFormValue("door"))
	if err != nil {
		return err
	}
	return m.enterAs(w, r, session, homes[actor.Role])
}

func (m *Module) style(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, web.StylePage(web.Style{Page: m.page(r, "Оформление")}))
}
