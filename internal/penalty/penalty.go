// Package penalty counts penalties (пени) for late payment: due dates, interest by days of delay, which month a
// payment closes, instalment plans. It is pure: values in, explained values out.
//
// Owns: the arithmetic of ЖК РФ ст. 155 ч. 14, 14.1 and ПП № 354 п. 72–75. Does not own: the figures of law (days,
// fractions, rates, moratoria, due days are rows of tariff.Catalog), payments themselves, posting.
//
// Invariants: the first days of delay up to the first stage carry nothing; no penalty is taken of a penalty; each
// interval is rounded once, half away from zero; a day of a moratorium carries nothing while its number in the delay
// still counts; a payment of day d lowers the balance from d+1; payments of one day may come in any order; a reversal
// restores what was before the payment.
//
// # The rate on the day of actual payment
//
// The law takes the Bank of Russia's rate «на день фактической оплаты» of the sum not paid in time. So each paid part
// carries, over its whole delay, the rate of its own day, and what is still unpaid carries the rate of the day of
// calculation, until it is paid and counted anew. Parts of one rate go on as one balance. A debt paid in parts under
// one rate is therefore a plain chain of balances; under two rates each has its own chain of intervals, and their
// balances on any day add up to the unpaid sum:
//
//	7 000 ₽ of 09.2022, due 10.10.2022; 3 000 ₽ paid 20.01.2023 (7.5 %), 4 000 ₽ paid 20.01.2024 (16, at most 9.5 %):
//	10.11.22–08.01.23 60 days × 3 000 × 7.5 % ÷ 300 = 45.00    09.01.23–20.01.23  12 days × 3 000 × 7.5 % ÷ 130 = 20.77
//	10.11.22–08.01.23 60 days × 4 000 × 9.5 % ÷ 300 = 76.00    09.01.23–20.01.24 377 days × 4 000 × 9.5 % ÷ 130 = 1 102.00
//
// Some suppliers charge the whole balance with the rate of the day its next part is paid on: the policy penalty_rate of
// the catalogue says of_balance for them (of_part is the default). The same debt is then
//
//	10.11.22–08.01.23  60 days × 7 000 × 7.5 % ÷ 300 = 105.00   09.01.23–20.01.23  12 days × 7 000 × 7.5 % ÷ 130 = 48.46
//	21.01.23–20.01.24 365 days × 4 000 × 9.5 % ÷ 130 = 1 066.92
package penalty

import (
	"fmt"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Debt is what was charged for a month by one supplier in one group of services. Principal is the sum that was owed:
// with corrections of the month in it, for what was never owed carries no penalty from its first day.
type Debt struct {
	Month     calendar.Month
	Group     string // of services, as the catalogue names it
	Supplier  string
	Principal money.Amount
	Due       calendar.Date // instead of the due day of the rules; moves to a working day as any term does
}

// Payment is a part of the principal paid on the payer's day. A negative sum takes back money paid up to that day,
// the latest first: a reversal carries the day of the payment it reverses, a refund its own.
type Payment struct {
	On  calendar.Date
	Sum money.Amount
}

// Interval is a run of days of one balance, one rate and one fraction of it: one line of a penalty.
type Interval struct {
	From, To calendar.Date // both included
	Days     int
	Balance  money.Amount
	Rate     decimal.Decimal // percent a year
	Over     int             // 300 is 1/300 of the rate a day
	Exact    decimal.Ratio   // roubles before rounding
	Amount   money.Amount
	Clause   string // the act behind the fraction
	RateAct  string // the act behind the rate
}

// String is the line in words: «60 дн. с 13.03.2025 по 11.05.2025: 6 200,00 ₽ × 9,5 % ÷ 300 × 60 = 117,80 ₽».
func (i *Interval) String() string {
	rate := strings.ReplaceAll(i.Rate.String(), ".", ",")
	return fmt.Sprintf("%d дн. с %s по %s: %s × %s\u00a0%% ÷ %d × %d = %s",
		i.Days, i.From.Dotted(), i.To.Dotted(), i.Balance.Format(), rate, i.Over, i.Days, i.Amount.Format())
}

// Result is the penalty of one debt on a day. Reuse one Result: nothing is allocated once its lists have grown.
type Result struct {
	Due       calendar.Date // after the move to a working day
	Intervals []Interval
	Total     money.Amount
	Rest      money.Amount // of the principal, unpaid at the end of the day of calculation
	NextDay   money.Amount // what the day after would add to it if nothing is paid

	shares  []share
	windows []window
}

func (r *Result) reset() {
	*r = Result{Intervals: r.Intervals[:0], shares: r.shares[:0], windows: r.windows[:0]}
}
