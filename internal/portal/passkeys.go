package portal

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/signin"
	"kvit/internal/web"
)

func writeOptions(w http.ResponseWriter, options any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(options)
}

// passkeyAsk gives the script what the keys of the browser are asked.
func (m *Module) passkeyAsk(w http.ResponseWriter, r *http.Request) error {
	options, err := m.SignIn.BeginPasskeyEntry(r.Context(), m.newProof(w), web.LocalPath(r.PostFormValue("next"), ""))
	if err != nil {
		return err
	}
	return writeOptions(w, options)
}

func (m *Module) passkeyEnter(w http.ResponseWriter, r *http.Request) error {
	proof, err := m.SignIn.FinishPasskeyEntry(r.Context(), m.proofOf(r), r.PostFormValue("response"))
	if web.IsForm(err) {
		v := m.proveView(r)
		v.Wait = fault.As(err).Message
		return web.Render(w, r, statusOf(w, err), view.ProvePage(v))
	}
	if err != nil {
		return err
	}
	return m.proved(w, r, proof)
}

func (m *Module) passkeysSection(r *http.Request, p *web.Page, _ error) (templ.Component, error) {
	list, err := m.SignIn.Passkeys(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return nil, err
	}
	v := view.ProfilePasskeys{Page: p, AddAction: "/profile/passkeys", DelAction: "/profile/passkeys/remove"}
	for _, k := range list {
		v.Rows = append(v.Rows, view.ProfilePasskey(k))
	}
	return view.ProfilePasskeysSection(v), nil
}

func (m *Module) passkeyBegin(w http.ResponseWriter, r *http.Request) error {
	options, err := m.SignIn.BeginPasskey(r.Context(), m.newProof(w), access.FromContext(r.Context()).UserID)
	if err != nil {
		return err
	}
	return writeOptions(w, options)
}

func (m *Module) addPasskey(w http.ResponseWriter, r *http.Request) error {
	err := m.SignIn.FinishPasskey(r.Context(), m.proofOf(r), access.FromContext(r.Context()).UserID, r.PostFormValue("response"), signin.DeviceName(r.UserAgent()))
	if web.IsForm(err) {
		return m.showProfile(w, r, statusOf(w, err), err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile?done=passkey")
}

func (m *Module) removePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := m.SignIn.RemovePasskey(r.Context(), access.FromContext(r.Context()).UserID, r.PostFormValue("passkey")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile?done=passkey-removed")
}
