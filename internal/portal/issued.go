package portal

import (
	"fmt"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// issued is the resident's bill as it was issued for a month.
func (m *Module) issued(w http.ResponseWriter, r *http.Request) error {
	b, err := m.issuedBill(r, own(r))
	if err != nil {
		return err
	}
	v, err := m.issuedView(r, b, "/bill")
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.BillPage(v))
}

func (m *Module) issuedPDF(w http.ResponseWriter, r *http.Request) error {
	b, err := m.issuedBill(r, own(r))
	if err != nil {
		return err
	}
	return m.sendPDF(w, r, b)
}

// seenIssued is the same page for the centre, with what staff may do with the bill.
func (m *Module) seenIssued(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	b, err := m.issuedBill(r, ref)
	if err != nil {
		return err
	}
	base := "/c/account/" + r.PathValue("code")
	v, err := m.issuedView(r, b, base+"/bill")
	if err != nil {
		return err
	}
	if access.FromContext(r.Context()).Require("issued", "decide") == nil && v.NewerHref == "" {
		v.Issued.Steps = []web.Link{{Title: "Заменить новым счётом", Href: r.URL.Path + "/replace"}}
		if b.Issued.State == bill.IssuedLive {
			v.Issued.Steps = append(v.Issued.Steps, web.Link{Title: "Отозвать счёт", Href: r.URL.Path + "/withdraw"})
		}
	}
	v.Page.Notices = []web.Notice{{Tone: web.Info, Title: "Так счёт видит житель", Text: "Платить отсюда нельзя.", Link: &web.Link{Title: "Вернуться к абоненту", Href: base}}}
	return web.Render(w, r, http.StatusOK, view.BillPage(v))
}

func (m *Module) seenIssuedPDF(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	b, err := m.issuedBill(r, ref)
	if err != nil {
		return err
	}
	return m.sendPDF(w, r, b)
}

// issuedBill is the bill of the address: a month, and a version where it is asked for.
func (m *Module) issuedBill(r *http.Request, ref bill.Ref) (*bill.Bill, error) {
	none := fault.New(fault.NotFound, "bill.not_issued", "Такого счёта нет. Выставленные счета перечислены внизу страницы «Счёт».")
	month, err := calendar.ParseMonth(r.PathValue("month"))
	if err != nil || ref.Household == 0 {
		return nil, none.Because(err)
	}
	version := 0
	if asked := r.URL.Query().Get("version"); asked != "" {
		if version, err = strconv.Atoi(asked); err != nil || version < 1 {
			return nil, none.Because(err)
		}
	}
	b, err := m.Bills.IssuedFor(r.Context(), ref, month, version)
	if fault.Is(err, fault.NotFound) {
		return nil, none.Because(err)
	}
	return b, err
}

// issuedView is the page of an issued bill; base is the address of the live one.
func (m *Module) issuedView(r *http.Request, b *bill.Bill, base string) (view.Bill, error) {
	v, err := m.billView(r, b, base)
	if err != nil {
		return v, err
	}
	for i := range v.Groups {
		for k := range v.Groups[i].Lines {
			v.Groups[i].Lines[k].WhyHref = "" // it opens the line as it is now
		}
	}
	x := b.Issued
	v.Issued = &view.IssuedBill{Number: x.Number, At: x.Published, ReplacedAt: x.Replaced, WithdrawnAt: x.Withdrawn, Reason: x.Withdrawal, LiveHref: base}
	v.State, v.PDFHref = stateOfIssued(x.State), issuedHref(base, x)+"/pdf"+versionOf(x)
	if x.Replaced != 0 {
		newer := *x
		newer.Version++
		v.NewerHref = issuedHref(base, &newer) + versionOf(&newer)
		if x.State == bill.IssuedReplaced {
			list, err := m.Bills.ListIssued(r.Context(), bill.Ref{Building: b.BuildingID, Household: b.HouseholdID})
			if err != nil {
				return v, err
			}
			v.Issued.Reason = reasonOf(list, newer.Month, newer.Version)
		}
	}
	return v, nil
}

func reasonOf(list []bill.Issued, month string, version int) string {
	for i := range list {
		if list[i].Month == month && list[i].Version == version {
			return list[i].Reason
		}
	}
	return ""
}

func stateOfIssued(state string) view.BillState {
	switch state {
	case bill.IssuedReplaced:
		return view.BillReplaced
	case bill.IssuedWithdrawn:
		return view.BillWithdrawn
	}
	return view.BillIssued
}

// issuedHref is the address of an issued bill beside the live one's.
func issuedHref(base string, x *bill.Issued) string {
	if base == "/bill" {
		return "/bill/issued/" + x.Month
	}
	return base[:len(base)-len("/bill")] + "/issued/" + x.Month
}

func versionOf(x *bill.Issued) string { return fmt.Sprintf("?version=%d", x.Version) }

// issuedList is what was issued to a household, for the page of its live bill.
func (m *Module) issuedList(r *http.Request, b *bill.Bill, base string) (rows []view.IssuedRow, err error) {
	list, err := m.Bills.ListIssued(r.Context(), bill.Ref{Building: b.BuildingID, Household: b.HouseholdID})
	for i := range list {
		x := &list[i]
		if base == "/bill" && !m.issuedIn(r, x) {
			continue
		}
		rows = append(rows, view.IssuedRow{Month: month(x.Month), Number: x.Number, Href: issuedHref(base, x) + versionOf(x), At: x.Published, State: stateOfIssued(x.State)})
	}
	return rows, err
}
