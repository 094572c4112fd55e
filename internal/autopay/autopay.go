// Package autopay pays a household's bill, or somebody's part of it, on its day: the payer said once how much at most, is told before, and may say no.
//
// Owns: tables autopay_rule, autopay_turn; when and how much is paid. Does not own: ways of paying that are kept and the
// consent to keep them (payment), what is due (bill), sending messages (events say what there is to tell).
//
// A rule is the household's, or of one of its people: who does not manage the home, and who pays a part of its bill, has his own.
// Where the home is shared a rule pays its payer's part, never the whole.
//
// Invariants: a month is charged at most once, under a key of rule, month and try, and a new try begins only when the bank
// refused the one before; never more than was told, never above the cap without the payer's word; nothing is charged while
// another payment of the household waits for its bank.
package autopay

import (
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a rule.
const (
	On     = "on"
	Paused = "paused"
	Off    = "off"
)

// States of a turn.
const (
	Told    = "told"    // the payer knows; paid on its day
	Asks    = "asks"    // above the cap: waits for the payer's word
	Vetoed  = "vetoed"  // the payer said no to this month
	Paying  = "paying"  // at the bank
	Paid    = "paid"    //
	Failed  = "failed"  // the bank refused; again on NextOn
	GaveUp  = "gave_up" // the bank refused every try
	Nothing = "nothing" // there was nothing to pay
)

// Bounds of a rule.
const (
	dayMax     = 28 // a day every month has
	capMin     = money.Amount(100)
	noticeDays = 1 // the payer is told so many days before
)

// retryDays is after how many days a payment the bank refused is tried again; after the last the rule gives up for the
// month.
var retryDays = []int{1, 2, 3}

// Consent is what a payer agrees to when a way of paying is kept. A new wording is a new version.
const (
	ConsentVersion = "2026-11"
	ConsentText    = "Разрешаю банку запомнить мой способ оплаты, а расчётному центру – списывать с него деньги за ЖКУ по правилу автоплатежа, которое я задал. " +
		"За день до списания мне сообщат сумму. Отключить автоплатёж и забыть способ оплаты можно в любой день."
)

// Rule is what a payer asked for.
type Rule struct {
	ID          int64
	BuildingID  int64
	HouseholdID int64
	State       string
	Day         int          // of the month, 1 … 28
	Fixed       money.Amount // a month; 0: the whole bill
	Cap         money.Amount // at most
	SavedID     string       // the way of paying; '' until it is kept
	Since       calendar.Date
	PersonID    int64  // whose it is; 0: the household's, of who manages it
	OfPart      bool   // it was set to pay a part: without one it pays nothing
	Actor       string // who changed it last
	RecordedAt  calendar.Micros
}

// Payer is the person whose part a rule pays where the home is shared: whose it is, or who set it last; 0 is nobody known.
func (r *Rule) Payer() int64 {
	if r.PersonID != 0 {
		return r.PersonID
	}
	return access.PersonOf(r.Actor)
}

// Check refuses a rule that cannot hold.
func (r *Rule) Check() error {
	switch {
	case r.Day < 1 || r.Day > dayMax:
		return fault.Newf(fault.Invalid, "autopay.day", "День списания – число от 1 до %d: такое есть в каждом месяце.", dayMax).WithField("day")
	case r.Fixed < 0:
		return fault.New(fault.Invalid, "autopay.sum", "Сумма должна быть больше нуля. Чтобы платить весь счёт, оставьте поле пустым.").WithField("sum")
	case r.Cap < capMin:
		return fault.Newf(fault.Invalid, "autopay.cap", "Напишите, больше какой суммы не списывать: от %s.", capMin.Format()).WithField("cap")
	case r.Fixed > r.Cap:
		return fault.New(fault.Invalid, "autopay.cap", "Предел меньше суммы платежа. Увеличьте предел или уменьшите сумму.").WithField("cap")
	}
	return nil
}

// Sentence is the rule in one sentence: «10-го числа спишем весь счёт, но не больше 8 000 ₽».
func (r *Rule) Sentence() string {
	what := "весь счёт, но не больше " + r.Cap.Format()
	if r.OfPart {
		what = "вашу часть счёта, но не больше " + r.Cap.Format()
	}
	if r.Fixed > 0 {
		what = r.Fixed.Format() + ", но не больше, чем к оплате"
	}
	return fmt.Sprintf("%d-го числа спишем %s", r.Day, what)
}

// on is the rule's day in a month.
func (r *Rule) on(m calendar.Month) calendar.Date {
	return calendar.NewDate(m.Year(), m.Number(), r.Day)
}

// month is the month whose turn it is on a day, or comes next: one whose day was before the rule is left out.
func (r *Rule) month(today calendar.Date) calendar.Month {
	m := today.Month()
	if r.on(m) < r.Since {
		return m.Add(1)
	}
	return m
}

// sum is what the rule pays of what is due.
func (r *Rule) sum(due money.Amount) money.Amount {
	if r.Fixed > 0 {
		return min(r.Fixed, due)
	}
	return due
}

// Turn is one month of a rule.
type Turn struct {
	BuildingID  int64
	RuleID      int64
	Month       calendar.Month
	HouseholdID int64
	State       string
	Sum         money.Amount // told, then paid: at most so much
	NextOn      calendar.Date
	Tries       int
	PublicID    string // of the order
	Reason      string // why nothing was taken
	ToldAt      calendar.Micros
	ChangedAt   calendar.Micros
}

// Done tells whether nothing more happens to the turn by itself.
func (t *Turn) Done() bool {
	return t.State == Vetoed || t.State == Paid || t.State == GaveUp || t.State == Nothing
}

// key is the payment's: one of a try of a month of a rule.
func (t *Turn) key() string { return fmt.Sprintf("autopay:%d:%d:%d", t.RuleID, t.Month, t.Tries) }

// input is what makes two calls with one key the same payment.
func (t *Turn) input() map[string]int64 {
	return map[string]int64{"rule": t.RuleID, "month": int64(t.Month), "try": int64(t.Tries)}
}

// first makes the turn of a month from what is due: told, or asked about when it is above the cap. It is paid on the
// rule's day, but not on the day it is told.
func (r *Rule) first(m calendar.Month, due money.Amount, today calendar.Date, at calendar.Micros) Turn {
	t := Turn{BuildingID: r.BuildingID, RuleID: r.ID, Month: m, HouseholdID: r.HouseholdID, State: Told, Sum: r.sum(due), NextOn: max(r.on(m), today.AddDays(noticeDays)), ToldAt: at, ChangedAt: at}
	if t.Sum > r.Cap {
		t.State = Asks
	}
	return t
}

// refuse notes that the bank refused a try: again in some days, or no more this month.
func (t *Turn) refuse(reason string, today calendar.Date) {
	t.Reason = reason
	if t.Tries > len(retryDays) {
		t.State = GaveUp
		return
	}
	t.State, t.NextOn = Failed, today.AddDays(retryDays[t.Tries-1])
}

// Preview is the next payment as far as it is known: its day, and what it would be of what is due now.
type Preview struct {
	On     calendar.Date
	Sum    money.Amount
	Above  bool // the cap: the payer will be asked
	Expiry bool // the way of paying ends before
}

// Next is the next payment of a rule.
func (r *Rule) Next(due money.Amount, today calendar.Date, done bool, expires calendar.Month) Preview {
	m := r.month(today)
	if done || r.on(m) < today {
		m = m.Add(1)
	}
	p := Preview{On: r.on(m), Sum: r.sum(due)}
	p.Above, p.Expiry = p.Sum > r.Cap, expires != 0 && expires < m
	return p
}
