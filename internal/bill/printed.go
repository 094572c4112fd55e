package bill

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"kvit/internal/billpdf"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/housing"
)

// IssuedHouse is a house with bills issued for a month.
type IssuedHouse struct {
	Building int64
	Code     string // of the register of houses
	Address  string
}

// ListIssuedHouses gives the houses with bills issued for a month, as people look for them: by address.
func (m *Module) ListIssuedHouses(ctx context.Context, month calendar.Month) (list []IssuedHouse, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		var ids []int64
		if err := tx.Scan(ctx, "SELECT DISTINCT building_id FROM bill_snapshot WHERE month = $1 AND building_id > 0 ORDER BY building_id", []any{int64(month)}, func(v []int64, _ []byte) error {
			ids = append(ids, v[0])
			return nil
		}); err != nil {
			return err
		}
		for _, id := range ids {
			b, err := housing.FindBuilding(ctx, tx, id)
			if err != nil {
				return err
			}
			list = append(list, IssuedHouse{id, b.Code, b.Address()})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("houses with bills of %s: %w", month, err)
	}
	slices.SortStableFunc(list, func(x, y IssuedHouse) int { return cmp.Compare(x.Address, y.Address) })
	return list, nil
}

// IssuedOf gives the bills of a house as they were issued for a month, the newest version of each that was not withdrawn, in
// order of flats. skip leaves households out.
func (m *Module) IssuedOf(ctx context.Context, building int64, month calendar.Month, skip func(household int64) bool) (bills []*Bill, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		bills = nil
		rows, err := tx.QueryContext(ctx, "SELECT "+snapshotColumns+` FROM bill_snapshot s WHERE s.building_id = $1 AND s.month = $2
			AND NOT EXISTS (SELECT 1 FROM bill_snapshot n WHERE n.building_id = s.building_id AND n.household_id = s.household_id AND n.month = s.month AND n.version > s.version)
			AND NOT EXISTS (SELECT 1 FROM bill_withdrawal w WHERE w.building_id = s.building_id AND w.household_id = s.household_id AND w.month = s.month AND w.version = s.version)
			ORDER BY s.household_id`, building, int64(month))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			s, err := scanSnapshot(rows.Scan)
			if err != nil {
				return err
			}
			if skip(s.ref.Household) {
				continue
			}
			b, err := s.bill()
			if err != nil {
				return err
			}
			b.Issued = m.told(&s)
			bills = append(bills, b)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("bills of a house: %w", err)
	}
	slices.SortStableFunc(bills, func(x, y *Bill) int { return cmp.Or(byNumber(x.Flat, y.Flat), byNumber(x.Room, y.Room)) })
	return bills, nil
}

// PrintSheaf writes the papers of bills one after another, of households that pay by codes made in one go. Each begins on a
// leaf of its own when they are printed on both sides.
func (m *Module) PrintSheaf(ctx context.Context, w io.Writer, bills []*Bill) error {
	refs := make([]Ref, len(bills))
	for i, b := range bills {
		refs[i] = Ref{b.BuildingID, b.HouseholdID}
	}
	if err := m.MakeCodes(ctx, refs); err != nil {
		return err
	}
	docs := make([]billpdf.Document, len(bills))
	for i, b := range bills {
		d, err := m.Document(ctx, b)
		if err != nil {
			return err
		}
		d.Duplex = true
		docs[i] = d
	}
	return billpdf.Render(w, docs)
}
