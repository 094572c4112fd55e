package console

import (
	"fmt"
	"net/http"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/cashdesk"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// deskPay shows the form and, once something is chosen, who gets how much and the change.
func (m *Module) deskPay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.deskBill(r)
	if err != nil {
		return err
	}
	return m.showDeskPay(w, r, b, http.StatusOK, nil)
}

// deskWish is what the clerk typed.
type deskWish struct {
	wish          payment.Wish
	given         money.Amount
	mode, contact string
	chosen        bool
}

// wishAtDesk reads the form. «Весь счёт» needs no sum.
func wishAtDesk(r *http.Request, due money.Amount) (d deskWish, err error) {
	d.mode = r.FormValue("mode")
	d.chosen = d.mode != ""
	switch d.mode {
	case "sum", "ahead":
		if d.wish.Sum, err = rubles(r, "sum"); err != nil {
			return d, err
		}
		d.wish.Ahead = d.mode == "ahead"
	default:
		if d.mode, d.wish.All = "all", true; due == 0 {
			d.mode = "ahead"
			if d.chosen {
				return d, fault.New(fault.Invalid, "payment.nothing_due", "Всё оплачено. Чтобы заплатить вперёд, укажите сумму").WithField("sum")
			}
		}
	}
	if strings.TrimSpace(r.FormValue("given")) != "" {
		if d.given, err = rubles(r, "given"); err != nil {
			return d, err
		}
	}
	d.contact, err = fiscal.Contact(r.FormValue("contact"))
	return d, err
}

// rubles reads a sum typed in a field.
func rubles(r *http.Request, field string) (money.Amount, error) {
	sum, err := money.Parse(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(r.FormValue(field)), "₽")))
	if err != nil {
		return 0, fault.New(fault.Invalid, "sum", "Напишите сумму цифрами, например 3000 или 3000,50").WithField(field)
	}
	return sum, nil
}

func (m *Module) showDeskPay(w http.ResponseWriter, r *http.Request, b *bill.Bill, status int, failed error) error {
	base := "/k/account/" + b.Household
	v := view.DeskPay{Page: m.deskPage(r, "Приём денег"), Address: b.Address, Back: base, Debt: b.Total, Action: base + "/pay", Sum: r.FormValue("sum"), Given: r.FormValue("given"), Contact: r.FormValue("contact")}
	d, err := wishAtDesk(r, b.Total)
	v.Mode = d.mode
	if err == nil && d.chosen {
		err = m.fillDeskPay(r, &v, b, &d)
	}
	if failed != nil {
		err = failed
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		v.Errors, status = web.ErrorsOf(err), http.StatusUnprocessableEntity
		v.Ready = v.Ready && v.Errors.Of("identified") != ""
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DeskPayPage(v))
}

func (m *Module) fillDeskPay(r *http.Request, v *view.DeskPay, b *bill.Bill, d *deskWish) error {
	plan, err := bill.Split([]*bill.Bill{b}, d.wish)
	if err != nil {
		return err
	}
	v.Total, v.Advance, v.GivenSum = plan.Sum, plan.Advance, d.given
	if d.given != 0 && d.given < plan.Sum {
		return fault.Newf(fault.Invalid, "cash.given", "Получено меньше, чем %s", plan.Sum.Format()).WithField("given")
	}
	v.Left, v.Change, v.Identify = b.Total-(plan.Sum-plan.Advance), max(0, d.given-plan.Sum), plan.Sum > cashdesk.IdentifyFrom
	if v.Split, err = m.deskSplit(r, b, &plan); err != nil {
		return err
	}
	v.Key, v.Ready = web.NewKey(), true
	v.Duplicate, err = m.deskDuplicate(r, b, plan.Sum)
	return err
}

// deskSplit names who gets how much.
func (m *Module) deskSplit(r *http.Request, b *bill.Bill, plan *payment.Plan) (rows []view.SplitRow, err error) {
	known, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return nil, err
	}
	for _, p := range plan.Parts {
		s := known[p.SupplierID]
		rows = append(rows, view.SplitRow{Supplier: s.Name, Service: partTitle(p.Kind, supplier.ServiceTitle(p.Service, s.Services)), Account: p.Account, Pay: p.Amount})
	}
	return rows, nil
}

// partTitle is a service with what of it is paid.
func partTitle(kind, service string) string {
	switch kind {
	case payment.PartPenalty:
		return service + ", пени"
	case payment.PartAdvance:
		return service + ", аванс"
	}
	return service
}

