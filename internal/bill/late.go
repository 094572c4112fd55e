package bill

import (
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/money"
	"kvit/internal/penalty"
	"kvit/internal/tariff"
)

// LateDebt is what an account owes for a month to a supplier whose charges Kvit computes, and the penalty of it as of the
// bill's day. Filled by Ahead.
type LateDebt struct {
	Supplier     string         `json:"supplier"`
	SupplierName string         `json:"supplierName"`
	Account      string         `json:"account"`
	Group        string         `json:"group"` // of services: utilities, housing, capital_repair …
	Month        string         `json:"month"`
	Due          string         `json:"due"`              // the last day to pay in time
	Principal    money.Amount   `json:"principal"`        // charged for the month
	Rest         money.Amount   `json:"rest"`             // of it, not paid
	Penalty      money.Amount   `json:"penalty"`          // by the day
	Charged      money.Amount   `json:"charged"`          // of the penalty, on bills before
	NextDay      money.Amount   `json:"nextDay"`          // what tomorrow adds if nothing is paid
	Starts       string         `json:"starts,omitempty"` // the first day that carries penalty, while there is none
	Policy       string         `json:"policy"`           // charge, show
	Paid         []LatePayment  `json:"paid"`
	Intervals    []LateInterval `json:"intervals"`
	Part         money.Amount   `json:"instalment,omitempty"` // of Rest: the month's part of an instalment plan
	ToCome       money.Amount   `json:"putOff,omitempty"`     // put off by such a plan into months to come: no debt, and not of Rest
	Disputed     money.Amount   `json:"disputed,omitempty"`   // of Rest: being checked at the payer's word
	Words        []string       `json:"words"`
	Until        string         `json:"until"` // the day penalties are counted up to
	Debt         penalty.Due    `json:"-"`
	Day          calendar.Date  `json:"-"`
}

// serviceOf names a service of an account.
type serviceOf struct{ account, service int64 }

// LatePayment is what a payment paid of the debt.
type LatePayment struct {
	On  string       `json:"on"`
	Sum money.Amount `json:"sum"`
}

// LateInterval is a run of days of one balance, rate and fraction.
type LateInterval struct {
	From    string       `json:"from"`
	To      string       `json:"to"`
	Days    int          `json:"days"`
	Balance money.Amount `json:"balance"`
	Rate    string       `json:"rate"` // percent a year
	RateAct string       `json:"rateAct"`
	Over    int          `json:"over"` // 300: 1/300 of the rate a day
	Clause  string       `json:"clause"`
	Amount  money.Amount `json:"amount"`
	Words   string       `json:"words"`
}

// addLate tells of the debts that are not paid, or whose penalty is not charged yet, and when penalties of the others
// begin.
func (b *Bill) addLate(c *charge.Coming, rules *penalty.Rules, day calendar.Date) {
	b.unpaidPenalty, b.penalized = c.Unpaid, map[serviceOf]money.Amount{}
	told := map[int64]bool{}
	for i := range c.Late {
		d := &c.Late[i]
		told[d.AccountID] = true
		b.penalized[serviceOf{d.AccountID, d.ServiceID}] += d.Charged
		if d.Refused == nil && d.Policy != penalty.NoPenalties && (d.Rest > 0 || d.More() != 0) {
			b.tellLate(d.AccountID, &d.Due, day)
		}
	}
	for i := range b.Suppliers {
		if s := &b.Suppliers[i]; s.Due > 0 && !told[s.AccountID] {
			b.addWaiting(s.AccountID, rules, day)
		}
	}
}

// addWaiting tells when penalties begin of an account that owes nothing of the months before the one billed.
func (b *Bill) addWaiting(account int64, rules *penalty.Rules, day calendar.Date) {
	lines := b.linesOf(account)
	due := shareDue(lines)
	var waiting []penalty.Due
	for i, l := range lines {
		if l.Origin != why.ByKvit || due[i] <= 0 {
			continue
		}
		at := slices.IndexFunc(waiting, func(d penalty.Due) bool { return d.Group == l.group })
		if at < 0 {
			at = len(waiting)
			waiting = append(waiting, penalty.Due{Debt: penalty.Debt{Month: l.BillMonth, Group: l.group, Supplier: l.Supplier}})
		}
		waiting[at].Principal += l.Charge + l.Recalc
		waiting[at].Rest += due[i]
	}
	for i := range waiting {
		if d := &waiting[i]; rules.Wait(d) && d.Policy != penalty.NoPenalties {
			b.tellLate(account, d, day)
		}
	}
}

// linesOf are the lines of an account.
func (b *Bill) linesOf(account int64) (lines []*Line) {
	for i := range b.Lines {
		if b.Lines[i].AccountID == account {
			lines = append(lines, &b.Lines[i])
		}
	}
	return lines
}

