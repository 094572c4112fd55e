package bill

import (
	"context"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// keys are the letters of a telephone's keys (ITU-T E.161).
var keys = strings.NewReplacer("A", "2", "B", "2", "C", "2", "D", "3", "E", "3", "F", "3", "G", "4", "H", "4", "I", "4", "J", "5", "K", "5", "L", "5", "M", "6", "N", "6", "O", "6",
	"P", "7", "Q", "7", "R", "7", "S", "7", "T", "8", "U", "8", "V", "8", "W", "9", "X", "9", "Y", "9", "Z", "9")

// Keys is a code as the keys of a telephone that carry its signs.
func Keys(code string) string { return keys.Replace(FoldCode(code)) }

// FindByKeypad gives the household that an account's number and the code of its bill, pressed as keys, open together. Everything
// else is the same NotFound. Whoever asks must count misses: eight keys are 24 bits.
func (m *Module) FindByKeypad(ctx context.Context, number, pressed string) (ref Ref, err error) {
	secret, err := m.secret.Of(ctx, m.db)
	if err != nil {
		return ref, err
	}
	found := false
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ref, found = Ref{}, false
		suppliers, err := supplier.List(ctx, tx)
		for i := 0; i < len(suppliers) && err == nil && !found; i++ {
			var r Ref
			if r, err = m.householdOf(ctx, tx, suppliers[i].ID, number); err == nil && r.Household != 0 {
				var epoch int
				if epoch, err = epochOf(ctx, tx, r); err == nil && len(pressed) == typedLength && Keys(derive(secret, r, epoch).Typed) == pressed {
					ref, found = r, true
				}
			}
		}
		return err
	})
	if err == nil && !found {
		err = errCode
	}
	return ref, err
}

// householdOf is the household of a supplier's account as its number is printed; the zero Ref when there is none.
func (m *Module) householdOf(ctx context.Context, tx *db.Tx, supplierID int64, number string) (ref Ref, err error) {
	route, err := account.FindPrinted(ctx, tx, supplierID, number)
	if fault.Is(err, fault.NotFound) {
		return ref, nil
	}
	if err != nil {
		return ref, err
	}
	key := account.Key{BuildingID: route.BuildingID, ID: route.AccountID}
	households, err := account.ListHouseholdsOf(ctx, tx, []account.Key{key})
	return Ref{Building: route.BuildingID, Household: households[key]}, err
}
