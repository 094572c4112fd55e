package charge

import (
	"context"
	"fmt"
	"math"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Used is what was charged for of a service in a month: its volume and sum, by how the volume was found.
type Used struct {
	Building int64
	Account  int64 // 0: all of the building together
	Month    calendar.Month
	Service  string // of the catalogue
	Method   calc.Method
	Volume   decimal.Decimal
	Amount   money.Amount // heat of hot water with its water; its volume is the water's
}

// usedLines are the lines charged for a month itself: what corrects another month, adds or takes off is left out. Lines
// beside a supplier's figure count as those that are owed: a service has either.
var usedLines = fmt.Sprintf(`SELECT building_id, %%s, month, service_no, method, CAST(sum(CASE WHEN component = %d THEN 0 ELSE volume_e7 END) AS BIGINT), CAST(sum(amount_kop) AS BIGINT)
	FROM charge_line WHERE building_id BETWEEN $1 AND $2 AND month BETWEEN $3 AND $4 AND about = month AND kind IN (%d, %d) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
	calc.Heat, calc.Charged, besideMark|int(calc.Charged))

// ListUsed sums up what buildings first … last were charged for in months, in one query.
func ListUsed(ctx context.Context, tx *db.Tx, first, last int64, from, to calendar.Month) ([]Used, error) {
	return listUsed(ctx, tx, "CAST(0 AS BIGINT)", first, last, from, to)
}

// ListUsedByAccounts is ListUsed of one building, account by account.
func ListUsedByAccounts(ctx context.Context, tx *db.Tx, building int64, from, to calendar.Month) ([]Used, error) {
	return listUsed(ctx, tx, "account_id", building, building, from, to)
}

func listUsed(ctx context.Context, tx *db.Tx, account string, first, last int64, from, to calendar.Month) (list []Used, err error) {
	numbers, err := listNumbers(ctx, tx)
	if err != nil {
		return nil, err
	}
	codes := make(map[int64]string, len(numbers))
	for code, n := range numbers {
		codes[n] = code
	}
	err = tx.Scan(ctx, fmt.Sprintf(usedLines, account), []any{first, last, int64(from), int64(to)}, func(v []int64, _ []byte) error {
		list = append(list, Used{v[0], v[1], calendar.Month(v[2]), codes[v[3]], calc.Method(v[4]), decimal.Decimal(v[5]), money.Amount(v[6])})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("volumes of buildings %d to %d: %w", first, last, err)
	}
	return list, nil
}

// ListChargedIn tells which of buildings first … last were charged for a month.
func ListChargedIn(ctx context.Context, tx *db.Tx, first, last int64, month calendar.Month) (map[int64]bool, error) {
	done := map[int64]bool{}
	err := tx.Scan(ctx, "SELECT building_id FROM charge_building WHERE building_id BETWEEN $1 AND $2 AND month = $3 AND part = 0", []any{first, last, int64(month)}, func(v []int64, _ []byte) error {
		done[v[0]] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("buildings charged in %s: %w", month, err)
	}
	return done, nil
}

// UsedSoFar is what a run would charge buildings first … last for in a month by the facts so far, account by account, for
// those that want tells to compute. Nothing is written.
func (m *Module) UsedSoFar(ctx context.Context, tx *db.Tx, engine *calc.Engine, first, last int64, month calendar.Month, want func(building int64) bool) (list []Used, err error) {
	loader := m.loaders.Get().(*fact.Loader)
	defer m.loaders.Put(loader)
	loader.Engine = engine
	if loader.Suppliers, err = supplier.ListCodes(ctx, tx); err != nil {
		return nil, err
	}
	heat, err := supplier.ListParts(ctx, tx)
	if err != nil {
		return nil, err
	}
	buildings, err := loader.Load(ctx, tx, first, last, month, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	bill, book := &calc.Bill{}, engine.Month(month)
	for i := range buildings {
		b := &buildings[i]
		if !want(b.ID) {
			continue
		}
		if err := given(ctx, tx, b, month, math.MaxInt64, heat); err != nil {
			return nil, err
		}
		if err := sumFlats(ctx, tx, engine, b, month, math.MaxInt64, heat, true); err != nil {
			return nil, err
		}
		for k := range b.Households {
			h := &b.Households[k]
			book.Charge(&h.Premises, bill)
			list = appendUsed(list, engine, b.ID, h, bill)
		}
	}
	return list, nil
}

// appendUsed adds the volumes of a household's lines; of a service whose figure is the supplier's, of his figure alone.
func appendUsed(list []Used, engine *calc.Engine, building int64, h *fact.Household, bill *calc.Bill) []Used {
	for i := range bill.Lines {
		l := &bill.Lines[i]
		if sub := &h.Subs[l.Sub]; l.Kind == calc.Charged && (sub.Mode != fact.ModeIssued || isGiven(l)) {
			u := Used{Building: building, Account: sub.AccountID, Month: l.Month, Service: engine.Of(l.Service).Code, Method: l.Method, Volume: l.Volume, Amount: l.Amount}
			if l.Component == calc.Heat {
				u.Volume = 0
			}
			list = append(list, u)
		}
	}
	return list
}

// LatestMonth is the latest month a building's suppliers billed or Kvit charged; 0 when none.
func LatestMonth(ctx context.Context, tx *db.Tx, building int64) (month calendar.Month, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(month), 0) FROM (SELECT max(month) AS month FROM charge WHERE building_id = $1
		UNION ALL SELECT max(month) FROM charge_building WHERE building_id = $1) x`, building).Scan(&month)
	if err != nil {
		return 0, fmt.Errorf("latest month of building %d: %w", building, err)
	}
	return month, nil
}

// ListRegistered sums up the volumes and sums that suppliers' registers have of services of the catalogue in buildings
// first … last, by building, month and service. The row recorded last holds.
func ListRegistered(ctx context.Context, tx *db.Tx, first, last int64, from, to calendar.Month) (list []Used, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.building_id, c.month, s.service, CAST(sum(c.volume_e7) AS BIGINT), CAST(sum(c.charge_kop) AS BIGINT) FROM charge c
		JOIN (SELECT DISTINCT building_id, account_id, service_id, service FROM charge_subscription WHERE building_id BETWEEN $1 AND $2 AND mode <> '') s
			ON s.building_id = c.building_id AND s.account_id = c.account_id AND s.service_id = c.service_id
		WHERE c.building_id BETWEEN $1 AND $2 AND c.month BETWEEN $3 AND $4 AND c.volume_e7 <> 0 AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.building_id = c.building_id
			AND n.account_id = c.account_id AND n.month = c.month AND n.service_id = c.service_id AND n.recorded_at > c.recorded_at)
		GROUP BY c.building_id, c.month, s.service ORDER BY c.building_id, c.month, s.service`, first, last, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("registers of buildings %d to %d: %w", first, last, err)
	}
	defer rows.Close()
	for rows.Next() {
		u := Used{Method: calc.ByGiven}
		if err := rows.Scan(&u.Building, &u.Month, &u.Service, &u.Volume, &u.Amount); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}
