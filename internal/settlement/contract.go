package settlement

import (
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Who pays the fee for taking a payment.
const (
	BySupplier = "supplier" // kept back from what he is paid
	ByPayer    = "payer"    // above the sum of the payment; the supplier gets all of it
	ByNobody   = "nobody"
)

// Rate is a fee: hundredths of a percent of a payment, within bounds in kopecks; 0: no bound.
type Rate struct {
	Percent int64        `json:"percent"`
	Min     money.Amount `json:"min,omitempty"`
	Max     money.Amount `json:"max,omitempty"`
}

// Of is the fee for a sum: never more than the sum itself, and of a reversal the mirror.
func (r Rate) Of(sum money.Amount) (money.Amount, error) {
	if sum < 0 {
		fee, err := r.Of(-sum)
		return -fee, err
	}
	fee, err := money.Percent(sum, r.Percent)
	if err != nil {
		return 0, err
	}
	fee = max(fee, r.Min)
	if r.Max > 0 {
		fee = min(fee, r.Max)
	}
	return min(fee, sum), nil
}

// Fee is who pays for taking payments, and how much, by channel where it differs.
type Fee struct {
	PaidBy string `json:"paidBy"`
	Rate
	Channels map[string]Rate `json:"channels,omitempty"`
}

// rate is the fee of a channel.
func (f *Fee) rate(channel string) Rate {
	if r, ok := f.Channels[channel]; ok {
		return r
	}
	return f.Rate
}

// Kept is what the centre keeps of a payment to the supplier; 0 when somebody else pays the fee.
func (f *Fee) Kept(channel string, sum money.Amount) (money.Amount, error) {
	if f.PaidBy != BySupplier {
		return 0, nil
	}
	return f.rate(channel).Of(sum)
}

// Added is what the payer pays above the sum; benefit holders pay none (ЖК РФ ст. 155 ч. 15, ux.md section 10).
func (f *Fee) Added(channel string, sum money.Amount, benefit bool) (money.Amount, error) {
	if f.PaidBy != ByPayer || benefit {
		return 0, nil
	}
	return f.rate(channel).Of(sum)
}

// Hold is what the centre keeps back for refunds: the money of the last days, and a sum that always stays.
type Hold struct {
	Days int          `json:"days,omitempty"`
	Sum  money.Amount `json:"sum,omitempty"`
}

// How often a supplier is paid.
const (
	EveryDay   = "day" // next working day
	EveryWeek  = "week"
	EveryMonth = "month"
)

// Schedule is when a supplier is paid and from which sum on.
type Schedule struct {
	Every     string       `json:"every"`
	On        int          `json:"on,omitempty"` // of a week 1 … 7 from Monday, of a month 1 … 28
	Threshold money.Amount `json:"threshold,omitempty"`
}

// PlannedOn is the day money counted up to a cutoff goes out: the next working day (ПП № 253 of 28.03.2012), or the first
// working day from the next day of the schedule on.
func (s *Schedule) PlannedOn(cutoff calendar.Date) calendar.Date {
	day := cutoff.AddDays(1)
	for !s.falls(day) {
		day = day.AddDays(1)
	}
	return calendar.NextWorkday(day)
}

func (s *Schedule) falls(day calendar.Date) bool {
	switch s.Every {
	case EveryWeek:
		return day.Weekday() == time.Weekday(s.On%7)
	case EveryMonth:
		return day.Day() == s.On
	}
	return true
}

// Contract is the terms with a supplier from a day on.
type Contract struct {
	SupplierID int64            `json:"-"`
	Supplier   string           `json:"supplier"`
	Number     string           `json:"number,omitempty"`
	From       calendar.DayText `json:"from"`
	Fee        Fee              `json:"fee"`
	Hold       Hold             `json:"hold"`
	Payout     Schedule         `json:"payout"`
	VAT        string           `json:"vat"` // words of the payment order
	RecordedAt calendar.Micros  `json:"-"`
}

// usual are the terms of a supplier without a contract.
func usual() Contract {
	return Contract{Fee: Fee{PaidBy: ByNobody}, Payout: Schedule{Every: EveryDay}, VAT: usualVAT}
}

// usualVAT is what a payment order says of НДС: what the centre passes on was never its own revenue.
const usualVAT = "Без НДС"

// contracts are the versions of terms with suppliers, as they were recorded up to a moment.
type contracts map[int64][]Contract

// at gives the terms with a supplier on a day: the latest version from that day or before, the one recorded last.
func (c contracts) at(supplierID int64, day calendar.Date) Contract {
	best := usual()
	for _, x := range c[supplierID] {
		if x.From.Date() <= day && (x.From > best.From || x.From == best.From && x.RecordedAt >= best.RecordedAt) {
			best = x
		}
	}
	return best
}

// Party is an organisation in a payment order.
type Party struct {
	Name        string `json:"name"`
	INN         string `json:"inn"`
	KPP         string `json:"kpp,omitempty"`
	Bank        string `json:"bank"`
	BIC         string `json:"bic"`
	CorrAccount string `json:"corrAccount"`
	BankAccount string `json:"bankAccount"`
}

// complete tells whether money can go to or from the party.
func (p *Party) complete() bool { return p.Name != "" && p.BIC != "" && p.BankAccount != "" }

// NoCentre is the code of the fault that the centre's own account was never told.
const NoCentre = "payout.no_centre"

var errNoCentre = fault.New(fault.Conflict, NoCentre, "Не сказано, с какого счёта перечислять: запишите centre в файл договоров, kvit contracts load.")