// deskDuplicate warns of an equal payment of the last three days.
func (m *Module) deskDuplicate(r *http.Request, b *bill.Bill, sum money.Amount) (string, error) {
	orders, err := m.ordersOf(r, b)
	if err != nil {
		return "", err
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	for i := range orders {
		if o := &orders[i]; o.Sum == sum && o.Refunded == 0 && today.Days(o.PaidOn) <= 3 {
			return "По этому счёту уже заплатили " + sum.Format() + " " + o.PaidOn.Words() + ", " + channelWord(o.Channel) + ". Спросите, нужен ли второй платёж.", nil
		}
	}
	return "", nil
}

// deskTake takes the cash the page has shown. Pressed again it leads to the first receipt.
func (m *Module) deskTake(w http.ResponseWriter, r *http.Request) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	if x, err := m.Desks.Pressed(r.Context(), key); err != nil || x != nil {
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, "/k/receipts/"+x.Name)
	}
	b, err := m.deskBill(r)
	if err != nil {
		return err
	}
	x, err := m.takeCash(r, b, key)
	if web.IsForm(err) {
		return m.showDeskPay(w, r, b, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/k/receipts/"+x.Name)
}

func (m *Module) takeCash(r *http.Request, b *bill.Bill, key string) (x cashdesk.Movement, err error) {
	d, err := wishAtDesk(r, b.Total)
	if err != nil {
		return x, err
	}
	plan, err := bill.Split([]*bill.Bill{b}, d.wish)
	if err != nil {
		return x, err
	}
	if shown := r.PostFormValue("shown"); shown != plan.Sum.String() {
		return x, fault.Newf(fault.Conflict, "cash.changed", "Счёт изменился: теперь %s. Сверьте с плательщиком", plan.Sum.Format()).WithField("mode")
	}
	input := map[string]string{"household": b.Household, "mode": d.mode, "sum": plan.Sum.String(), "given": r.FormValue("given")}
	_, x, o, err := m.Desks.Pay(r.Context(), cashdesk.Taking{Clerk: clerk(r), Key: key, Input: input, Plan: plan, Given: d.given, Identified: r.PostFormValue("identified") != ""})
	if err != nil {
		return x, err
	}
	return x, m.Receipts.KeepContact(r.Context(), o.PublicID, d.contact)
}

// deskReceipt is the slip of a movement.
func (m *Module) deskReceipt(w http.ResponseWriter, r *http.Request) error {
	return m.showDeskReceipt(w, r, http.StatusOK, nil)
}

func (m *Module) showDeskReceipt(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	s, x, err := m.Desks.FindReceipt(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	if err := seesShift(r, &s); err != nil {
		return err
	}
	v := view.DeskReceipt{Page: m.deskPage(r, "Квитанция № "+x.Name), Centre: m.Bills.Centre.Name, Phone: m.Bills.Centre.Phone, Number: x.Name, Clerk: clerkName(s.Clerk), At: x.At, Sum: x.Amount.Abs(),
		Given: x.Given, Change: x.Change(), NextHref: "/k", Reason: r.PostFormValue("reason"), Errors: web.ErrorsOf(failed)}
	if x.Kind != cashdesk.Take {
		v.Kind = cashdesk.Words[x.Kind]
	}
	if x.Undone > 0 {
		v.Undone = fmt.Sprintf("%s-%d", s.Name, x.Undone)
	}
	if x.Kind == cashdesk.Take && x.Undone == 0 && s.Open() && s.Clerk == clerk(r) {
		v.UndoTo, v.Key = "/k/receipts/"+x.Name, web.NewKey()
	}
	if x.PublicID != "" {
		if err := m.fillDeskReceipt(r, &v, &x); err != nil {
			return err
		}
	}
	if s.Clerk == clerk(r) && len(v.Errors) == 0 {
		v.Page.LeaveTo, v.Page.LeaveAfter = "/k", deskLock
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DeskReceiptPage(v))
}

// fillDeskReceipt names who got how much, and the cash receipts of the movement.
func (m *Module) fillDeskReceipt(r *http.Request, v *view.DeskReceipt, x *cashdesk.Movement) error {
	o, err := m.Payments.Find(r.Context(), x.PublicID)
	if err != nil {
		return err
	}
	if v.Split, v.Address, err = m.splitOf(r, &o); err != nil {
		return err
	}
	list, err := m.Receipts.OfPayment(r.Context(), x.PublicID)
	if err != nil {
		return err
	}
	for i := range list {
		if (list[i].Kind == atol.SellRefund) == (x.Kind == cashdesk.Cancel) {
			v.Fiscal = append(v.Fiscal, deskFiscal(&list[i]))
		}
	}
	if len(list) == 0 {
		v.NoFiscal, err = m.Receipts.Why(r.Context(), x.PublicID)
	}
	return err
}

func deskFiscal(x *fiscal.Receipt) view.DeskFiscal {
	f := view.DeskFiscal{Title: "Кассовый чек", State: web.State{Word: fiscal.Labels[x.State], Tone: receiptTones[x.State]}}
	if x.State == fiscal.StateDone {
		f.FN, f.FD, f.FP, f.At, f.QR = x.FN, x.FD, x.FP, x.PrintedAt, fmt.Sprintf("/paid/%s/receipts/%d/qr.svg", x.PublicID, x.ID)
	}
	return f
}

// deskUndo gives a payment back.
func (m *Module) deskUndo(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	err := m.Desks.Undo(r.Context(), clerk(r), name, r.PostFormValue("reason"))
	if web.IsForm(err) {
		return m.showDeskReceipt(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/k/receipts/"+name)
}
