package person

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Shares say who pays for which service of a home: its owner or its tenant.
type Shares map[string]Role

// Shared tells whether an owner and a tenant live in a home on a day: only then its services are shared.
func Shared(people []Home, day calendar.Date) bool {
	owner, tenant := false, false
	for i := range people {
		h := &people[i]
		if h.Pending() || h.Over(day) || h.From > day {
			continue
		}
		owner, tenant = owner || h.Role == Owner, tenant || h.Role == Tenant
	}
	return owner && tenant
}

// SharesOf gives what was agreed about the services of a home, and whether it is shared at all today. Without an agreement about a
// service the owner pays for capital repair and the tenant for the rest (ЖК РФ ст. 153 ч. 2 п. 5, ст. 155, ст. 169; the
// contract of letting may say otherwise).
func (m *Module) SharesOf(ctx context.Context, building, household int64) (shares Shares, shared bool, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2", building, household)
		if err != nil {
			return err
		}
		if shared = Shared(people, m.Today()); shared {
			shares, err = listShares(ctx, tx, building, household)
		}
		return err
	})
	return shares, shared, err
}

func listShares(ctx context.Context, tx *db.Tx, building, household int64) (Shares, error) {
	rows, err := tx.QueryContext(ctx, "SELECT service, role FROM person_share WHERE building_id = $1 AND household_id = $2", building, household)
	if err != nil {
		return nil, fmt.Errorf("list shares: %w", err)
	}
	defer rows.Close()
	shares := Shares{}
	for rows.Next() {
		var service string
		var role Role
		if err := rows.Scan(&service, &role); err != nil {
			return nil, err
		}
		shares[service] = role
	}
	return shares, rows.Err()
}

// Of is who pays for a service; capital tells that it is capital repair.
func (s Shares) Of(service string, capital bool) Role {
	if role, agreed := s[service]; agreed {
		return role
	}
	if capital {
		return Owner
	}
	return Tenant
}

// Share stores who pays for the services of the home its actor owns.
func (m *Module) Share(ctx context.Context, a access.Actor, shares Shares) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		mine, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND person_id = $3", a.BuildingID, a.HouseholdID, a.UserID)
		if err != nil {
			return err
		}
		if len(mine) == 0 || mine[0].Role != Owner || !mine[0].Manages(m.Today()) {
			return fault.New(fault.Forbidden, "share.owner", "Кто за что платит, решает собственник.")
		}
		for service, role := range shares {
			_, err := tx.ExecContext(ctx, `INSERT INTO person_share (building_id, household_id, service, role, person_id, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (building_id, household_id, service) DO UPDATE SET role = excluded.role, person_id = excluded.person_id, decided_at = excluded.decided_at`,
				a.BuildingID, a.HouseholdID, service, string(role), a.UserID, int64(m.now()))
			if err != nil {
				return fmt.Errorf("share services: %w", err)
			}
		}
		return audit.Record(ctx, tx, m.now(), a.String(), "person.share", fmt.Sprintf("home:%d/%d", a.BuildingID, a.HouseholdID), shares)
	})
}
