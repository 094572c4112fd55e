package portal

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// flatsTold are the words after a proposal was decided.
var flatsTold = map[string]string{"take": "Счёт теперь в вашем общем счёте", "refuse": "Больше не предложим, пока данные не изменятся"}

func (m *Module) flats(w http.ResponseWriter, r *http.Request) error {
	return m.showFlats(w, r, http.StatusOK, nil)
}

func (m *Module) showFlats(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	a := access.FromContext(r.Context())
	v := view.AccountFlats{Page: m.page(r, "Другие счета квартиры"), Told: flatsTold[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed)}
	var err error
	if v.Address, err = m.nameOf(r.Context(), &person.Home{Building: a.BuildingID, Household: a.HouseholdID, Rights: a.Rights}); err != nil {
		return err
	}
	list, err := m.Flats.List(r.Context(), a.BuildingID, a.HouseholdID)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		row := view.AccountFlat{ID: strconv.FormatInt(p.Account, 10), Supplier: p.Supplier, Tail: p.Tail, Reasons: p.Reasons, Sure: p.Sure}
		row.Number, row.Error = r.PostFormValue("number-"+row.ID), v.Errors.Of("number-"+row.ID)
		v.Rows = append(v.Rows, row)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountFlatsPage(v))
}

func (m *Module) decideFlat(w http.ResponseWriter, r *http.Request) error {
	a, do := access.FromContext(r.Context()), r.PostFormValue("do")
	id, err := strconv.ParseInt(r.PostFormValue("account"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "proposal.gone", "Этого счёта в предложениях больше нет. Откройте страницу снова.").Because(err)
	}
	if do == "refuse" {
		err = m.Flats.Refuse(r.Context(), a, id)
	} else {
		do, err = "take", m.Flats.Take(r.Context(), a, id, r.PostFormValue("number-"+strconv.FormatInt(id, 10)))
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showFlats(w, r, http.StatusUnprocessableEntity, err)
	}
	return web.SeeOther(w, r, "/accounts/flats?done="+do)
}