// tellLate adds a debt with its words.
func (b *Bill) tellLate(account int64, d *penalty.Due, day calendar.Date) {
	l := b.linesOf(account)
	if len(l) == 0 {
		return
	}
	out := LateDebt{
		Supplier: l[0].Supplier, SupplierName: l[0].SupplierName, Account: l[0].Account, Group: d.Group, Month: d.Month.String(), Until: day.String(), Due: d.Debt.Due.String(),
		Principal: d.Principal, Rest: d.Rest, Penalty: d.Total, Charged: d.Charged, NextDay: d.NextDay, Policy: d.Policy, Paid: []LatePayment{}, Intervals: []LateInterval{}, Debt: *d, Day: day,
	}
	if d.Starts > day {
		out.Starts = d.Starts.String()
	}
	for _, p := range d.Paid {
		out.Paid = append(out.Paid, LatePayment{p.On.String(), p.Sum})
	}
	for i := range d.Intervals {
		v := &d.Intervals[i]
		out.Intervals = append(out.Intervals, LateInterval{v.From.String(), v.To.String(), v.Days, v.Balance, v.Rate.String(), v.RateAct, v.Over, v.Clause, v.Amount, v.String()})
	}
	b.agreed(account, &out)
	out.Words = out.words()
	b.Late = append(b.Late, out)
}

// agreed adds what of a debt is a part of a plan or is being checked, and what its plan has put off further.
func (b *Bill) agreed(account int64, out *LateDebt) {
	for i := range b.Plans {
		p := &b.Plans[i]
		if p.accountID != account || p.group != out.Group {
			continue
		}
		out.ToCome += p.ToCome
		for k := range p.Parts {
			if x := &p.Parts[k]; x.Of == out.Debt.Month && x.State == PartDue {
				out.Part += x.Left
			}
		}
	}
	for _, l := range b.linesOf(account) {
		if d := b.Disputed(l); d != nil && !d.Penalty && l.group == out.Group && l.BillMonth == out.Debt.Month {
			out.Disputed += d.Sum
		}
	}
	out.Part, out.Disputed = min(out.Part, out.Rest), min(out.Disputed, out.Rest)
}

// agreement tells of what is put off or being checked.
func (d *LateDebt) agreement() (list []string) {
	if d.Part > 0 {
		list = append(list, fmt.Sprintf("Из этого %s – часть рассрочки за этот месяц.", d.Part.Format()))
	}
	if d.ToCome > 0 {
		list = append(list, fmt.Sprintf("Ещё %s отложено рассрочкой на следующие месяцы: сейчас это не долг, пеней на них нет.", d.ToCome.Format()))
	}
	if d.Disputed > 0 {
		list = append(list, fmt.Sprintf("Из этого %s сейчас проверяют по вашему обращению. Если сумму исправят, пени на лишнее снимут; за верную неоплаченную сумму они идут как обычно.", d.Disputed.Format()))
	}
	return list
}

// words tell of the debt in plain Russian: the debt, its penalty day by day, what payments changed, what comes next.
func (d *LateDebt) words() []string {
	list := []string{fmt.Sprintf("%s за %s: не оплачено %s из %s. Срок оплаты – %s.", tariff.GroupWords(d.Group), d.Debt.Month.Title(), d.Rest.Format(), d.Principal.Format(), d.Debt.Debt.Due.Dotted())}
	list = append(list, d.agreement()...)
	for i := range d.Debt.Intervals {
		v := &d.Debt.Intervals[i]
		list = append(list, v.String()+" ("+v.Clause+"; ставка: "+v.RateAct+")")
	}
	for _, p := range d.Debt.Paid {
		if p.Sum > 0 && p.On > d.Debt.Debt.Due {
			list = append(list, fmt.Sprintf("%s оплачено %s: со следующего дня пени считаются с остатка.", p.On.Dotted(), p.Sum.Format()))
		}
	}
	switch {
	case d.Penalty != 0 && d.Charged != 0:
		list = append(list, fmt.Sprintf("Всего пеней на %s: %s, из них начислено раньше %s.", d.Day.Dotted(), d.Penalty.Format(), d.Charged.Format()))
	case d.Penalty != 0 || d.Charged != 0:
		list = append(list, fmt.Sprintf("Всего пеней на %s: %s.", d.Day.Dotted(), d.Penalty.Format()))
	}
	if d.NextDay > 0 {
		list = append(list, fmt.Sprintf("Если не оплатить, завтра прибавится %s.", d.NextDay.Format()))
	}
	if d.Starts != "" {
		list = append(list, fmt.Sprintf("Пени начнутся с %s, если не оплатить раньше.", d.Debt.Starts.Dotted()))
	}
	if d.Policy == penalty.ShowThem {
		list = append(list, "Поставщик пени не начисляет, сумма дана для сведения.")
	}
	return list
}
