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
