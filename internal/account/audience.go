package account

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/db"
)

// Key names an account or a household of a building.
type Key struct{ BuildingID, ID int64 }

// keysMax is how many keys one statement takes. Shorter lists are filled up, so that there is one text to prepare.
const keysMax = 100

// EachKey runs a query for keys, a hundred at a time. The query reads them as rows of w (building_id, id); a
// following parameter is $1.
func EachKey(ctx context.Context, tx *db.Tx, keys []Key, query string, arg int64, row func(scan func(...any) error) error) error {
	for len(keys) > 0 {
		n := min(len(keys), keysMax)
		if err := eachOf(ctx, tx, keys[:n], query, arg, row); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func eachOf(ctx context.Context, tx *db.Tx, keys []Key, query string, arg int64, row func(scan func(...any) error) error) error {
	args := make([]any, 1, 1+2*keysMax)
	args[0] = arg
	for i := range keysMax {
		k := keys[min(i, len(keys)-1)]
		args = append(args, k.BuildingID, k.ID)
	}
	rows, err := tx.QueryContext(ctx, keysHead+query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

var keysHead = func() string {
	var b strings.Builder
	b.WriteString("WITH w (building_id, id) AS (SELECT CAST($2 AS BIGINT), CAST($3 AS BIGINT)")
	for i := 1; i < keysMax; i++ {
		b.WriteString(" UNION SELECT CAST($" + strconv.Itoa(2*i+2) + " AS BIGINT), CAST($" + strconv.Itoa(2*i+3) + " AS BIGINT)")
	}
	return b.String() + ") "
}()

// ListByKeys gives accounts by building and id, as they are now, also closed ones.
func ListByKeys(ctx context.Context, tx *db.Tx, keys []Key) (map[Key]Account, error) {
	found := map[Key]Account{}
	err := EachKey(ctx, tx, keys, `SELECT a.building_id, a.account_id, a.supplier_id, a.number, a.opened_at, a.closed_at, a.moved_from
		FROM w JOIN account a ON a.building_id = w.building_id AND a.account_id = w.id WHERE a.opened_at > $1 ORDER BY a.opened_at`, 0, func(scan func(...any) error) error {
		var a Account
		err := scan(&a.BuildingID, &a.AccountID, &a.SupplierID, &a.Number, &a.OpenedAt, &a.ClosedAt, &a.MovedFrom)
		found[Key{a.BuildingID, a.AccountID}] = a
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return found, nil
}

// ListHouseholdsOf tells in whose basket each account is now; accounts in nobody's are left out.
func ListHouseholdsOf(ctx context.Context, tx *db.Tx, keys []Key) (map[Key]int64, error) {
	found := map[Key]int64{}
	err := EachKey(ctx, tx, keys, `SELECT l.building_id, l.account_id, l.household_id FROM w JOIN household_link l ON l.building_id = w.building_id AND l.account_id = w.id
		WHERE l.household_id <> $1 AND NOT EXISTS (SELECT 1 FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id AND n.recorded_at > l.recorded_at)`, 0,
		func(scan func(...any) error) error {
			var k Key
			var household int64
			err := scan(&k.BuildingID, &k.ID, &household)
			found[k] = household
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list households of accounts: %w", err)
	}
	return found, nil
}

// ListBaskets gives the live accounts of households as they are now.
func ListBaskets(ctx context.Context, tx *db.Tx, households []Key) (map[Key][]Account, error) {
	found := map[Key][]Account{}
	err := EachKey(ctx, tx, households, `SELECT a.building_id, w.id, a.account_id, a.supplier_id, a.number FROM w
		JOIN household_link l ON l.building_id = w.building_id AND l.household_id = w.id
		JOIN account a ON a.building_id = l.building_id AND a.account_id = l.account_id AND a.closed_at = $1
		WHERE NOT EXISTS (SELECT 1 FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id AND n.recorded_at > l.recorded_at)
		ORDER BY a.supplier_id, a.account_id`, 0, func(scan func(...any) error) error {
		var a Account
		var household int64
		err := scan(&a.BuildingID, &household, &a.AccountID, &a.SupplierID, &a.Number)
		k := Key{a.BuildingID, household}
		found[k] = append(found[k], a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list baskets: %w", err)
	}
	return found, nil
}

// ListBuildingsOf gives the houses in which a supplier has live accounts, by id.
func ListBuildingsOf(ctx context.Context, tx *db.Tx, supplierID int64) (list []int64, err error) {
	err = tx.Scan(ctx, "SELECT DISTINCT building_id FROM account WHERE supplier_id = $1 AND closed_at = 0 AND building_id > 0 ORDER BY building_id", []any{supplierID}, func(v []int64, _ []byte) error {
		list = append(list, v[0])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list buildings of a supplier: %w", err)
	}
	return list, nil
}

// ListSuppliersOf gives the suppliers with live accounts in any of some houses, by id.
func ListSuppliersOf(ctx context.Context, tx *db.Tx, buildings []int64) (list []int64, err error) {
	seen := map[int64]bool{}
	for _, building := range buildings {
		err := tx.Scan(ctx, "SELECT DISTINCT supplier_id FROM account WHERE building_id = $1 AND closed_at = 0", []any{building}, func(v []int64, _ []byte) error {
			if !seen[v[0]] {
				seen[v[0]], list = true, append(list, v[0])
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list suppliers of houses: %w", err)
		}
	}
	slices.Sort(list)
	return list, nil
}
