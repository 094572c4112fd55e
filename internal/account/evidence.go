package account

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Evidence is what a supplier's row says of whose account it is, kept in the claim: matching needs it again when
// other suppliers speak. Area is in units of 10⁻⁷ m².
type Evidence struct {
	Group        string `json:"g,omitempty"` // accounts of one printed house share it
	GroupAddress string `json:"ga,omitempty"`
	ELS          string `json:"els,omitempty"`
	FIO          string `json:"fio,omitempty"`
	Share        string `json:"sh,omitempty"`
	Address      string `json:"a,omitempty"`
	Locality     string `json:"l,omitempty"`
	Street       string `json:"s,omitempty"`
	StreetType   string `json:"t,omitempty"`
	House        string `json:"h,omitempty"`
	Korp         string `json:"k,omitempty"`
	Flat         string `json:"f,omitempty"`
	Room         string `json:"r,omitempty"`
	Area         int64  `json:"ar,omitempty"`
	Residents    *int   `json:"n,omitempty"`
}

// Encode is the stored form.
func (e *Evidence) Encode() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("evidence does not marshal: %v", err)) // plain strings and numbers
	}
	return b
}

// Decode reads the stored form.
func (c *Claim) Decode() (e Evidence, err error) {
	if err = json.Unmarshal(c.Evidence, &e); err != nil {
		err = fmt.Errorf("evidence of account %d: %w", c.AccountID, err)
	}
	return e, err
}

// FindHousehold gives the premises of a household as known at a moment.
func FindHousehold(ctx context.Context, tx *db.Tx, building, id int64, at calendar.Micros) (Household, error) {
	h := Household{BuildingID: building, HouseholdID: id}
	err := tx.QueryRowContext(ctx, `SELECT recorded_at, flat, room FROM household WHERE building_id = $1 AND household_id = $2 AND recorded_at <= $3
		ORDER BY recorded_at DESC LIMIT 1`, building, id, int64(at)).Scan(&h.RecordedAt, &h.Flat, &h.Room)
	return h, db.Fold(err)
}

// ListHouseholds gives the premises of the households of a stretch of buildings as known at a moment, by household.
func ListHouseholds(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) (map[int64]Household, error) {
	rows, err := tx.QueryContext(ctx, `SELECT h.building_id, h.household_id, h.recorded_at, h.flat, h.room FROM household h
		WHERE h.building_id BETWEEN $1 AND $2 AND h.recorded_at <= $3 AND NOT EXISTS (SELECT 1 FROM household n WHERE n.building_id = h.building_id
			AND n.household_id = h.household_id AND n.recorded_at > h.recorded_at AND n.recorded_at <= $3)`, first, last, int64(at))
	if err != nil {
		return nil, fmt.Errorf("list households: %w", err)
	}
	defer rows.Close()
	list := map[int64]Household{}
	for rows.Next() {
		var h Household
		if err := rows.Scan(&h.BuildingID, &h.HouseholdID, &h.RecordedAt, &h.Flat, &h.Room); err != nil {
			return nil, err
		}
		list[h.HouseholdID] = h
	}
	return list, rows.Err()
}

// Inhabited is a building with how many households it has.
type Inhabited struct {
	BuildingID int64
	Households int64
}

// ListInhabited gives the buildings of the register that have households, by id.
func ListInhabited(ctx context.Context, tx *db.Tx) (list []Inhabited, err error) {
	err = tx.Scan(ctx, "SELECT building_id, CAST(count(DISTINCT household_id) AS BIGINT) FROM household WHERE building_id > 0 GROUP BY building_id ORDER BY building_id", nil,
		func(v []int64, _ []byte) error {
			list = append(list, Inhabited{v[0], v[1]})
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("list inhabited buildings: %w", err)
	}
	return list, nil
}
