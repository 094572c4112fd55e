package charge

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// tell notes that an account's charges were corrected, once however many its services are. What a month came to is no
// event of each account, for all of them are charged: its supplier is told once, and of each sum with the bill.
func (f *filler) tell(account int64, sum money.Amount) {
	if f.run.Kind == KindMonth {
		return
	}
	w := f.wave
	if n := len(w.news); n > 0 && w.news[n-1].BuildingID == f.b.ID && w.news[n-1].AccountID == account {
		body := w.news[n-1].Body.(event.Charge)
		body.Sum += int64(sum)
		w.news[n-1].Body = body
		return
	}
	w.news = append(w.news, event.Event{BuildingID: f.b.ID, AccountID: account, At: f.at, FactID: f.run.ID, Body: event.Charge{
		Run: f.run.ID, Month: f.run.Month.String(), From: f.run.FromMonth.String(), Correction: true, Sum: int64(sum),
	}})
}

// tellCharged tells each supplier what a month's run charged for him.
func tellCharged(ctx context.Context, tx *db.Tx, run *Run, r *Report, at calendar.Micros) error {
	if run.Kind != KindMonth {
		return nil
	}
	codes, err := supplier.ListCodes(ctx, tx)
	if err != nil {
		return err
	}
	sums := map[string]money.Amount{}
	for i := range r.Services {
		sums[r.Services[i].Supplier] += r.Services[i].Now
	}
	var list []event.Event
	for _, id := range slices.Sorted(maps.Keys(codes)) {
		if sum, ok := sums[codes[id]]; ok {
			list = append(list, event.Event{SupplierID: id, At: at, FactID: run.ID, Body: event.Charge{Run: run.ID, Month: run.Month.String(), Sum: int64(sum)}})
		}
	}
	return event.Write(ctx, tx, list)
}
