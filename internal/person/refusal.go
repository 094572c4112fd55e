package person

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/db"
)

// Refuse notes that an account is not wanted in the bill of the actor's home, with a digest of what is known of it now.
func (m *Module) Refuse(ctx context.Context, a access.Actor, account int64, digest string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO person_refusal (building_id, household_id, account_id, digest, person_id, refused_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (building_id, household_id, account_id) DO UPDATE SET digest = excluded.digest, person_id = excluded.person_id, refused_at = excluded.refused_at`,
			a.BuildingID, a.HouseholdID, account, digest, a.UserID, int64(m.now()))
		if err != nil {
			return fmt.Errorf("refuse an account: %w", err)
		}
		return nil
	})
}

// Refused are the accounts that are not wanted in the bill of a home, with what was known of each then.
func (m *Module) Refused(ctx context.Context, building, household int64) (digests map[int64]string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		digests = map[int64]string{}
		rows, err := tx.QueryContext(ctx, "SELECT account_id, digest FROM person_refusal WHERE building_id = $1 AND household_id = $2", building, household)
		if err != nil {
			return fmt.Errorf("list refused accounts: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var account int64
			var digest string
			if err := rows.Scan(&account, &digest); err != nil {
				return err
			}
			digests[account] = digest
		}
		return rows.Err()
	})
	return digests, err
}

// Inhabited are the people who live with each household of a building, by household.
func (m *Module) Inhabited(ctx context.Context, building int64) (people map[int64][]int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listHomes(ctx, tx, "building_id = $1 AND household_id <> 0", building)
		people = map[int64][]int64{}
		for i := range list {
			if h := &list[i]; h.Lives() && !h.Over(m.Today()) {
				people[h.Household] = append(people[h.Household], h.PersonID)
			}
		}
		return err
	})
	return people, err
}
