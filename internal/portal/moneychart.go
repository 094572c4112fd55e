package portal

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// moneyChart sets what was paid in each of the last twelve months beside what was charged for it; nil until two months are
// known.
func (m *Module) moneyChart(ctx context.Context, b *bill.Bill) (*web.PairChart, error) {
	past, err := m.Bills.History(ctx, b)
	if err != nil || len(past) < 2 {
		return nil, err
	}
	since := paidSince(b, past[0].Month)
	last := past[0].Month
	for month := range since {
		last = max(last, month)
	}
	c := &web.PairChart{Now: "оплачено", Before: "начислено"}
	var charged, paid money.Amount
	for i := monthsShown - 1; i >= 0; i-- {
		month := last.Add(-i)
		point := web.PairPoint{Month: month.Title(), Short: month.Short()}
		if p := pastOf(past, month); p != nil {
			charged += p.Sum
			point.Before, point.BeforeText, point.HasBefore = int64(p.Sum), p.Sum.Format(), true
			point.Now, point.HasNow = int64(p.Paid), true
		}
		if sum, ok := since[month]; ok {
			point.Now, point.HasNow = point.Now+int64(sum), true
		}
		if point.HasNow {
			paid += money.Amount(point.Now)
			point.NowText = money.Amount(point.Now).Format()
		}
		c.Points = append(c.Points, point)
	}
	c.Title = "За год оплачено " + paid.Format()
	c.Summary = "Начислено за те же месяцы " + charged.Format() + ". Оплату за прошлые месяцы показываем так, как её учли поставщики."
	return c, nil
}

// paidSince are the payments no register has counted yet, by month after the last one of the history.
func paidSince(b *bill.Bill, last calendar.Month) map[calendar.Month]money.Amount {
	since := map[calendar.Month]money.Amount{}
	for i := range b.Lines {
		for _, p := range b.Lines[i].PaymentsSince() {
			if p.PaidOn.Month() > last {
				since[p.PaidOn.Month()] += p.Amount
			}
		}
	}
	return since
}
