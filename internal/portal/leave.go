package portal

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// pathHome is the home of the address: one of the person who asks.
func (m *Module) pathHome(r *http.Request) (h person.Home, err error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return h, errNoHome.Because(err)
	}
	return m.People.Find(r.Context(), access.FromContext(r.Context()).UserID, id)
}

func (m *Module) leaveForm(w http.ResponseWriter, r *http.Request) error {
	return m.showLeave(w, r, http.StatusOK, nil)
}

func (m *Module) showLeave(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	h, err := m.pathHome(r)
	if err != nil {
		return err
	}
	v := view.AccountLeave{Page: m.page(r, "Выехать или убрать адрес"), Action: r.URL.Path, Lives: h.Lives() && !h.Pending(), Last: r.PostFormValue("last"), Errors: web.ErrorsOf(failed)}
	if v.Last == "" {
		v.Last = m.today().String()
	}
	if v.Address, err = m.nameOf(r.Context(), &h); err != nil {
		return err
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountLeavePage(v))
}

// leave ends a person's time in a home. Autopay of the home stops and its papers so far open nothing any more: whoever lives there
// next gets new ones.
func (m *Module) leave(w http.ResponseWriter, r *http.Request) error {
	h, err := m.pathHome(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context())
	last, err := calendar.ParseDate(r.PostFormValue("last"))
	lives := h.Lives() && !h.Pending()
	if err != nil && lives {
		return m.showLeave(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "leave.day", "Напишите день цифрами, например 30.11.2026.").WithField("last"))
	}
	if h, err = m.People.Leave(r.Context(), actor.String(), actor.UserID, h.ID, last); err != nil {
		if !web.IsForm(err) {
			return err
		}
		return m.showLeave(w, r, http.StatusUnprocessableEntity, err)
	}
	v := view.AccountLeave{Page: m.page(r, "Готово"), Done: "Адрес убран из вашего списка"}
	if lives {
		if err := m.closeBehind(r, &h); err != nil {
			return err
		}
		v.Done = "Вы выезжаете " + last.Words() + ". В этот день сложится итоговый счёт"
		if h.Over(m.People.Today()) {
			v.Done, v.FinalHref = "Вы выехали "+last.Words()+". Итоговый счёт готов", "/accounts/final/"+strconv.FormatInt(h.ID, 10)
		}
	}
	return web.Render(w, r, http.StatusOK, view.AccountLeavePage(v))
}

func (m *Module) closeBehind(r *http.Request, h *person.Home) error {
	ref := bill.Ref{Building: h.Building, Household: h.Household}
	if err := m.Autopay.TurnOff(r.Context(), access.FromContext(r.Context()), ref); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return m.Bills.RenewCode(r.Context(), ref)
}

// finalPDF is the bill of a person's last day in a home, as paper.
func (m *Module) finalPDF(w http.ResponseWriter, r *http.Request) error {
	h, err := m.pathHome(r)
	if err != nil {
		return err
	}
	day := m.People.Today()
	if !h.Over(day) || !h.RightsOn(day).Has(access.See) {
		return fault.New(fault.NotFound, "leave.not_yet", "Итоговый счёт появится после последнего дня.")
	}
	b, err := m.homeBill(r.Context(), &h)
	if err != nil {
		return err
	}
	b.Former = true
	return m.sendPDF(w, r, b)
}
