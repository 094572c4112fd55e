package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/qr"
	"kvit/internal/reading"
	"kvit/internal/reading/form"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// deskLock is how long a page with somebody's data stays on a desk's screen, in seconds.
const deskLock = 60

// deskRoutes are the pages of cash desks, K1–K5.
func (m *Module) deskRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/k", Resource: "cash", Action: "serve", Handler: m.deskFind},
		{Method: http.MethodGet, Pattern: "/k/account/{code}", Resource: "cash", Action: "serve", Handler: m.deskAccount},
		{Method: http.MethodGet, Pattern: "/k/account/{code}/print", Resource: "cash", Action: "serve", Handler: m.deskPrint},
		{Method: http.MethodGet, Pattern: "/k/account/{code}/pay", Resource: "cash", Action: "serve", Handler: m.deskPay},
		{Method: http.MethodPost, Pattern: "/k/account/{code}/pay", Resource: "cash", Action: "serve", Handler: m.deskTake},
		{Method: http.MethodGet, Pattern: "/k/receipts/{name}", Resource: "cash", Action: "read", Handler: m.deskReceipt},
		{Method: http.MethodPost, Pattern: "/k/receipts/{name}", Resource: "cash", Action: "serve", Handler: m.deskUndo},
		{Method: http.MethodGet, Pattern: "/k/shift", Resource: "cash", Action: "serve", Handler: m.deskShift},
		{Method: http.MethodPost, Pattern: "/k/shift", Resource: "cash", Action: "serve", Handler: m.deskBegin},
		{Method: http.MethodPost, Pattern: "/k/shift/move", Resource: "cash", Action: "serve", Handler: m.deskMove},
		{Method: http.MethodPost, Pattern: "/k/shift/close", Resource: "cash", Action: "serve", Handler: m.deskClose},
		{Method: http.MethodGet, Pattern: "/k/shifts", Resource: "cash", Action: "read", Handler: m.deskShifts},
		{Method: http.MethodGet, Pattern: "/k/shifts/{name}", Resource: "cash", Action: "read", Handler: m.deskReport},
	}
}

// deskPage starts a page of a desk: large, for keyboard and scanner.
func (m *Module) deskPage(r *http.Request, title string) web.Page {
	p := m.page(r, title)
	p.Desk, p.Search = access.FromContext(r.Context()).Role == access.Clerk, nil
	return p
}

// clerk is who works at the desk, as shifts and the audit log name him.
func clerk(r *http.Request) string { return access.FromContext(r.Context()).String() }

// deskFind finds whose bill it is: by what a scanner reads, a number, a code or an address. One found is opened at once.
func (m *Module) deskFind(w http.ResponseWriter, r *http.Request) error {
	v := view.DeskFind{Page: m.deskPage(r, "Касса"), Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	if _, err := m.Desks.Current(r.Context(), clerk(r)); fault.CodeOf(err) == "cash.no_shift" {
		v.NoShift = true
	} else if err != nil {
		return err
	}
	if v.Query == "" {
		return web.Render(w, r, http.StatusOK, view.DeskFindPage(v))
	}
	v.Searched = true
	ref, err := m.scanned(r.Context(), v.Query)
	if err == nil && ref.Household != 0 {
		return web.SeeOther(w, r, "/k/account/"+account.HouseholdCode(ref.Household))
	}
	if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
		return err
	}
	f := view.Find{Query: v.Query}
	if err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
		f.Groups = nil
		return m.search(r, tx, &f)
	}); err != nil {
		return err
	}
	v.Groups = deskGroups(f.Groups)
	if only := onlyHref(v.Groups); only != "" {
		return web.SeeOther(w, r, only)
	}
	return web.Render(w, r, http.StatusOK, view.DeskFindPage(v))
}

