package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// claim is an account as its supplier describes it.
type claim struct {
	id     int64
	number string
	flat   string
	room   string
	said   account.Evidence
}

// claimsOf are the accounts of a supplier in a house.
func claimsOf(ctx context.Context, tx *db.Tx, supplierID, house int64) (list []claim, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT account_id, number, flat, room, evidence FROM v_account_place WHERE building_id = $1 AND supplier_id = $2 ORDER BY account_id", house, supplierID)
	if err != nil {
		return nil, fmt.Errorf("accounts of a house: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c claim
		var said string
		if err := rows.Scan(&c.id, &c.number, &c.flat, &c.room, &said); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(said), &c.said); err != nil {
			return nil, fmt.Errorf("evidence of account %d: %w", c.id, err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// accountsOf are the accounts of a house as objects: an account that was changed is told again.
func (m *Module) accountsOf(ctx context.Context, tx *db.Tx, s *supplier.Supplier, house *housing.Building) ([]object, error) {
	claims, err := claimsOf(ctx, tx, s.ID, house.ID)
	if err != nil {
		return nil, err
	}
	ended, err := m.endedOf(ctx, tx, s.ID, house.ID)
	if err != nil {
		return nil, err
	}
	var list []object
	for i := range claims {
		c := &claims[i]
		body := accountBody(s.GIS.Role, c, house.GUID)
		if day, closed := ended[c.id]; closed {
			if day == 0 {
				continue
			}
			body.Closed = &gis.Closing{Reason: gis.Ref{Name: s.GIS.ClosingReason()}, On: day.String()}
		}
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		digest := sha256.Sum256(text)
		fact := fmt.Sprintf("%d/%s", c.id, hex.EncodeToString(digest[:8]))
		list = append(list, newObject(s.ID, gis.KindAccount, fmt.Sprint("account:", c.id), fact, c.id, body))
	}
	return list, nil
}

// endedOf are the accounts of a house that took their last service before today, with its last day; 0: ГИС ЖКХ never
// knew them, and they ended before the time it is told of.
func (m *Module) endedOf(ctx context.Context, tx *db.Tx, supplierID, house int64) (map[int64]calendar.Date, error) {
	ended := map[int64]calendar.Date{}
	var keys []string
	err := tx.Scan(ctx, "SELECT account_id, ended_on FROM v_account_ended WHERE building_id = $1 AND ended_on < $2", []any{house, int64(m.today())}, func(v []int64, _ []byte) error {
		ended[v[0]], keys = calendar.Date(v[1]), append(keys, accountKey(v[0]))
		return nil
	})
	if err != nil || len(ended) == 0 {
		return ended, err
	}
	known, err := listAliases(ctx, tx, supplierID, aliasAccount, keys)
	for id, day := range ended {
		if known[accountKey(id)] == "" && day < m.since() {
			ended[id] = 0
		}
	}
	return ended, err
}

func accountBody(role string, c *claim, house string) *gis.Account {
	a := &gis.Account{Number: c.number, Accommodation: []gis.Accommodation{{HouseGUID: house}}}
	switch role {
	case gis.RoleUO:
		a.IsUO = true
	case gis.RoleRSO:
		a.IsRSO = true
	case gis.RoleCR:
		a.IsCR = true
	case gis.RoleRC:
		a.IsRC = true
	case gis.RoleOGV:
		a.IsOGV = true
	case gis.RoleTKO:
		a.IsTKO = true
	}
	if c.said.Residents != nil {
		a.Persons = strconv.Itoa(*c.said.Residents)
	}
	if c.said.Area > 0 {
		a.TotalArea = short(decimal.Decimal(c.said.Area), 4)
	}
	return a
}

// short writes a figure with at most so many digits after the point.
func short(d decimal.Decimal, digits uint8) string {
	scale := int64(1)
	for range 7 - digits {
		scale *= 10
	}
	half := scale / 2
	if d < 0 {
		half = -half
	}
	return decimal.Decimal((int64(d) + half) / scale * scale).String()
}
