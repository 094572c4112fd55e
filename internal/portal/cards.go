package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

func (m *Module) cards(w http.ResponseWriter, r *http.Request) error {
	saved, err := m.kept(r.Context(), keeperOf(r))
	if err != nil {
		return err
	}
	v := view.Cards{Page: m.page(r, "Мои карты"), Forgotten: r.URL.Query().Get("done") == "forgotten"}
	for i := range saved {
		v.Cards = append(v.Cards, view.Card{ID: saved[i].ID, Title: saved[i].Title, Expires: saved[i].Expires, Consent: saved[i].Consent, Since: saved[i].CreatedAt})
	}
	return web.Render(w, r, http.StatusOK, view.CardsPage(v))
}

// forgetCard forgets a way of paying: one's own, or of the household one manages.
func (m *Module) forgetCard(w http.ResponseWriter, r *http.Request) error {
	k, actor, id := keeperOf(r), access.FromContext(r.Context()).String(), r.PostFormValue("card")
	err := m.Payments.ForgetPersons(r.Context(), actor, id, k.person)
	if fault.Is(err, fault.NotFound) && k.household != 0 {
		err = m.Payments.ForgetSaved(r.Context(), actor, id, k.building, k.household)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/cards?done=forgotten")
}