// deskGroups leads what was found to the pages of the desk.
func deskGroups(groups []view.FindGroup) []view.FindGroup {
	for i := range groups {
		for k := range groups[i].Items {
			item := &groups[i].Items[k]
			if rest, ok := strings.CutPrefix(item.Href, "/c/account/"); ok {
				item.Href = "/k/account/" + rest
			} else if rest, ok := strings.CutPrefix(item.Href, "/c/find"); ok {
				item.Href = "/k" + rest
			} else if item.Href == "" {
				item.Text += " – в кассе не оплатить, позвоните в расчётный центр"
			}
		}
	}
	return groups
}

// onlyHref is the one page all that was found leads to; empty when there are several.
func onlyHref(groups []view.FindGroup) (only string) {
	for _, g := range groups {
		for _, item := range g.Items {
			if item.Href == "" || only != "" && item.Href != only {
				return ""
			}
			only = item.Href
		}
	}
	return only
}

// scanned reads what stands on paper: the payment code of ГОСТ Р 56042, the link of the large code, the number of a family,
// an account's number with its supplier or with the code of the bill.
func (m *Module) scanned(ctx context.Context, text string) (ref bill.Ref, err error) {
	if strings.HasPrefix(text, "ST0001") {
		return m.byPaymentCode(ctx, text)
	}
	if digits, ok := qr.LinearDigits(text); ok {
		if ref, err = m.Bills.FindByLinear(ctx, digits); err != nil || ref.Household != 0 {
			return ref, err
		}
	}
	if u, err := url.Parse(text); err == nil && strings.Contains(u.Path, "/pay/") {
		return m.Bills.FindByToken(ctx, u.Path[strings.LastIndexByte(u.Path, '/')+1:])
	}
	if words := strings.Fields(text); len(words) == 2 && bill.IsTyped(words[1]) {
		token, err := m.Bills.FindByTyped(ctx, words[0], words[1])
		if err != nil {
			return ref, err
		}
		return m.Bills.FindByToken(ctx, token)
	}
	if code, number, ok := strings.Cut(text, ":"); ok {
		ref, _, err = m.Bills.FindByAccount(ctx, strings.TrimSpace(code), strings.TrimSpace(number), 0)
		return ref, err
	}
	return m.Bills.FindByCode(ctx, text)
}

// byPaymentCode finds the account of a supplier's payment code: the supplier by ИНН or bank account, his account by PersAcc.
func (m *Module) byPaymentCode(ctx context.Context, text string) (ref bill.Ref, err error) {
	code, err := qr.Parse([]byte(text))
	if err != nil {
		return ref, err
	}
	if ref, err = m.Bills.FindByCode(ctx, code.Get("PersAcc")); !fault.Is(err, fault.NotFound) {
		return ref, err // the code of a whole bill
	}
	var list []supplier.Supplier
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = supplier.List(ctx, tx)
		return err
	})
	if err != nil {
		return ref, err
	}
	for i := range list {
		s := &list[i]
		if s.BankAccount != "" && s.BankAccount == code.Get("PersonalAcc") || s.INN != "" && s.INN == code.Get("PayeeINN") {
			if ref, _, err = m.Bills.FindByAccount(ctx, s.Code, code.Get("PersAcc"), 0); err == nil {
				return ref, nil
			}
		}
	}
	return ref, fault.New(fault.NotFound, "cash.code_unknown", "Код не нашего счёта.")
}

// deskBill is the bill of the household an address names.
func (m *Module) deskBill(r *http.Request) (*bill.Bill, error) {
	ref, err := m.household(r)
	if err != nil {
		return nil, err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return nil, err
	}
	return b, m.Bills.Ahead(r.Context(), b)
}

func (m *Module) deskAccount(w http.ResponseWriter, r *http.Request) error {
	b, err := m.deskBill(r)
	if err != nil {
		return err
	}
	v, err := m.deskView(r, b, "В кассе: "+b.Address)
	if err != nil {
		return err
	}
	if number := r.URL.Query().Get("taken"); number != "" {
		v.Taken = &web.Link{Title: "№ " + number, Href: v.ReadingsHref + "/" + url.PathEscape(number)}
	}
	v.Page.LeaveTo, v.Page.LeaveAfter = "/k", deskLock
	return web.Render(w, r, http.StatusOK, view.DeskAccountPage(v))
}

