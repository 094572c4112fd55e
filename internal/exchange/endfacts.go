package exchange

import (
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// end ends services that a supplier's files no longer tell of, with the last day of the month they first leave out: in that
// month the difference is seen, in later ones nothing is expected. Of a computed service a missing row is a missing reading,
// and nothing ends.
func (w *charging) end() error {
	told := &w.told
	for key, t := range w.known.terms.now {
		month := told.latest[t.SupplierID]
		switch {
		case month == 0 || w.b.mapped[t.SupplierID] == nil || t.Mode == supplier.ModeComputed || !fromFile(w.known.terms.source[key]):
			continue
		case t.Until != 0 || t.From >= month.First() || told.service[volumeKey{account: t.AccountID, service: t.Service, month: month}]:
			continue
		}
		if _, given := w.st.charges[chargeKey{t.AccountID, month, t.ServiceID}]; given {
			continue // another file of the month tells of it
		}
		later, err := w.givenAfter(t.AccountID, month)
		if err != nil {
			return err
		}
		if !later {
			t.Until = month.Last()
			w.known.terms.put(key, t, told.source[t.SupplierID])
		}
	}
	return nil
}

// givenAfter tells whether a later month of an account was handed over before this one.
func (w *charging) givenAfter(account int64, month calendar.Month) (later bool, err error) {
	err = w.b.m.db.Read(w.ctx, func(tx *db.Tx) error {
		later = false
		return tx.Scan(w.ctx, "SELECT month FROM charge WHERE building_id = $1 AND account_id = $2 AND month > $3 LIMIT 1", []any{w.st.building, account, int64(month)},
			func([]int64, []byte) error { later = true; return nil })
	})
	return later, err
}

// toldOf is what files tell of a building: whose, of which month last, and of which services.
type toldOf struct {
	latest  map[int64]calendar.Month // by suppliers
	source  map[int64]string
	service map[volumeKey]bool
}

func newToldOf() toldOf {
	return toldOf{latest: map[int64]calendar.Month{}, source: map[int64]string{}, service: map[volumeKey]bool{}}
}

func (w *charging) noteTold(t *telling) {
	w.told.service[volumeKey{account: t.a.account, service: t.x.Catalog, month: t.month}] = true
	if t.month > w.told.latest[t.a.supplier] {
		w.told.latest[t.a.supplier], w.told.source[t.a.supplier] = t.month, t.source
	}
}
