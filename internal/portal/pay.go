package portal

import (
	"net/http"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// waitFor is how long an unanswered payment asks people not to pay again (ux.md 10).
const waitFor = 15 * time.Minute

func (m *Module) check(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	return m.showCheck(w, r, b, "/bill/pay", http.StatusOK, nil)
}

func (m *Module) quickCheck(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if err != nil {
		return err
	}
	b.Address = mask(b.Address)
	return m.showCheck(w, r, b, "/pay/"+r.PathValue("token")+"/check", http.StatusOK, nil)
}

func (m *Module) tokenBill(r *http.Request) (*bill.Bill, error) {
	ref, err := m.Bills.FindByToken(r.Context(), r.PathValue("token"))
	if err != nil {
		return nil, err
	}
	return m.Bills.At(r.Context(), ref, 0)
}

// showCheck draws the last look before the bank: what is chosen is shown split before the button appears.
func (m *Module) showCheck(w http.ResponseWriter, r *http.Request, b *bill.Bill, action string, status int, failed error) error {
	mode := view.PayMode(r.FormValue("mode"))
	if mode != view.PayChosen && mode != view.PaySum && mode != view.PayAhead {
		mode = view.PayAll
	}
	if b.Total == 0 {
		mode = view.PayAhead // nothing is due: what is paid now is ahead
	}
	if err := m.Bills.Ahead(r.Context(), b); err != nil {
		return err
	}
	debts := b.Debts()
	v := view.PayCheck{Page: m.page(r, "Оплата"), Mode: mode, Address: b.Address, DueOn: b.DueOn, Debt: b.Total, Action: action, PayAction: action, Sum: sumOf(r, mode, b), Again: r.FormValue("again") != "", Errors: web.ErrorsOf(failed)}
	for _, t := range []struct {
		mode  view.PayMode
		title string
	}{{view.PayAll, "Весь счёт"}, {view.PayChosen, "Выбранное"}, {view.PaySum, "Другая сумма"}, {view.PayAhead, "Вперёд"}} {
		tab := web.Tab{Title: t.title, Href: action + "?mode=" + string(t.mode), Current: t.mode == mode}
		if v.Again {
			tab.Href += "&again=yes"
		}
		if b.Total > 0 || tab.Current {
			v.Tabs = append(v.Tabs, tab)
		}
	}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return err
	}
	if v.Waiting, err = m.waiting(r, b); err != nil {
		return err
	}
	if v.Waiting != nil && !v.Again {
		v.AnywayTo = action + "?again=yes"
		return web.Render(w, r, status, view.PayCheckPage(v))
	}
	wish, asked, err := wishOf(r, mode, debts)
	if err == nil && asked && failed == nil {
		err = m.fillSplit(r, &v, b, debts, wish, byID)
	}
	if err != nil {
		if !web.IsForm(err) {
			return err
		}
		v.Errors, status = web.ErrorsOf(err), http.StatusUnprocessableEntity
	}
	if mode == view.PayChosen {
		v.Choices = choices(r, debts, byID, v.Errors)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.PayCheckPage(v))
}

// sumOf is the sum typed; ahead, until one is, what the month not charged yet would take.
func sumOf(r *http.Request, mode view.PayMode, b *bill.Bill) string {
	if sum := r.FormValue("sum"); sum != "" || mode != view.PayAhead {
		return sum
	}
	return aheadOf(b)
}

func (m *Module) fillSplit(r *http.Request, v *view.PayCheck, b *bill.Bill, debts []payment.Debt, wish payment.Wish, byID map[int64]supplier.Supplier) error {
	plan, err := payment.Split(debts, wish)
	if err != nil {
		return err
	}
	v.Split, v.Total, v.Above, v.Left = splitRows(plan, debts, byID), plan.Sum, plan.Advance, b.Total-(plan.Sum-plan.Advance)
	if v.Above > 0 && b.Charge > 0 && v.Above >= b.Charge && month(b.Month).Valid() {
		v.AheadTo = "примерно до " + month(b.Month).Add(1+int(v.Above/b.Charge)).Genitive()
	}
	v.Key, v.Methods = web.NewKey(), methods()
	for name, values := range r.URL.Query() {
		for _, value := range values {
			if name == "mode" || name == "sum" || name == "pick" || strings.HasPrefix(name, "sum-") {
				v.Hidden = append(v.Hidden, view.HiddenField{Name: name, Value: value})
			}
		}
	}
	v.Recipients = recipients(b, byID)
	v.Duplicate, err = m.duplicate(r, b, v.Total)
	return err
}

