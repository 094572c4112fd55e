package console

import "net/http"

// renewCode gives a household another code of its paper.
func (m *Module) renewCode(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	return m.once(w, r, func(actor string) (string, error) {
		_, err := m.Bills.RenewCode(r.Context(), ref, actor)
		return "/c/account/" + r.PathValue("code"), err
	})
}
