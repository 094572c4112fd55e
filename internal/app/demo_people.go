package app

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/person"
)

// Telephones of the demo's people.
const (
	demoFamilyPhone = "+79000000001"
	demoPayerPhone  = "+79000009001"
)

// demoPeople makes persons of the residents the demo lets in: each has a telephone, the first one that after n, and his home.
func (a *App) demoPeople(ctx context.Context, n int, actors []access.Actor) (err error) {
	for i := range actors {
		x := &actors[i]
		if x.Role != access.Resident {
			continue
		}
		n++
		phone := fmt.Sprintf("+7900000%04d", n)
		if x.UserID != 0 {
			phone = demoPayerPhone // he has paid already
		}
		if x.UserID, x.HomeID, err = a.demoOwner(ctx, phone, bill.Ref{Building: x.BuildingID, Household: x.HouseholdID}); err != nil {
			return err
		}
		x.Rights = access.AllRights
	}
	return nil
}

// demoOwner is the person of a telephone who owns a home; again it is the same one.
func (a *App) demoOwner(ctx context.Context, phone string, ref bill.Ref) (who, home int64, err error) {
	if who, _, err = a.People.ByContact(ctx, person.Phone, phone); err != nil {
		return 0, 0, err
	}
	home, err = a.People.AddHome(ctx, person.Home{
		PersonID: who, Building: ref.Building, Household: ref.Household, Role: person.Owner, Rights: access.AllRights, Proof: "demo", Actor: "demo",
	})
	return who, home, err
}