func (m *Module) deskPrint(w http.ResponseWriter, r *http.Request) error {
	b, err := m.deskBill(r)
	if err != nil {
		return err
	}
	v, err := m.deskView(r, b, "Счёт крупно")
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.DeskPrintPage(v))
}

func (m *Module) deskView(r *http.Request, b *bill.Bill, title string) (view.DeskAccount, error) {
	base := "/k/account/" + b.Household
	v := view.DeskAccount{Page: m.deskPage(r, title), Address: b.Address, Household: b.Household, Total: b.Total, Advance: b.Advance, DueOn: b.DueOn, ReadingsHref: base + "/readings",
		PrintHref: base + "/print", ShiftHref: "/k/shift", Checks: []string{"адрес: человек называет его сам", "номер счёта или сумма последней квитанции", "о долгах и показаниях – только по документу на квартиру"}}
	for i := range b.Suppliers {
		s := &b.Suppliers[i]
		v.Lines = append(v.Lines, view.DeskLine{Supplier: s.Name, Account: s.Account, Due: max(0, s.Due)})
	}
	_, err := m.Desks.Current(r.Context(), clerk(r))
	if err == nil {
		v.PayHref = base + "/pay"
	} else if fault.CodeOf(err) != "cash.no_shift" {
		return v, err
	}
	if v.Notes, err = m.deskNotes(r.Context(), b); err != nil {
		return v, err
	}
	v.Key = web.NewKey()
	v.Meters, err = m.deskReadings(r, b)
	return v, err
}

// deskNotes tell a clerk of payments of these days: one at the bank, one that was just made.
func (m *Module) deskNotes(ctx context.Context, b *bill.Bill) (notes []string, err error) {
	var orders []payment.Order
	var waiting *payment.Order
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if orders, err = m.Payments.ListOrders(ctx, tx, b.BuildingID, accountsOf(b), 5); err != nil {
			return err
		}
		const quarter = calendar.Micros(15 * 60 * 1_000_000)
		waiting, err = m.Payments.FindWaiting(ctx, tx, b.BuildingID, accountsOf(b), m.Now()-quarter)
		return err
	})
	if waiting != nil {
		notes = append(notes, "Этот счёт сейчас оплачивают на сайте: "+waiting.Sum.Format()+". Спросите человека.")
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	for i := range orders {
		if o := &orders[i]; today.Days(o.PaidOn) <= 3 && o.Sum > 0 && o.Refunded < o.Sum {
			notes = append(notes, "Уже платили "+o.PaidOn.Words()+": "+o.Sum.Format()+", "+channelWord(o.Channel)+".")
		}
	}
	return notes, err
}

func accountsOf(b *bill.Bill) (ids []int64) {
	for i := range b.Suppliers {
		ids = append(ids, b.Suppliers[i].AccountID)
	}
	return ids
}

// deskReadings are the meters without figures of the month, with fields for them. One that tells its figures by itself stands on
// the page of readings, which asks for a reason.
func (m *Module) deskReadings(r *http.Request, b *bill.Bill) (list []view.DeskMeter, err error) {
	sheet, err := m.Readings.Sheet(r.Context(), access.FromContext(r.Context()), reading.Home{Building: b.BuildingID, Household: b.HouseholdID})
	if err != nil {
		return nil, err
	}
	for i := range sheet.Cards {
		if c := &sheet.Cards[i]; len(c.Sent) == 0 && c.Automatic() == 0 {
			list = append(list, view.DeskMeter{Title: cmp.Or(c.Name, "Счётчик"), Serial: c.Serial, Fields: form.Figures(c, func(string) string { return "" })})
		}
	}
	return list, nil
}
