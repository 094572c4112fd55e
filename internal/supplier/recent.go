package supplier

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// RecentMonth is how long payers are told that bank details have changed: until the next bill has come.
const RecentMonth = 30 * RequisitesDelay

// ListRecent gives, by supplier, the last change of where his money goes that came into force within RecentMonth. The first
// details of a supplier are no change.
func ListRecent(ctx context.Context, tx *db.Tx, now calendar.Micros) (map[int64]Change, error) {
	list, err := listChanges(ctx, tx, "WHERE r.state = 'applied' AND r.effective_at > $1 ORDER BY r.effective_at, r.change_id", int64(now-RecentMonth))
	recent := map[int64]Change{}
	for _, c := range list {
		if c.Former.BankAccount != "" && (c.Former.BankAccount != c.Wanted.BankAccount || c.Former.BIC != c.Wanted.BIC || c.Former.INN != c.Wanted.INN) {
			recent[c.SupplierID] = c
		}
	}
	return recent, err
}
