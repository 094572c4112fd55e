package portal

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) start(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.StartPage(m.startView(r)))
}

func (m *Module) startView(r *http.Request) view.Start {
	v := view.Start{Page: m.page(r, "Оплата жилья и услуг одним счётом")}
	if a := access.FromContext(r.Context()); a.Role == access.Resident {
		v.Known = &view.Known{Address: "моим счётом", Href: "/home"}
	} else if token := m.remembered(r); token != "" {
		if ref, err := m.Bills.FindByToken(r.Context(), token); err == nil {
			if b, err := m.Bills.At(r.Context(), ref, 0); err == nil {
				v.Known = &view.Known{Address: bill.MaskAddress(b.Address), Href: "/pay/" + token}
			}
		}
	}
	if len(m.Demo) > 0 {
		v.Tiles = append(v.Tiles, view.Tile{Title: "Показ", Text: "Войти как житель, поставщик или расчётный центр", Href: "/demo", Icon: "home"})
	}
	return v
}

// begin takes the number of an account, then the code of the bill: alone neither opens anything, and whether a
// number exists is not told.
func (m *Module) begin(w http.ResponseWriter, r *http.Request) error {
	v := m.startView(r)
	v.Number, v.Code = strings.TrimSpace(r.PostFormValue("number")), strings.TrimSpace(r.PostFormValue("code"))
	if v.Code == "" && bill.IsTyped(v.Number) {
		v.Number, v.Code = "", v.Number // the one field takes either of the two
	}
	switch {
	case v.Number == "" && v.Code != "" && !r.PostForm.Has("code"):
		v.AskCode = true
		return web.Render(w, r, http.StatusOK, view.StartPage(v))
	case v.Number == "":
		v.AskCode = v.Code != ""
		v.Errors = web.Errors{{Field: "number", Message: "Введите номер лицевого счёта – он в правом верхнем углу квитанции"}}
	case v.Code == "":
		v.AskCode = true
		return web.Render(w, r, http.StatusOK, view.StartPage(v))
	}
	if v.Errors == nil {
		token, err := m.Bills.FindByTyped(r.Context(), v.Number, v.Code)
		if err == nil {
			return web.SeeOther(w, r, "/pay/"+token)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		v.AskCode, v.Errors = true, web.Errors{{Field: "code", Message: fault.As(err).Message}}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, http.StatusUnprocessableEntity, view.StartPage(v))
}

// quick is the bill by its code: no names, the address masked.
func (m *Module) quick(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if fault.Is(err, fault.NotFound) {
		return web.Render(w, r, http.StatusNotFound, view.QuickBillPage(view.QuickBill{Page: m.page(r, "Код не подошёл"), State: view.QuickExpired}))
	}
	if err != nil {
		return err
	}
	v, err := m.quickView(r, b)
	if err != nil {
		return err
	}
	m.remember(w, r.PathValue("token"))
	return web.Render(w, r, http.StatusOK, view.QuickBillPage(v))
}

// quickView is a bill for somebody who only has a code.
func (m *Module) quickView(r *http.Request, b *bill.Bill) (view.QuickBill, error) {
	v := view.QuickBill{Page: m.page(r, "Счёт за жильё и услуги"), Address: bill.MaskAddress(b.Address), Month: month(b.Month), Due: b.Total, DueOn: b.DueOn, PayHref: r.URL.Path + "/check"}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return v, err
	}
	v.Recipients = recipients(b, byID)
	for i := range b.Lines {
		l := &b.Lines[i]
		v.Lines = append(v.Lines, view.QuickLine{Service: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), Supplier: l.SupplierName, Due: l.Due})
	}
	return v, m.quickForm(r, &v, b)
}

// quickForm puts the button that pays all on the bill itself: from the QR to the bank is one page. A payment still
// at the bank takes its place; the page of other ways stays open.
func (m *Module) quickForm(r *http.Request, v *view.QuickBill, b *bill.Bill) (err error) {
	if b.Total == 0 {
		v.State, v.PayHref = view.QuickPaid, ""
		return nil
	}
	if v.Waiting, err = m.waiting(r, b); err != nil || v.Waiting != nil {
		return err
	}
	v.Pay = &view.PayForm{Action: v.PayHref, Key: web.NewKey(), Total: b.Total, Methods: m.methods(), Hidden: []view.HiddenField{{Name: "mode", Value: string(view.PayAll)}}}
	if v.Duplicate, err = m.duplicate(r, b, b.Total); v.Duplicate != nil {
		v.Pay.Hidden = append(v.Pay.Hidden, view.HiddenField{Name: "alike", Value: v.Duplicate.ID})
	}
	return err
}

// The bill this device opened last, to go on with it: for a day, and only the code that was already here.
const (
	billCookie  = "bill"
	billSeconds = 24 * 3600
)

func (m *Module) remember(w http.ResponseWriter, token string) {
	http.SetCookie(w, m.Site.Cookie(billCookie, token, billSeconds))
}

func (m *Module) remembered(r *http.Request) string {
	c, err := r.Cookie(m.Site.CookieName(billCookie))
	if err != nil {
		return ""
	}
	return c.Value
}

// bankWait bounds how long a page waits for the bank; then it says what is known.
const bankWait = 2500 * time.Millisecond

func (m *Module) askBank(r *http.Request) (payment.Order, error) {
	ctx, cancel := context.WithTimeout(r.Context(), bankWait)
	defer cancel()
	o, err := m.Payments.Confirm(ctx, r.PathValue("id"))
	if fault.Is(err, fault.Unavailable) {
		return m.Payments.Find(r.Context(), r.PathValue("id"))
	}
	return o, err
}

