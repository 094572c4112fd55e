package payment

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
)

// tell writes what suppliers are told of parts of an order that were posted: one event an account. It locks the
// sequences of the accounts, so it comes last in the transaction.
func tell(ctx context.Context, tx *db.Tx, o *Order, parts []Part, at calendar.Micros) error {
	return event.Write(ctx, tx, eventsOf(o, parts, at))
}

// eventsOf are the events of parts of one building; money nobody could place is told to nobody.
func eventsOf(o *Order, parts []Part, at calendar.Micros) (list []event.Event) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p.AccountID == 0 })
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(a.AccountID, b.AccountID) })
	for len(parts) > 0 {
		n, p, sum := 0, parts[0], int64(0)
		for n < len(parts) && parts[n].AccountID == p.AccountID {
			sum += int64(parts[n].Amount)
			n++
		}
		parts = parts[n:]
		e := event.Event{BuildingID: p.BuildingID, AccountID: p.AccountID, At: at, FactID: p.OrderID}
		if sum < 0 && o.Sum > 0 {
			e.Body = event.Refund{Operation: o.PublicID, Day: p.PaidOn.String(), Sum: -sum}
		} else {
			e.Body = event.Payment{Operation: o.PublicID, Day: p.PaidOn.String(), Channel: p.Channel, Sum: sum}
		}
		list = append(list, e)
	}
	return list
}
