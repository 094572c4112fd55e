package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/signin"
	"kvit/internal/web"
)

// esiaBegin sends a person to Госуслуги: to sign in, to prove again who he is, or to sign in so from now on. Of the latter two the
// session says whom; adding wants a fresh proof, as adding any contact does.
func (m *Module) esiaBegin(w http.ResponseWriter, r *http.Request) error {
	who := access.FromContext(r.Context()).UserID
	purpose := signin.SignIn
	switch r.URL.Query().Get("for") {
	case string(signin.Fresh):
		purpose = signin.Fresh
	case string(signin.Contact):
		purpose = signin.Contact
	}
	if purpose == signin.SignIn {
		who = 0
	} else if who == 0 || access.FromContext(r.Context()).Role != access.Resident {
		return web.SeeOther(w, r, "/signin")
	}
	send := func(w http.ResponseWriter, r *http.Request) error {
		address, err := m.SignIn.BeginESIA(r.Context(), m.newProof(w), purpose, who, web.LocalPath(r.URL.Query().Get("next"), ""))
		if err != nil {
			return m.esiaFailed(w, r, err)
		}
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	if purpose == signin.Contact {
		return m.freshFrom("/profile", send)(w, r)
	}
	return send(w, r)
}

// esiaBack takes a person who comes back from Госуслуги.
func (m *Module) esiaBack(w http.ResponseWriter, r *http.Request) error {
	proof, err := m.SignIn.FinishESIA(r.Context(), m.proofOf(r), r.URL.Query())
	if err != nil {
		return m.esiaFailed(w, r, err)
	}
	return m.proved(w, r, proof)
}

// esiaFailed shows the page of signing in with why Госуслуги did not do.
func (m *Module) esiaFailed(w http.ResponseWriter, r *http.Request, err error) error {
	if !staysOnPage(err) {
		return err
	}
	v := m.proveView(r)
	v.Wait = fault.As(err).Message
	return web.Render(w, r, statusOf(w, err), view.ProvePage(v))
}