// result is what became of a payment. The address knows only the payment's secret id; the bank is asked, the
// parameters it sends along are not looked at.
func (m *Module) result(w http.ResponseWriter, r *http.Request) error {
	o, err := m.askBank(r)
	if err != nil {
		return err
	}
	v := view.PayResult{
		Page: m.page(r, "Платёж"), State: payState(&o), Sum: o.Sum, Number: shortNumber(o.PublicID), At: paidAt(&o, m.Zone), ByDay: o.Channel != payment.ChannelOnline,
		Reason: o.Reason, Advance: o.Advance(), Method: cmp.Or(map[string]string{"card": "карта", "sbp": "СБП"}[o.Method], channelWord(o.Channel)),
	}
	switch v.State {
	case view.PayWaiting:
		v.Page.Refresh = 5
		v.AnswerBy, v.SBP = o.KnownBy(m.Now()), linkView(&o)
	case view.PaySuccess:
		if o.Channel == payment.ChannelOnline {
			v.CreditOn = calendar.NextWorkday(o.PaidOn.AddDays(1))
		}
	}
	v.Steps = paySteps(&o, v.CreditOn)
	retry := ""
	if access.FromContext(r.Context()).Role == access.Resident {
		v.BillHref, v.HomeHref, retry = "/bill", "/home", "/bill/pay"
	} else if token := m.remembered(r); token != "" {
		v.BillHref, retry = "/pay/"+token, "/pay/"+token
	}
	if v.State == view.PayDeclined || v.State == view.PayExpired || v.State == view.PayCancelled {
		v.RetryHref = retry
	}
	if err = m.fillResult(r, &v, &o); err == nil {
		err = m.fillBack(r, &v, &o)
	}
	if err != nil {
		return err
	}
	if err = m.receiptsOf(r, &v, &o); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.PayResultPage(v))
}

// paySteps are the stations of an online payment; of a bank's register only its day is known.
func paySteps(o *payment.Order, creditOn calendar.Date) []view.PayStep {
	if o.Channel != payment.ChannelOnline {
		return nil
	}
	steps := []view.PayStep{{Title: "Платёж создан", At: o.CreatedAt}, {Title: "Банк подтвердил, деньги разнесены по счетам"}, {Title: "Поставщики получат деньги", On: creditOn}}
	if o.State == payment.StateCredited {
		steps[1].At = o.ChangedAt
	}
	return steps
}

func payState(o *payment.Order) view.PayState {
	switch {
	case o.Refunded > 0 && o.Refunded == o.Sum, o.Sum < 0:
		return view.PayRefunded
	case o.Refunded > 0:
		return view.PayPartRefunded
	case o.State == payment.StateDeclined:
		return view.PayDeclined
	case o.State == payment.StateCancelled:
		return view.PayCancelled
	case o.State == payment.StateAuthorised:
		return view.PayHeld
	case o.State == payment.StateExpired:
		return view.PayExpired
	case o.State == payment.StateCaptured || o.State == payment.StateCredited:
		return view.PaySuccess
	}
	return view.PayWaiting
}

// fillResult names who got what of an order, and what stays to pay.
func (m *Module) fillResult(r *http.Request, v *view.PayResult, o *payment.Order) error {
	var ref bill.Ref
	bySupplier := map[int64]supplier.Supplier{}
	err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Split = nil
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.AccountID == 0 {
				continue
			}
			s, err := supplier.FindByID(r.Context(), tx, p.SupplierID)
			if err != nil {
				return err
			}
			member, err := account.FindMember(r.Context(), tx, p.BuildingID, p.AccountID, m.Now())
			if err != nil {
				return err
			}
			ref, bySupplier[s.ID] = bill.Ref{Building: p.BuildingID, Household: member.Link.HouseholdID}, s
			v.Split = append(v.Split, view.SplitRow{Supplier: s.Name, Account: member.Claim.Printed, Service: partWord(p.Kind), Due: p.Amount, Pay: p.Amount, Reason: reasonWords(p.Reason)})
		}
		return nil
	})
	if err != nil || ref.Household == 0 {
		return err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return err
	}
	if o.Channel == payment.ChannelOnline && o.PaidOn == calendar.DateOf(m.Now().Time().In(m.Zone)) {
		v.Left, v.DueOn = b.Total, b.DueOn // what stays is news on the day of the payment only
	}
	row := 0
	for i := range o.Parts {
		p := &o.Parts[i]
		if p.AccountID == 0 {
			continue
		}
		if name := serviceOf(b, p, bySupplier); name != "" {
			v.Split[row].Service = name
		}
		row++
	}
	return nil
}

// serviceOf names the service a part paid for, as the bill names it.
func serviceOf(b *bill.Bill, p *payment.Part, bySupplier map[int64]supplier.Supplier) string {
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.AccountID != p.AccountID || l.ServiceID != p.ServiceID {
			continue
		}
		name := supplier.ServiceTitle(l.Service, bySupplier[p.SupplierID].Services)
		if p.Kind != payment.PartDebt {
			name += ", " + partWord(p.Kind)
		}
		return name
	}
	return ""
}

func partWord(kind string) string {
	return map[string]string{payment.PartDebt: "оплата", payment.PartPenalty: "пени", payment.PartAdvance: "аванс"}[kind]
}
