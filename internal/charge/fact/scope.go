package fact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Scope is some households of a building and all accounts that ever were theirs. Nil is the whole building.
type Scope struct {
	Households []int64
	Accounts   []int64
	House      bool // the meters of the house itself too

	closed bool // completed already
	served bool // somebody of it is or was charged for a service
}

// single is the household the scope is of, when it is one and nothing else.
func (s *Scope) single() int64 {
	if s == nil || len(s.Households) != 1 || len(s.Accounts) > 0 {
		return 0
	}
	return s.Households[0]
}

// has tells whether a household is named, by itself or by one of its accounts.
func (s *Scope) has(h *Household) bool {
	return slices.Contains(s.Households, h.ID) || slices.ContainsFunc(h.Subs, func(x Sub) bool { return slices.Contains(s.Accounts, x.AccountID) })
}

// narrow puts the scope in the places of a query that ask for it.
func (s *Scope) narrow(query string, args []any) (string, []any) {
	household, account := "", ""
	if s != nil && strings.Contains(query, "{household}") {
		household = " AND " + db.In("household_id", append([]int64{0}, s.Households...), &args)
	}
	if s != nil && strings.Contains(query, "{account}") {
		accounts := s.Accounts
		if s.House {
			accounts = append([]int64{0}, accounts...)
		}
		account = " AND " + db.In("account_id", accounts, &args)
	}
	return strings.NewReplacer("{household}", household, "{account}", account).Replace(query), args
}

// scopeMax is how many accounts one scope has at most: beyond, the whole building is read.
const scopeMax = 1000

// changedRows are the households and accounts that facts of a building recorded in a time are about; -1 is the house.
const changedRows = `SELECT -1, 0 FROM charge_house WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT -1, 0 FROM charge_resource WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT -1, 0 FROM charge_measured WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT household_id, 0 FROM charge_premises WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT household_id, 0 FROM charge_stay WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT household_id, account_id FROM charge_subscription WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT 0, account_id FROM charge_meter WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT 0, m.account_id FROM charge_reading r JOIN charge_meter m ON m.building_id = r.building_id AND m.meter_id = r.meter_id
		WHERE r.building_id = $1 AND r.recorded_at > $2 AND r.recorded_at <= $3
	UNION SELECT 0, account_id FROM charge_volume WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3
	UNION SELECT CASE WHEN household_id = 0 AND account_id = 0 THEN -1 ELSE household_id END, account_id FROM charge_fact
		WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3`

// Changed gives the households of a building that facts recorded after a moment, up to another, are about, and those of
// more accounts; nil when the house itself changed, or too many of them.
func Changed(ctx context.Context, tx *db.Tx, building int64, after, at calendar.Micros, accounts []int64) (*Scope, error) {
	s, house, touched := &Scope{Accounts: slices.Clone(accounts)}, false, int64(0)
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM charge_touch WHERE building_id = $1 AND recorded_at > $2 AND recorded_at <= $3", building, int64(after), int64(at)).Scan(&touched)
	if err != nil {
		return nil, fmt.Errorf("touches of building %d: %w", building, err)
	}
	if touched == 0 && len(accounts) == 0 {
		return s, nil
	}
	err = tx.Scan(ctx, changedRows, []any{building, int64(after), int64(at)}, func(v []int64, _ []byte) error {
		house = house || v[0] < 0
		s.Households, s.Accounts = append(s.Households, max(v[0], 0)), append(s.Accounts, v[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what changed in building %d: %w", building, err)
	}
	if house || len(s.Households)+len(s.Accounts) > scopeMax {
		return nil, nil
	}
	s.tidy()
	if err := s.complete(ctx, tx, building); err != nil || len(s.Accounts) > scopeMax {
		return nil, err
	}
	return s, nil
}

// complete adds the households that the accounts are or were in, and all accounts that are or were in the households,
// until there are no more: what an account was charged is compared where it is now.
func (s *Scope) complete(ctx context.Context, tx *db.Tx, building int64) error {
	if s.closed {
		return nil
	}
	for known := -1; known != len(s.Households)+len(s.Accounts) && known <= scopeMax; {
		known = len(s.Households) + len(s.Accounts)
		var fits []string
		args := []any{building}
		if len(s.Accounts) > 0 {
			fits = append(fits, db.In("account_id", s.Accounts, &args))
		}
		if len(s.Households) > 0 {
			fits = append(fits, db.In("household_id", s.Households, &args))
		}
		if len(fits) == 0 {
			return nil
		}
		err := tx.Scan(ctx, "SELECT DISTINCT household_id, account_id FROM charge_subscription WHERE building_id = $1 AND ("+strings.Join(fits, " OR ")+")", args,
			func(v []int64, _ []byte) error {
				s.Households, s.Accounts, s.served = append(s.Households, v[0]), append(s.Accounts, v[1]), true
				return nil
			})
		if err != nil {
			return fmt.Errorf("households of building %d: %w", building, err)
		}
		s.tidy()
	}
	s.closed = true
	return nil
}

// tidy sorts the ids and drops zeros and what is there twice.
func (s *Scope) tidy() {
	for _, ids := range []*[]int64{&s.Households, &s.Accounts} {
		slices.Sort(*ids)
		*ids = slices.DeleteFunc(slices.Compact(*ids), func(id int64) bool { return id == 0 })
	}
}
