package account

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// FindMember gives one account of a building at a moment with its latest claim and link.
func FindMember(ctx context.Context, tx *db.Tx, building, accountID int64, at calendar.Micros) (Member, error) {
	m := Member{Account: Account{BuildingID: building, AccountID: accountID}}
	err := tx.QueryRowContext(ctx, `SELECT supplier_id, number, opened_at, closed_at, moved_from FROM account
		WHERE building_id = $1 AND account_id = $2 AND opened_at <= $3 ORDER BY opened_at DESC LIMIT 1`, building, accountID, int64(at)).
		Scan(&m.SupplierID, &m.Number, &m.OpenedAt, &m.ClosedAt, &m.MovedFrom)
	if err != nil {
		return m, db.Fold(err)
	}
	var evidence string
	m.Claim = Claim{BuildingID: building, AccountID: accountID}
	err = tx.QueryRowContext(ctx, `SELECT recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest FROM account_claim
		WHERE building_id = $1 AND account_id = $2 AND recorded_at <= $3 ORDER BY recorded_at DESC LIMIT 1`, building, accountID, int64(at)).
		Scan(&m.Claim.RecordedAt, &m.Claim.FileID, &m.Claim.RowNo, &m.Claim.Printed, &m.Claim.Status, &m.Claim.Flat, &m.Claim.Room, &evidence, &m.Claim.Digest)
	if err != nil {
		return m, db.Fold(err)
	}
	m.Claim.Evidence = []byte(evidence)
	m.Link = Link{BuildingID: building, AccountID: accountID}
	err = db.Fold(tx.QueryRowContext(ctx, `SELECT recorded_at, household_id, rule, score, evidence FROM household_link
		WHERE building_id = $1 AND account_id = $2 AND recorded_at <= $3 ORDER BY recorded_at DESC LIMIT 1`, building, accountID, int64(at)).
		Scan(&m.Link.RecordedAt, &m.Link.HouseholdID, &m.Link.Rule, &m.Link.Score, &m.Link.Evidence))
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return m, err
}

// movesMax bounds how far back an account is followed over buildings.
const movesMax = 100

// ListBuildings lists the buildings an account lived in before the one of a, latest first.
func ListBuildings(ctx context.Context, tx *db.Tx, account *Account) ([]int64, error) {
	a := *account
	var list []int64
	seen := map[int64]bool{a.BuildingID: true}
	for from := a.MovedFrom; from != 0 && len(list) < movesMax; {
		if !seen[from] {
			list = append(list, from)
			seen[from] = true
		}
		var next, opened int64
		err := db.Fold(tx.QueryRowContext(ctx, `SELECT moved_from, opened_at FROM account WHERE building_id = $1 AND account_id = $2 AND opened_at < $3
			ORDER BY opened_at DESC LIMIT 1`, from, a.AccountID, int64(a.OpenedAt)).Scan(&next, &opened))
		if err != nil {
			return nil, err
		}
		if a.OpenedAt = calendar.Micros(opened); next == from {
			return list, nil
		}
		from = next
	}
	return list, nil
}
