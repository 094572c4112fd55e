package person

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Role is what a person is to a home.
type Role string

// Roles at home (reliability.md section 7).
const (
	Owner   Role = "owner"   // собственник
	Tenant  Role = "tenant"  // наниматель
	Trusted Role = "trusted" // доверенное лицо: let in by an owner or a tenant
	Payer   Role = "payer"   // плательщик: has a paper of it, pays, sees what is due
)

// Home is a home of a person: a household, or an account in nobody's basket (Household 0).
type Home struct {
	ID        int64
	PersonID  int64
	Building  int64
	Household int64
	Account   int64
	Role      Role
	Rights    access.Rights
	From, To  calendar.Date // of his own time there, both included; 0: no bound
	Proof     string        // what was shown: «code», «paper», «person», «demo»
	GivenBy   int64         // the person who let him in; 0: a paper did
	Title     string        // his own name of it
	Actor     string        // who added it, for the record
	AddedAt   calendar.Micros
}

// HomesMax is how many homes one person may have.
const HomesMax = 30

const homeColumns = "home_id, person_id, building_id, household_id, account_id, role, rights, valid_from, valid_to, proof, given_by, title, actor, added_at"

func scanHome(row interface{ Scan(...any) error }) (h Home, err error) {
	err = row.Scan(&h.ID, &h.PersonID, &h.Building, &h.Household, &h.Account, &h.Role, &h.Rights, &h.From, &h.To, &h.Proof, &h.GivenBy, &h.Title, &h.Actor, &h.AddedAt)
	return h, err
}

// same tells whether it is the same place.
func (h *Home) same(other *Home) bool {
	return h.Building == other.Building && h.Household == other.Household && h.Account == other.Account
}

// Homes are the homes of a person that stand, in the order they came.
func (m *Module) Homes(ctx context.Context, person int64) (list []Home, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listHomes(ctx, tx, "person_id = $1", person)
		return err
	})
	return list, err
}

// People are the homes as others have them: who may open a household.
func (m *Module) People(ctx context.Context, building, household int64) (list []Home, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listHomes(ctx, tx, "building_id = $1 AND household_id = $2", building, household)
		return err
	})
	return list, err
}

func listHomes(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Home, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+homeColumns+" FROM person_home WHERE closed_at = 0 AND "+where+" ORDER BY home_id", args...)
	if err != nil {
		return nil, fmt.Errorf("list homes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		h, err := scanHome(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// AddHome gives a person a home, its proof shown. The same home again gives the one he has.
func (m *Module) AddHome(ctx context.Context, h Home) (id int64, err error) {
	if id, err = m.db.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	h.ID, h.AddedAt = id, m.now()
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listHomes(ctx, tx, "person_id = $1", h.PersonID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(list, func(x Home) bool { return x.same(&h) }); i >= 0 {
			id = list[i].ID
			return nil
		}
		if id = h.ID; len(list) >= HomesMax {
			return fault.Newf(fault.Conflict, "home.many", "Больше %d адресов добавить нельзя. Уберите лишний.", HomesMax)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO person_home (home_id, person_id, building_id, household_id, account_id, role, rights, valid_from, valid_to, proof, given_by, title, actor, added_at, closed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)`, h.ID, h.PersonID, h.Building, h.Household, h.Account, string(h.Role), string(h.Rights),
			int64(h.From), int64(h.To), h.Proof, h.GivenBy, h.Title, h.Actor, int64(h.AddedAt))
		if err != nil {
			return fmt.Errorf("add a home: %w", err)
		}
		return audit.Record(ctx, tx, h.AddedAt, h.Actor, "person.home.added", Text(h.PersonID), map[string]any{"home": h.ID, "role": h.Role, "rights": h.Rights})
	})
	return id, err
}

// CloseHome takes a home from a person; one that is gone stays so.
func (m *Module) CloseHome(ctx context.Context, actor string, person, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		now := m.now()
		res, err := tx.ExecContext(ctx, "UPDATE person_home SET closed_at = $3 WHERE person_id = $1 AND home_id = $2 AND closed_at = 0", person, id, int64(now))
		if err != nil {
			return fmt.Errorf("close a home: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "person.home.closed", Text(person), map[string]int64{"home": id})
	})
}

// Enter completes a person's actor with the home his session looks at: the chosen one while it stands, else his first. Of a
// person without homes it stays empty. It is asked with every request, so what was taken back opens nothing any more.
func (m *Module) Enter(ctx context.Context, a access.Actor) (access.Actor, error) {
	list, err := m.Homes(ctx, a.UserID)
	if err != nil {
		return a, err
	}
	chosen := a.HomeID
	a.HomeID, a.BuildingID, a.HouseholdID, a.Rights = 0, 0, 0, ""
	i := slices.IndexFunc(list, func(h Home) bool { return h.ID == chosen })
	if i < 0 {
		i = slices.IndexFunc(list, func(h Home) bool { return h.Household != 0 })
	}
	if i < 0 {
		return a, nil
	}
	h := &list[i]
	a.HomeID, a.BuildingID, a.HouseholdID, a.Rights = h.ID, h.Building, h.Household, h.Rights
	return a, nil
}
