package portal

import (
	"net/http"

	"kvit/internal/portal/view"
	"kvit/internal/web"
)

func (m *Module) notMeView(r *http.Request) view.NotMe {
	v := view.NotMe{Page: m.page(r, "Это не я"), Action: "/not-me", Code: r.PostFormValue("code")}
	v.SignIn = ""
	return v
}

func (m *Module) notMe(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.NotMePage(m.notMeView(r)))
}

func (m *Module) notMeDone(w http.ResponseWriter, r *http.Request) error {
	v := m.notMeView(r)
	err := m.SignIn.NotMe(r.Context(), v.Code, web.Host(r))
	switch {
	case err == nil:
		v.Done = true
		return web.Render(w, r, http.StatusOK, view.NotMePage(v))
	case !web.IsForm(err):
		return err
	}
	if v.Wait = wait(err); v.Wait == "" {
		v.Errors = web.ErrorsOf(err)
		v.Page.WithErrors(v.Errors)
	}
	return web.Render(w, r, statusOf(w, err), view.NotMePage(v))
}
