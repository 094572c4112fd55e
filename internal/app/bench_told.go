package app

import (
	"context"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
)

// timeRaw writes rows of payments, a transaction for so many of them, by as many clients as paid, and tells how long it took.
func (a *App) timeRaw(ctx context.Context, res *PaymentsBench, sets []rowSet, batch int, put func(context.Context, *db.Tx, []rowSet) error) (time.Duration, error) {
	start := time.Now()
	err := inParallel(res.Clients, (len(sets)+batch-1)/batch, func(i int) error {
		return a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return put(ctx, tx, sets[i*batch:min((i+1)*batch, len(sets))]) })
	})
	return time.Since(start), err
}

// putBackTold inserts the rows of some payments and tells of them, an event an account, as payments do.
func putBackTold(ctx context.Context, tx *db.Tx, sets []rowSet) error {
	if err := putBack(ctx, tx, sets); err != nil {
		return err
	}
	var told []event.Event
	for i := range sets {
		told = append(told, sets[i].events()...)
	}
	return event.Write(ctx, tx, told)
}

// benchBuilding is where the events of a bench are told of: nobody lives there, and they go when it was measured.
const benchBuilding = -1_000_000_000

func forgetTold(ctx context.Context, tx *db.Tx) error {
	for _, table := range []string{"event", "event_subject"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE building_id = $1", int64(benchBuilding)); err != nil {
			return err
		}
	}
	return nil
}

// events are those of the parts of a payment.
func (s *rowSet) events() (list []event.Event) {
	at := func(row []any, name string) int64 { return row[slices.Index(s.columns[benchParts], name)].(int64) }
	seen := map[int64]bool{}
	for _, row := range s.rows[benchParts] {
		account := at(row, "account_id")
		if account == 0 || seen[account] {
			continue
		}
		seen[account] = true
		list = append(list, event.Event{BuildingID: benchBuilding, AccountID: account, At: calendar.Micros(at(row, "posted_at")), FactID: at(row, "order_id"),
			Body: event.Payment{Operation: "bench", Day: calendar.Date(at(row, "paid_on")).String(), Channel: "bench", Sum: at(row, "amount_kop")}})
	}
	return list
}
