package console

import (
	"net/http"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// issuedOf is the newest issued bill of the household and month the address names.
func (m *Module) issuedOf(r *http.Request) (*bill.Bill, error) {
	ref, err := m.household(r)
	if err != nil {
		return nil, err
	}
	month, err := calendar.ParseMonth(r.PathValue("month"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "bill.not_issued", "Такого счёта нет.").Because(err)
	}
	return m.Bills.IssuedFor(r.Context(), ref, month, 0)
}

func (m *Module) askWithdraw(w http.ResponseWriter, r *http.Request) error {
	return m.showIssued(w, r, http.StatusOK, "withdraw", nil)
}

func (m *Module) askReplace(w http.ResponseWriter, r *http.Request) error {
	return m.showIssued(w, r, http.StatusOK, "replace", nil)
}

// showIssued asks before an issued bill is withdrawn or replaced.
func (m *Module) showIssued(w http.ResponseWriter, r *http.Request, status int, step string, failed error) error {
	b, err := m.issuedOf(r)
	if err != nil {
		return err
	}
	back := "/c/account/" + r.PathValue("code") + "/issued/" + b.Issued.Month
	v := view.Ask{
		Page: m.page(r, "Отозвать счёт"), Action: back + "/" + step, Back: back, Key: web.NewKey(), Button: "Отозвать счёт", Danger: true, Errors: web.ErrorsOf(failed),
		Hidden: [][2]string{{"version", strconv.Itoa(b.Issued.Version)}},
		Facts:  []view.AskFact{{Name: "Счёт", Value: "№ " + b.Issued.Number}, {Name: "Адрес", Value: b.Address}, {Name: "К оплате по нему", Sum: b.Total, IsSum: true}},
		Notice: &web.Notice{Tone: web.Warn, Text: "Житель увидит, что счёт отозван и почему. Платить по нему будет не нужно."},
		Reason: &web.Field{Name: "reason", Label: "Причина", Hint: "Её прочитает житель", Value: r.PostFormValue("reason"), Error: web.ErrorsOf(failed).Of("reason"), MaxLength: 300, Autocomplete: "off"},
	}
	if step == "replace" {
		now, err := m.Bills.At(r.Context(), bill.Ref{Building: b.BuildingID, Household: b.HouseholdID}, 0)
		if err != nil {
			return err
		}
		v.Title, v.Button, v.Danger = "Заменить счёт", "Выставить новый счёт", false
		v.Facts = append(v.Facts, view.AskFact{Name: "К оплате по новому", Sum: now.Total, IsSum: true})
		v.Notice = &web.Notice{Tone: web.Warn, Text: "Новый счёт будет таким, какой счёт семьи сейчас. Прежний останется с отметкой «заменён»."}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AskPage(v))
}

func (m *Module) withdraw(w http.ResponseWriter, r *http.Request) error {
	return m.decideIssued(w, r, "withdraw", func(d bill.Decision) error { return m.Bills.Withdraw(r.Context(), d) })
}

func (m *Module) replace(w http.ResponseWriter, r *http.Request) error {
	return m.decideIssued(w, r, "replace", func(d bill.Decision) error {
		_, err := m.Bills.Issue(r.Context(), d)
		return err
	})
}

// decideIssued takes a person's decision about an issued bill; one that lacks something comes back with the form.
func (m *Module) decideIssued(w http.ResponseWriter, r *http.Request, step string, do func(bill.Decision) error) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	month, err := calendar.ParseMonth(r.PathValue("month"))
	if err != nil {
		return fault.New(fault.NotFound, "bill.not_issued", "Такого счёта нет.").Because(err)
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return fault.New(fault.Invalid, "form", "Форма не прочиталась. Откройте страницу снова.").Because(err)
	}
	err = m.once(w, r, func(actor string) (string, error) {
		return "/c/account/" + r.PathValue("code") + "/issued/" + month.String(), do(bill.Decision{Ref: ref, Month: month, Version: version, Reason: r.PostFormValue("reason"), Actor: actor})
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showIssued(w, r, http.StatusUnprocessableEntity, step, err)
	}
	return err
}

// issuedEntries are the issued bills of a household in its timeline, with what became of them.
func issuedEntries(code string, issued []bill.Issued) (list []view.Entry) {
	for i := range issued {
		x := &issued[i]
		href := "/c/account/" + code + "/issued/" + x.Month + "?version=" + strconv.Itoa(x.Version)
		list = append(list, view.Entry{At: x.Published, Kind: "bill", Title: "Выставлен счёт № " + x.Number, Text: x.Reason, Href: href, Who: "расчётный центр"})
		if x.Withdrawn != 0 {
			list = append(list, view.Entry{At: x.Withdrawn, Kind: "bill", Title: "Отозван счёт № " + x.Number, Text: x.Withdrawal, Href: href, Who: "расчётный центр"})
		}
	}
	return list
}