// methods are the ways to pay; neither costs the payer anything.
func methods() []view.PayMethod {
	return []view.PayMethod{{Value: "sbp", Title: "СБП", Chosen: true}, {Value: "card", Title: "Банковская карта"}}
}

// duplicate is an equal payment of the last three days, nil when there is none.
func (m *Module) duplicate(r *http.Request, b *bill.Bill, sum money.Amount) (*view.Duplicate, error) {
	orders, err := m.orders(r.Context(), b, 20)
	if err != nil {
		return nil, err
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	for i := range orders {
		o := &orders[i]
		if o.Sum == sum && today.Days(o.PaidOn) <= 3 && o.State == payment.StateCredited {
			return &view.Duplicate{Sum: o.Sum, At: paidAt(o, m.Zone), Number: shortNumber(o.PublicID), Href: "/paid/" + o.PublicID}, nil
		}
	}
	return nil, nil
}

// waiting is the payment of this bill still at the bank, nil when there is none.
func (m *Module) waiting(r *http.Request, b *bill.Bill) (*view.Waiting, error) {
	open, err := m.openOrder(r, b)
	if err != nil || open == nil {
		return nil, err
	}
	return &view.Waiting{Sum: open.Sum, AnswerBy: answerBy(open), Href: "/paid/" + open.PublicID}, nil
}

// answerBy is when it will be known what became of an order.
func answerBy(o *payment.Order) calendar.Micros {
	return o.CreatedAt + calendar.Micros(waitFor/time.Microsecond)
}

// openOrder is a payment of this household that the bank has not answered about for less than fifteen minutes.
func (m *Module) openOrder(r *http.Request, b *bill.Bill) (o *payment.Order, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		ids := make([]int64, 0, len(b.Suppliers))
		for _, s := range b.Suppliers {
			ids = append(ids, s.AccountID)
		}
		o, err = m.Payments.FindWaiting(r.Context(), tx, b.BuildingID, ids, m.Now()-calendar.Micros(waitFor/time.Microsecond))
		return err
	})
	return o, err
}

func choices(r *http.Request, debts []payment.Debt, byID map[int64]supplier.Supplier, errs web.Errors) []view.PayChoice {
	var list []view.PayChoice
	picked := map[string]bool{}
	for _, p := range r.Form["pick"] {
		picked[p] = true
	}
	for i := range debts {
		d := &debts[i]
		if d.Due() == 0 {
			continue
		}
		value := choiceValue(d)
		c := view.PayChoice{
			Name: "pick", Value: value, Supplier: byID[d.SupplierID].Name, Service: supplier.ServiceTitle(d.Service, byID[d.SupplierID].Services) + ", счёт " + d.Account,
			Due: d.Due(), Chosen: picked[value], SumName: "sum-" + value, Sum: r.FormValue("sum-" + value), SumError: errs.Of("sum-" + value),
		}
		if c.Sum == "" {
			c.Sum = d.Due().FormatBare()
		}
		list = append(list, c)
	}
	return list
}

// choiceValue names a debt in a form without telling numbers or sums.
func choiceValue(d *payment.Debt) string {
	return payment.Fingerprint([]int64{d.AccountID, d.ServiceID})[:12]
}

// wishOf reads what the payer asks for; asked is false until there is something to split.
func wishOf(r *http.Request, mode view.PayMode, debts []payment.Debt) (w payment.Wish, asked bool, err error) {
	switch mode {
	case view.PayAll:
		return payment.Wish{All: true}, true, nil
	case view.PayChosen:
		return chosenWish(r, debts)
	}
	if strings.TrimSpace(r.FormValue("sum")) == "" {
		return w, false, nil
	}
	w.Sum, err = money.Parse(r.FormValue("sum"))
	if err != nil {
		return w, false, fault.New(fault.Invalid, "payment.sum", "Напишите сумму цифрами, например 3000 или 3000,50").WithField("sum")
	}
	w.Ahead = mode == view.PayAhead
	return w, true, nil
}

