package app

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/person"
)

// demoPeople makes persons of the residents the demo lets in: each has a telephone, the first one that after n, and his home.
func (a *App) demoPeople(ctx context.Context, n int, actors []access.Actor) error {
	for i := range actors {
		x := &actors[i]
		if x.Role != access.Resident {
			continue
		}
		n++
		id, _, err := a.People.ByContact(ctx, person.Phone, fmt.Sprintf("+7900000%04d", n))
		if err != nil {
			return err
		}
		home, err := a.People.AddHome(ctx, person.Home{
			PersonID: id, Building: x.BuildingID, Household: x.HouseholdID, Role: person.Owner, Rights: access.AllRights, Proof: "demo", Actor: "demo",
		})
		if err != nil {
			return err
		}
		x.UserID, x.HomeID, x.Rights = id, home, access.AllRights
	}
	return nil
}
