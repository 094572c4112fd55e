package portal

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
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
		Page: m.page(r, "Платёж"), State: payState(&o), Sum: o.Sum, Number: payment.ShortNumber(o.PublicID), At: paidAt(&o, m.Zone), ByDay: o.Channel != payment.ChannelOnline,
		Reason: o.Reason, Advance: o.Advance(), Method: cmp.Or(map[string]string{"card": "карта", "sbp": "СБП"}[o.Method], payment.ChannelWord(o.Channel)),
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
	if err = m.receiptsOf(r, &v, &o); err == nil {
		err = m.fillRefunds(r, &v, &o)
	}
	if err != nil {
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

// paidHome is a home an order paid for, with its bill as it is now.
type paidHome struct {
	ref  bill.Ref
	only int64 // the one account of nobody's basket
	bill *bill.Bill
}

// paidPart is a part of an order, whose it is and what it is called.
type paidPart struct {
	*payment.Part
	home *paidHome
	row  view.SplitRow
	back money.Amount // of it, what went back
}

// fillResult names who got what of an order, home by home, and what stays to pay.
func (m *Module) fillResult(r *http.Request, v *view.PayResult, o *payment.Order) error {
	parts, homes, bySupplier, err := m.paidParts(r.Context(), o)
	if err != nil {
		return err
	}
	today := o.Channel == payment.ChannelOnline && o.PaidOn == m.today()
	for _, h := range homes {
		if h.only != 0 {
			h.bill, err = m.Bills.AtAccount(r.Context(), h.ref.Building, h.only, 0)
		} else {
			h.bill, err = m.Bills.At(r.Context(), h.ref, 0)
		}
		if err != nil {
			return err
		}
		if today { // what stays is news on the day of the payment only
			v.Left += h.bill.Total
			if h.bill.DueOn != 0 && (v.DueOn == 0 || h.bill.DueOn < v.DueOn) {
				v.DueOn = h.bill.DueOn
			}
		}
	}
	for _, p := range parts {
		if name := serviceOf(p.home.bill, p.Part, bySupplier); name != "" {
			p.row.Service = name
		}
		if len(homes) > 1 {
			p.row.Home = homeName("", bill.MaskAddress(p.home.bill.Address), p.home.bill)
		}
		v.Split = append(v.Split, p.row)
	}
	return nil
}

// paidParts are the parts of an order that are somebody's, with their homes, each home once.
func (m *Module) paidParts(ctx context.Context, o *payment.Order) (parts []paidPart, homes []*paidHome, bySupplier map[int64]supplier.Supplier, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		parts, homes, bySupplier = nil, nil, map[int64]supplier.Supplier{}
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.AccountID == 0 {
				continue
			}
			s, err := supplier.FindByID(ctx, tx, p.SupplierID)
			if err != nil {
				return err
			}
			member, err := account.FindMember(ctx, tx, p.BuildingID, p.AccountID, m.Now())
			if err != nil {
				return err
			}
			bySupplier[s.ID] = s
			home := &paidHome{ref: bill.Ref{Building: p.BuildingID, Household: member.Link.HouseholdID}}
			if home.ref.Household == 0 {
				home.only = p.AccountID
			}
			if at := slices.IndexFunc(homes, func(h *paidHome) bool { return h.ref == home.ref && h.only == home.only }); at >= 0 {
				home = homes[at]
			} else {
				homes = append(homes, home)
			}
			if at := slices.IndexFunc(parts, func(x paidPart) bool { return p.Amount < 0 && x.same(p) }); at >= 0 {
				parts[at].goBack(-p.Amount, p.Reason)
				continue
			}
			parts = append(parts, paidPart{Part: p, home: home, row: view.SplitRow{Supplier: s.Name, Account: member.Claim.Printed, Service: partWord(p.Kind), Due: p.Amount, Pay: p.Amount, Reason: reasonWords(p.Reason)}})
		}
		return nil
	})
	return parts, homes, bySupplier, err
}

// same tells whether another part of the order is of the same debt.
func (x *paidPart) same(p *payment.Part) bool {
	return x.BuildingID == p.BuildingID && x.AccountID == p.AccountID && x.ServiceID == p.ServiceID && x.Kind == p.Kind
}

// goBack tells of a part what went back of it, or moved on from a supplier no longer on the bill.
func (x *paidPart) goBack(sum money.Amount, reason string) {
	x.back += sum
	word := "вернулось "
	if reason == payment.ReasonMoved {
		word = "поставщика больше нет в счёте, перенесено "
	}
	x.row.Pay, x.row.Due, x.row.Reason = x.row.Pay-sum, x.row.Pay-sum, word+x.back.Format()
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
