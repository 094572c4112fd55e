package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// actingRoutes are C3: acting for a resident.
func (m *Module) actingRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/account/{code}/act", Resource: "subscriber", Action: "act", Handler: m.askActing},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/act", Resource: "subscriber", Action: "act", Handler: m.act},
		{Method: http.MethodPost, Pattern: "/acting/end", Resource: "session", Action: "end", Handler: m.endActing},
	}
}

func (m *Module) askActing(w http.ResponseWriter, r *http.Request) error {
	return m.showActing(w, r, http.StatusOK, nil)
}

func (m *Module) showActing(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	var b *bill.Bill
	if err == nil {
		b, err = m.Bills.At(r.Context(), ref, 0)
	}
	if err != nil {
		return err
	}
	v := view.Acting{Page: m.page(r, "Действовать за жителя"), Address: b.Address, Action: r.URL.Path, Back: "/c/account/" + r.PathValue("code"), Reason: r.PostFormValue("reason"), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.ActingPage(v))
}

// act begins to act for the residents of a home: they see who, when and why at once.
func (m *Module) act(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	cookie, err := r.Cookie(m.Site.CookieName(SessionCookie))
	if err != nil {
		return fault.New(fault.Unauthenticated, "access.sign_in", "Войдите, чтобы открыть эту страницу.").Because(err)
	}
	actor := access.FromContext(r.Context())
	x, err := m.Access.Act(r.Context(), actor, cookie.Value, access.Home{Building: ref.Building, Household: ref.Household, Code: r.PathValue("code")}, r.PostFormValue("reason"))
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showActing(w, r, http.StatusUnprocessableEntity, err)
	}
	if err := m.Privacy.Looked(r.Context(), actor, privacy.Look{Building: ref.Building, Household: ref.Household, What: "действует за вас", Why: x.Reason}); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/home")
}

// endActing gives a session back to its own work.
func (m *Module) endActing(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	if actor.Acting == nil {
		return web.SeeOther(w, r, "/")
	}
	if err := m.Access.EndActing(r.Context(), actor); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/account/"+actor.Acting.Code)
}
