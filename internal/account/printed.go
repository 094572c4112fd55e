package account

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/db"
)

// printedAtOnce is how many numbers one query asks for.
const printedAtOnce = 500

// FindAllPrinted finds the accounts of a supplier by many numbers as FindPrinted does by one; those that are not there are
// not in the answer.
func FindAllPrinted(ctx context.Context, tx *db.Tx, supplierID int64, printed []string) (map[string]Route, error) {
	found := make(map[string]Route, len(printed))
	for part := range slices.Chunk(printed, printedAtOnce) {
		if err := addRoutes(ctx, tx, found, supplierID, part, "SELECT r.number, r.number, r.account_id, r.building_id FROM account_route r WHERE r.supplier_id = $1 AND r.number IN "); err != nil {
			return nil, err
		}
		missed := slices.DeleteFunc(slices.Clone(part), func(number string) bool { _, ok := found[number]; return ok })
		err := addRoutes(ctx, tx, found, supplierID, missed, `SELECT c.printed, r.number, r.account_id, r.building_id FROM account_route r
			JOIN account_claim c ON c.building_id = r.building_id AND c.account_id = r.account_id WHERE r.supplier_id = $1 AND c.printed IN `)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// addRoutes adds the accounts of a query that ends in a list of numbers.
func addRoutes(ctx context.Context, tx *db.Tx, found map[string]Route, supplierID int64, numbers []string, query string) error {
	if len(numbers) == 0 {
		return nil
	}
	args, places := []any{supplierID}, make([]string, len(numbers))
	for i, number := range numbers {
		args, places[i] = append(args, number), "$"+strconv.Itoa(i+2)
	}
	rows, err := tx.QueryContext(ctx, query+"("+strings.Join(places, ", ")+")", args...)
	if err != nil {
		return fmt.Errorf("routes of numbers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r := Route{SupplierID: supplierID}
		var asked string
		if err := rows.Scan(&asked, &r.Number, &r.AccountID, &r.BuildingID); err != nil {
			return err
		}
		found[asked] = r
	}
	return rows.Err()
}
