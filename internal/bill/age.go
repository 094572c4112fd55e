package bill

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// months are what a service was charged month by month, earliest first.
type months []charge.MonthSum

// aged tells a debt of the time before a month by its months. Payments close the oldest first, so what is unpaid was
// charged last; what no month known explains is older than all of them.
func (list months) aged(old money.Amount, month calendar.Month) (buckets []payment.Bucket) {
	oldest := month
	for i := len(list) - 1; i >= 0 && old > 0; i-- {
		e := &list[i]
		if e.Month >= month {
			continue
		}
		oldest = e.Month
		whole := e.Amount - min(0, e.PutOff)
		if part := min(old, whole); part > 0 {
			buckets = append(buckets, payment.Bucket{Month: e.Month, Amount: part, Plan: planLeft(e.PutOff, whole, part)})
			old -= part
		}
	}
	if old > 0 {
		buckets = append(buckets, payment.Bucket{Month: oldest.Add(-1), Amount: old})
	}
	slices.Reverse(buckets)
	return buckets
}

// addAges learns what suppliers charged before, of the accounts with a debt older than the month billed.
func (b *Bill) addAges(ctx context.Context, tx *db.Tx) error {
	var ids []int64
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.Origin == why.BySupplier && l.Due > max(0, l.Charge+l.Recalc) && !slices.Contains(ids, l.AccountID) {
			ids = append(ids, l.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	lines, err := charge.ListEarlier(ctx, tx, b.BuildingID, ids, b.Moment)
	for i := range lines {
		l := &lines[i]
		b.remember(serviceOf{l.AccountID, l.ServiceID}, charge.MonthSum{Month: l.Month, Amount: l.Charge + l.Recalc})
	}
	return err
}

// remember keeps what a service was charged in a month.
func (b *Bill) remember(of serviceOf, sum charge.MonthSum) {
	if b.earlier == nil {
		b.earlier = map[serviceOf]months{}
	}
	list := b.earlier[of]
	at, known := slices.BinarySearchFunc(list, sum.Month, func(x charge.MonthSum, m calendar.Month) int { return cmp.Compare(x.Month, m) })
	if known {
		list[at] = sum
		return
	}
	b.earlier[of] = slices.Insert(list, at, sum)
}
