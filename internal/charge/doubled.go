package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Doubled is a service of an account for which a supplier's file gives several sums in a month: none of them is taken. A
// later file that tells of it once is a Doubled with Told 0.
type Doubled struct {
	BuildingID int64
	AccountID  int64
	Month      calendar.Month
	ServiceID  int64
	RecordedAt calendar.Micros
	FileID     int64
	RowNo      int64
	Told       int
	Low, High  money.Amount // the least and the greatest of the sums charged
}

var doubledColumns = []string{"building_id", "account_id", "month", "service_id", "recorded_at", "file_id", "row_no", "told", "low_kop", "high_kop"}

// WriteDoubled appends what is doubled.
func WriteDoubled(ctx context.Context, tx *db.Tx, list []Doubled) error {
	if len(list) == 0 {
		return nil
	}
	_, err := tx.Copy(ctx, "charge_doubled", doubledColumns, db.Rows(list, len(doubledColumns), func(d *Doubled, row []any) {
		row[0], row[1], row[2], row[3], row[4] = d.BuildingID, d.AccountID, int64(d.Month), d.ServiceID, int64(d.RecordedAt)
		row[5], row[6], row[7], row[8], row[9] = d.FileID, d.RowNo, int64(d.Told), int64(d.Low), int64(d.High)
	}))
	return err
}

const doubledNow = `FROM charge_doubled d WHERE d.told > 0 AND NOT EXISTS (SELECT 1 FROM charge_doubled n WHERE n.building_id = d.building_id AND n.account_id = d.account_id
	AND n.month = d.month AND n.service_id = d.service_id AND n.recorded_at > d.recorded_at) AND `

// ListDoubled gives what is doubled in a building.
func ListDoubled(ctx context.Context, tx *db.Tx, building int64) (list []Doubled, err error) {
	err = tx.Scan(ctx, "SELECT d.account_id, d.month, d.service_id, d.recorded_at, d.file_id, d.row_no, d.told, d.low_kop, d.high_kop "+doubledNow+"d.building_id = $1", []any{building},
		func(v []int64, _ []byte) error {
			list = append(list, Doubled{building, v[0], calendar.Month(v[1]), v[2], calendar.Micros(v[3]), v[4], v[5], int(v[6]), money.Amount(v[7]), money.Amount(v[8])})
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("doubled rows of building %d: %w", building, err)
	}
	return list, nil
}

// listDoubled gives what is doubled in a month as differences: beside Kvit's figure stands what an earlier file charged.
func listDoubled(ctx context.Context, tx *db.Tx, month calendar.Month) (list []Difference, err error) {
	err = tx.Scan(ctx, `SELECT d.building_id, coalesce((SELECT l.household_id FROM household_link l WHERE l.building_id = d.building_id AND l.account_id = d.account_id ORDER BY l.recorded_at DESC LIMIT 1), 0),
		d.account_id, d.service_id, coalesce((SELECT min(a.supplier_id) FROM account a WHERE a.building_id = d.building_id AND a.account_id = d.account_id), 0), d.low_kop, d.high_kop,
		CAST(coalesce((SELECT sum(l.amount_kop) FROM charge_line l WHERE l.building_id = d.building_id AND l.account_id = d.account_id AND l.service_id = d.service_id AND l.month = d.month
			AND `+besides+` AND l.about = l.month), 0) AS BIGINT),
		coalesce((SELECT c.charge_kop FROM charge c WHERE c.building_id = d.building_id AND c.account_id = d.account_id AND c.month = d.month AND c.service_id = d.service_id ORDER BY c.recorded_at DESC LIMIT 1), 0),
		CASE WHEN EXISTS (SELECT 1 FROM charge c WHERE c.building_id = d.building_id AND c.account_id = d.account_id AND c.month = d.month AND c.service_id = d.service_id) THEN 0 ELSE 1 END
		`+doubledNow+`d.month = $1 AND EXISTS (SELECT 1 FROM account a WHERE a.building_id = d.building_id AND a.account_id = d.account_id AND a.closed_at = 0) ORDER BY d.building_id, d.account_id, d.service_id`, []any{int64(month)}, func(v []int64, _ []byte) error {
		list = append(list, Difference{
			Building: v[0], Household: v[1], Account: v[2], Service: v[3], Supplier: v[4], Ours: money.Amount(v[7]), Theirs: money.Amount(v[8]), Missing: v[9] != 0,
			Cause: CauseDoubled, Of: money.Amount(v[5]).String() + "; " + money.Amount(v[6]).String(),
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("doubled rows: %w", err)
	}
	return list, nil
}

// isDoubled tells whether a difference is of a service whose rows are doubled. One of an account that is there and of one
// that the household is said to lack are the same service of a household.
func isDoubled(doubled []Difference, d *Difference) bool {
	for i := range doubled {
		x := &doubled[i]
		if x.Building == d.Building && x.Service == d.Service && x.Supplier == d.Supplier && (x.Account == d.Account || d.Cause == CauseAbsent && x.Household == d.Household) {
			return true
		}
	}
	return false
}