func chosenWish(r *http.Request, debts []payment.Debt) (w payment.Wish, asked bool, err error) {
	for _, p := range r.Form["pick"] {
		for i := range debts {
			d := &debts[i]
			if choiceValue(d) != p {
				continue
			}
			sum := d.Due()
			if text := r.FormValue("sum-" + p); text != "" {
				if sum, err = money.Parse(text); err != nil {
					return w, false, fault.New(fault.Invalid, "payment.sum", "Напишите сумму цифрами, например 312,05").WithField("sum-" + p)
				}
			}
			w.Lines = append(w.Lines, payment.WishLine{Supplier: d.Supplier, Account: d.Account, Service: d.Service, Exact: true, Sum: sum})
		}
	}
	if len(w.Lines) == 0 && r.FormValue("show") != "" {
		return w, false, fault.New(fault.Invalid, "payment.nothing", "Отметьте хотя бы одну строку").WithField("pick")
	}
	return w, len(w.Lines) > 0, nil
}

func splitRows(p payment.Plan, debts []payment.Debt, byID map[int64]supplier.Supplier) []view.SplitRow {
	var rows []view.SplitRow
	for i := range debts {
		d := &debts[i]
		row := view.SplitRow{Supplier: byID[d.SupplierID].Name, Service: supplier.ServiceTitle(d.Service, byID[d.SupplierID].Services), Account: d.Account, Due: d.Due()}
		for _, part := range p.Parts {
			if part.AccountID == d.AccountID && part.ServiceID == d.ServiceID {
				row.Pay += part.Amount
			}
		}
		if row.Left = max(0, row.Due-row.Pay); row.Pay > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

func (m *Module) pay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	return m.startPayment(w, r, b, "/bill/pay")
}

func (m *Module) quickPay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if err != nil {
		return err
	}
	m.remember(w, r.PathValue("token"))
	return m.startPayment(w, r, b, "/pay/"+r.PathValue("token")+"/check")
}

// startPayment records the order and sends the payer to the bank. Pressing again leads to the first result.
func (m *Module) startPayment(w http.ResponseWriter, r *http.Request, b *bill.Bill, action string) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	mode := view.PayMode(r.FormValue("mode"))
	if mode == "" {
		mode = view.PayAll
	}
	input := formInput(r)
	if o, err := m.Payments.FindByKey(r.Context(), key, input); err == nil {
		return web.SeeOther(w, r, "/paid/"+o.PublicID)
	} else if !m.Payments.Unknown(err) {
		return err
	}
	if err := m.Bills.Ahead(r.Context(), b); err != nil {
		return err
	}
	debts := b.Debts()
	wish, asked, err := wishOf(r, mode, debts)
	if err != nil || !asked {
		return m.showCheck(w, r, b, action, http.StatusUnprocessableEntity, err)
	}
	plan, err := payment.Split(debts, wish)
	if err != nil {
		return m.showCheck(w, r, b, action, http.StatusUnprocessableEntity, err)
	}
	method := r.FormValue("method")
	if method != "sbp" {
		method = "card"
	}
	o, err := m.Payments.Start(r.Context(), payment.StartRequest{
		Key: key, Input: input, Plan: plan, Method: method, Description: "Оплата ЖКУ, " + mask(b.Address),
		ReturnURL: m.Bills.BaseURL + "/paid/{id}", Actor: access.FromContext(r.Context()).String(),
	})
	if err != nil {
		return err
	}
	if o.RedirectURL != "" && o.State == payment.StatePending {
		http.Redirect(w, r, o.RedirectURL, http.StatusSeeOther)
		return nil
	}
	return web.SeeOther(w, r, "/paid/"+o.PublicID)
}

// formInput is what makes two presses the same payment: the choice, without tokens and keys.
func formInput(r *http.Request) map[string][]string {
	in := map[string][]string{}
	for name, values := range r.PostForm {
		if name == "mode" || name == "sum" || name == "pick" || name == "method" || strings.HasPrefix(name, "sum-") {
			in[name] = values
		}
	}
	return in
}
