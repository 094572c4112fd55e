package app

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/person"
)

// demoParts fills the states of homes whose people share a bill: two who agreed, and two of whom one waits for the other's word.
func (a *App) demoParts(ctx context.Context, flats []person.Home) error {
	for i, pair := range [][2]string{{demoWifePhone, demoHusbandPhone}, {demoOffersPhone, demoOfferedPhone}} {
		if len(flats) < 3+i {
			return nil // the house has no more flats that owe
		}
		ref := bill.Ref{Building: flats[2+i].Building, Household: flats[2+i].Household}
		if err := a.demoPair(ctx, ref, pair, i == 0); err != nil {
			return fmt.Errorf("demo of shared bills: %w", err)
		}
	}
	return nil
}

func (a *App) demoPair(ctx context.Context, ref bill.Ref, phones [2]string, agreed bool) error {
	var pair [2]access.Actor
	for i, phone := range phones {
		who, home, err := a.demoOwner(ctx, phone, ref)
		if err != nil {
			return err
		}
		pair[i] = access.Actor{Role: access.Resident, UserID: who, HomeID: home, BuildingID: ref.Building, HouseholdID: ref.Household, Rights: access.AllRights}
	}
	offer, err := a.People.Propose(ctx, "demo-agreement-"+phones[0], pair[0], person.ByPercent, []person.Part{{PersonID: pair[0].UserID, Percent: 6_000}, {PersonID: pair[1].UserID, Percent: 4_000}})
	if err != nil || !agreed {
		return err
	}
	_, waits, err := a.People.AgreementsOf(ctx, pair[1])
	if err != nil || waits == nil || waits.ID != offer.ID {
		return err // agreed by an earlier start
	}
	b, err := a.Bills.At(ctx, ref, 0)
	if err != nil {
		return err
	}
	month, _ := calendar.ParseMonth(b.Month) // 0 where nothing is billed yet
	return a.People.Answer(ctx, pair[1], offer.ID, true, month)
}
