package reading

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// MissingRow is an account's metered service without a reading for a month, and what that costs.
type MissingRow struct {
	Supplier string       `json:"supplier"`
	Account  string       `json:"account"`
	Service  string       `json:"service"`
	Name     string       `json:"name"`
	Method   string       `json:"method" enum:"average,normative"`
	Volume   string       `json:"volume"`
	Unit     string       `json:"unit,omitempty"`
	Sum      money.Amount `json:"sum"`             // what the month comes to without a reading
	Usual    money.Amount `json:"usual,omitempty"` // by its own average
	More     money.Amount `json:"more"`            // than its own average; zero where that is not known
	Then     string       `json:"then,omitempty"`  // first month charged by normative if no reading comes
	ThenSum  money.Amount `json:"thenSum,omitempty"`

	volume decimal.Decimal
}

// VolumeWords are the volume as people write it.
func (r *MissingRow) VolumeWords() string { return Figure(r.volume) + "\u00a0" + r.Unit }

// MissingQuery asks for what is not read.
type MissingQuery struct {
	Month    calendar.Month // 0 is the running one
	Supplier string         // code; '' all the actor sees
	Method   string         // average, normative; '' both
}

// Missing lists what is not read for a month, the costliest first: of the supplier's own accounts, or of all.
func (m *Module) Missing(ctx context.Context, actor access.Actor, q MissingQuery) ([]MissingRow, error) {
	scope, err := actor.Scope("reading", "missing")
	if err != nil {
		return nil, err
	}
	if q.Month == 0 {
		q.Month = m.Today().Month()
	}
	var buildings []int64
	if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		buildings, err = fact.List(ctx, tx)
		return err
	}); err != nil {
		return nil, err
	}
	rows := []MissingRow{}
	for _, building := range buildings {
		found, err := m.Charges.Missing(ctx, building, nil, q.Month)
		if err != nil {
			return nil, err
		}
		named, err := m.nameMissing(ctx, building, found, scope, &q)
		if err != nil {
			return nil, err
		}
		rows = append(rows, named...)
	}
	slices.SortStableFunc(rows, func(a, b MissingRow) int {
		return cmp.Or(cmp.Compare(max(b.More, b.ThenSum-b.Usual), max(a.More, a.ThenSum-a.Usual)), strings.Compare(a.Account, b.Account), strings.Compare(a.Service, b.Service))
	})
	return rows, nil
}

// nameMissing gives what was found the names of suppliers and accounts, and keeps what is asked for.
func (m *Module) nameMissing(ctx context.Context, building int64, found []charge.Missed, scope access.Scope, q *MissingQuery) (rows []MissingRow, err error) {
	var keys []account.Key
	for i := range found {
		keys = append(keys, account.Key{BuildingID: building, ID: found[i].AccountID})
	}
	if len(keys) == 0 {
		return nil, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		rows = nil
		accounts, err := account.ListByKeys(ctx, tx, keys)
		if err != nil {
			return err
		}
		codes, err := supplier.ListCodes(ctx, tx)
		for i := range found {
			a := accounts[account.Key{BuildingID: building, ID: found[i].AccountID}]
			if r := missingRow(&found[i]); scope.Sees(a.SupplierID) && (q.Supplier == "" || codes[a.SupplierID] == q.Supplier) && (q.Method == "" || r.Method == q.Method) {
				r.Supplier, r.Account = codes[a.SupplierID], a.Number
				rows = append(rows, r)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("missing readings of building %d: %w", building, err)
	}
	return rows, nil
}

func missingRow(x *charge.Missed) MissingRow {
	r := MissingRow{Service: x.Service, Name: x.Name, Method: "normative", Volume: x.Volume.String(), volume: x.Volume, Unit: x.Unit, Sum: x.Sum, ThenSum: x.ThenSum}
	if x.Method == calc.ByAverage {
		r.Method = "average"
	}
	if x.HasUsual {
		r.Usual, r.More = x.Usual, x.Sum-x.Usual
	}
	if x.Then != 0 {
		r.Then = x.Then.String()
	}
	return r
}

// warn says of cards without a reading when the normative begins and what it costs against the own average.
func (s *Sheet) warn(found []charge.Missed) {
	for i := range s.Cards {
		c := &s.Cards[i]
		for k := range found {
			if x := &found[k]; c.Missing != nil && x.AccountID == c.AccountID && x.Service == c.Service {
				c.Missing.More = x.Sum - x.Usual
				c.Missing.HasUsual, c.Missing.Then, c.Missing.ThenMore, c.Missing.ThenSum = x.HasUsual, x.Then, x.ThenSum-x.Usual, x.ThenSum
			}
		}
	}
}
