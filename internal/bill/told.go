package bill

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
)

// factID names a version of a month's bill among those of its household, for kvit check to find.
func (s *snapshot) factID() int64 { return int64(s.month)*1000 + int64(s.version) }

// tellIssued writes that bills were issued, after everything else of the transaction: one event for all who are on a bill.
func tellIssued(ctx context.Context, tx *db.Tx, list []*snapshot) error {
	events := make([]event.Event, 0, len(list))
	for _, s := range list {
		body := event.BillPublished{Number: s.number, Month: s.month.String(), Sums: s.sums}
		if s.supersedes > 0 {
			body.Replaces = numberOf(s.month, s.ref.Household, s.supersedes)
		}
		events = append(events, event.Event{BuildingID: s.ref.Building, HouseholdID: s.ref.Household, At: s.publishedAt, FactID: s.factID(), Body: body})
	}
	return event.Write(ctx, tx, events)
}

// tellWithdrawn writes that a bill was taken back.
func tellWithdrawn(ctx context.Context, tx *db.Tx, s *snapshot, at calendar.Micros) error {
	return event.Write(ctx, tx, []event.Event{{BuildingID: s.ref.Building, HouseholdID: s.ref.Household, At: at, FactID: s.factID(), Body: event.BillWithdrawn{Number: s.number, Month: s.month.String()}}})
}
