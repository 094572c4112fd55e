package penalty

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// Compute counts the penalty of a debt up to and including a day, from what was paid up to it, into res.
// ст. 155 ч. 14: 6 200 ₽ due 10.02.2025, paid 20.06.2025 under 9.5 %: 60 days × 6 200 × 9.5 % ÷ 300 = 117.80 and
// 40 days ÷ 130 = 181.23, together 299.03.
func (r *Rules) Compute(d Debt, paid []Payment, at calendar.Date, res *Result) error {
	res.reset()
	if !at.Exists() {
		return noSuchDay(at)
	}
	if d.Principal > money.Max {
		return fault.Newf(fault.Invalid, "penalty.sum", "Долг %s больше допустимого.", d.Principal.Format())
	}
	due, err := r.due(&d)
	if err != nil {
		return err
	}
	res.Due = due
	if err := res.divide(max(d.Principal, 0), paid, at); err != nil || len(res.shares) == 0 {
		return err
	}
	if res.windows, err = r.chargeable(res.windows, &d, due, at.Ordinal()+1); err != nil {
		return err
	}
	if err := r.nextDay(res, at); err != nil || len(res.windows) == 0 {
		return err
	}
	if err := res.price(r); err != nil {
		return err
	}
	if r.byBalance(d.Supplier, due) {
		err = res.accrueChain(res.shares)
	} else {
		err = res.accrueByRate()
	}
	for i := range res.Intervals {
		res.Total += res.Intervals[i].Amount
	}
	return err
}

// nextDay takes the day after the calculation off the windows and says what it would add.
func (r *Rules) nextDay(res *Result, at calendar.Date) error {
	if len(res.windows) == 0 {
		return nil
	}
	w := &res.windows[len(res.windows)-1]
	if w.last != at.Ordinal()+1 {
		return nil
	}
	stage := w.stage
	if w.last--; w.last < w.first {
		res.windows = res.windows[:len(res.windows)-1]
	}
	if res.Rest == 0 {
		return nil
	}
	rate, _, err := r.Rate(at)
	if err != nil {
		return err
	}
	res.NextDay, err = round(product(res.Rest, rate, 1, stage.Over))
	return err
}

// accrueByRate lets the shares of each rate accrue as one balance.
func (r *Result) accrueByRate() error {
	slices.SortStableFunc(r.shares, func(a, b share) int { return cmp.Compare(a.rate, b.rate) })
	chains := 0
	for rest := r.shares; len(rest) > 0; chains++ {
		n := 1
		for n < len(rest) && rest[n].rate == rest[0].rate {
			n++
		}
		if err := r.accrueChain(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	if chains > 1 {
		slices.SortStableFunc(r.Intervals, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	}
	return nil
}

// accrueChain walks the balance of shares down, day of payment by day of payment, inside each window; the rate is that
// of the share paid next.
func (r *Result) accrueChain(shares []share) error {
	var balance money.Amount
	for i := range shares {
		balance += shares[i].sum
	}
	paid := 0
	for _, w := range r.windows {
		for day := w.first; day <= w.last; {
			for paid < len(shares) && shares[paid].day.Ordinal() < day {
				balance -= shares[paid].sum
				paid++
			}
			if paid == len(shares) {
				return nil
			}
			last := min(w.last, shares[paid].day.Ordinal())
			if err := r.add(window{day, last, w.stage}, balance, &shares[paid]); err != nil {
				return err
			}
			day = last + 1
		}
	}
	return nil
}

func (r *Result) add(w window, balance money.Amount, s *share) error {
	days := w.last - w.first + 1
	i := Interval{
		From: calendar.FromOrdinal(w.first), To: calendar.FromOrdinal(w.last), Days: days, Balance: balance,
		Rate: s.rate, Over: w.stage.Over, Exact: product(balance, s.rate, days, w.stage.Over),
		Clause: clause(w.stage), RateAct: s.act,
	}
	var err error
	i.Amount, err = round(i.Exact)
	r.Intervals = append(r.Intervals, i)
	return err
}

// product is balance × rate % ÷ over × days in roubles, exact.
func product(balance money.Amount, rate decimal.Decimal, days, over int) decimal.Ratio {
	return decimal.Int(int64(balance)).Times(rate).TimesInt(int64(days)).OverInt(100 * 100 * int64(over))
}

func round(exact decimal.Ratio) (money.Amount, error) {
	v, err := exact.Round(2)
	if err != nil {
		return 0, fault.New(fault.Invalid, "penalty.sum", "Пени не помещаются в сумму: проверьте ставку и даты.").Because(err)
	}
	return money.Amount(v), nil
}

// clause is the act a stage names, else the law itself.
func clause(s *tariff.Stage) string {
	if s.Document != "" {
		return s.Document
	}
	return "ЖК РФ ст. 155"
}
