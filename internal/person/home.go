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

// Word is what people call a role.
func (r Role) Word() string {
	return map[Role]string{Owner: "собственник", Tenant: "наниматель", Trusted: "доверенное лицо", Payer: "плательщик"}[r]
}

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
	if h.Title, err = title(h.Title); err != nil {
		return 0, err
	}
	if h.ID, err = m.db.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		id, err = m.addHome(ctx, tx, h)
		return err
	})
	return id, err
}

// addHome writes a home under its number; of a person who has it already it gives that one, with the wider rights of the two.
func (m *Module) addHome(ctx context.Context, tx *db.Tx, h Home) (id int64, err error) {
	h.AddedAt = m.now()
	list, err := listHomes(ctx, tx, "person_id = $1", h.PersonID)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(list, func(x Home) bool { return x.same(&h) }); i >= 0 {
		if !h.wider(&list[i], m.Today()) {
			return list[i].ID, nil
		}
		if err := m.closeHome(ctx, tx, h.Actor, &list[i]); err != nil {
			return 0, err
		}
	} else if len(list) >= HomesMax {
		return 0, fault.Newf(fault.Conflict, "home.many", "Больше %d адресов добавить нельзя. Уберите лишний.", HomesMax).WithField("number")
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO person_home (home_id, person_id, building_id, household_id, account_id, role, rights, valid_from, valid_to, proof, given_by, title, actor, added_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)`, h.ID, h.PersonID, h.Building, h.Household, h.Account, string(h.Role), string(h.Rights),
		int64(h.From), int64(h.To), h.Proof, h.GivenBy, h.Title, h.Actor, int64(h.AddedAt))
	if err != nil {
		return 0, fmt.Errorf("add a home: %w", err)
	}
	return h.ID, audit.Record(ctx, tx, h.AddedAt, h.Actor, "person.home.added", Text(h.PersonID), map[string]any{"home": h.ID, "role": h.Role, "rights": h.Rights})
}

// CloseHome takes a home from a person; one that is gone stays so.
func (m *Module) CloseHome(ctx context.Context, actor string, person, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listHomes(ctx, tx, "person_id = $1 AND home_id = $2", person, id)
		if err != nil || len(list) == 0 {
			return err
		}
		return m.loseHome(ctx, tx, actor, &list[0])
	})
}

// loseHome closes a home for good, with what its person had agreed there.
func (m *Module) loseHome(ctx context.Context, tx *db.Tx, actor string, h *Home) error {
	if err := m.dropAgreements(ctx, tx, h); err != nil {
		return err
	}
	return m.closeHome(ctx, tx, actor, h)
}

func (m *Module) closeHome(ctx context.Context, tx *db.Tx, actor string, h *Home) error {
	now := m.now()
	res, err := tx.ExecContext(ctx, "UPDATE person_home SET closed_at = $3 WHERE person_id = $1 AND home_id = $2 AND closed_at = 0", h.PersonID, h.ID, int64(now))
	if err != nil {
		return fmt.Errorf("close a home: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, now, actor, "person.home.closed", Text(h.PersonID), map[string]int64{"home": h.ID})
}

// choose gives the home a person looks at: the chosen one while it may be opened, else the first he lives in or was let into,
// else one he lived in, else one he only pays for.
func choose(list []Home, chosen int64, day calendar.Date) *Home {
	rank := func(h *Home) int {
		rights := h.RightsOn(day)
		switch {
		case h.Household == 0 || rights == "":
			return 0
		case h.ID == chosen:
			return 4
		case !rights.Has(access.See):
			return 1
		case h.Over(day):
			return 2
		}
		return 3
	}
	var best *Home
	for i := range list {
		if r := rank(&list[i]); r > 0 && (best == nil || r > rank(best)) {
			best = &list[i]
		}
	}
	return best
}

// Find gives a home of a person that stands, or NotFound.
func (m *Module) Find(ctx context.Context, person, id int64) (h Home, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listHomes(ctx, tx, "person_id = $1 AND home_id = $2", person, id)
		if err == nil && len(list) == 0 {
			err = errNotThere
		}
		if err == nil {
			h = list[0]
		}
		return err
	})
	return h, err
}

// Place is a household people have.
type Place struct{ Building, Household int64 }

// Households lists the households that have people, in order after one of them, at most so many.
func Households(ctx context.Context, tx *db.Tx, building, household int64, limit int) (list []Place, err error) {
	err = tx.Scan(ctx, `SELECT DISTINCT building_id, household_id FROM person_home WHERE closed_at = 0 AND household_id <> 0 AND (building_id, household_id) > ($1, $2)
		ORDER BY building_id, household_id LIMIT $3`, []any{building, household, limit}, func(v []int64, _ []byte) error {
		list = append(list, Place{v[0], v[1]})
		return nil
	})
	return list, err
}

// Inhabited gives those of places that have people.
func Inhabited(ctx context.Context, tx *db.Tx, places []Place) (map[Place]bool, error) {
	found := map[Place]bool{}
	for chunk := range slices.Chunk(places, chunkMax) {
		homes, args := make([]int64, len(chunk)), []any{}
		for i, p := range chunk {
			homes[i] = p.Household
		}
		err := tx.Scan(ctx, "SELECT DISTINCT building_id, household_id FROM person_home WHERE closed_at = 0 AND "+db.In("household_id", homes, &args), args, func(v []int64, _ []byte) error {
			found[Place{v[0], v[1]}] = true
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("homes with people: %w", err)
		}
	}
	return found, nil
}

// chunkMax bounds the places one statement names.
const chunkMax = 500
