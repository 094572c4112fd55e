package app

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/match"
	"kvit/internal/person"
)

// demoDoubtPhone is of the owner of a flat whose other account the centre could not join by itself.
const demoDoubtPhone = "+79000009010"

// demoProposals lets the owner of a flat in whose house an account waits in doubt meet it as a proposal. Where the files of the
// demo leave no doubt there is nobody to meet one.
func (a *App) demoProposals(ctx context.Context, known []access.Actor) error {
	ref, err := a.doubtedFlat(ctx, known)
	if err == nil && ref != (bill.Ref{}) {
		_, _, err = a.demoOwner(ctx, demoDoubtPhone, ref)
	}
	return err
}

// doubtedFlat is the household somebody else's account is proposed to, and none of the known residents'.
func (a *App) doubtedFlat(ctx context.Context, known []access.Actor) (bill.Ref, error) {
	taken := map[bill.Ref]bool{{}: true}
	for _, k := range known {
		taken[bill.Ref{Building: k.BuildingID, Household: k.HouseholdID}] = true
	}
	refs, err := a.besideDoubts(ctx)
	if err != nil {
		return bill.Ref{}, err
	}
	for _, ref := range refs {
		if taken[ref] {
			continue
		}
		taken[ref] = true
		list, err := a.proposals().List(ctx, ref.Building, ref.Household)
		if err != nil || len(list) > 0 {
			return ref, err
		}
	}
	return bill.Ref{}, nil
}

// doubtsSeen is how many doubts the demo looks through.
const doubtsSeen = 50

// besideDoubts are the households of accounts that accounts in doubt are near to.
func (a *App) besideDoubts(ctx context.Context) (refs []bill.Ref, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		refs = nil
		reviews, err := match.ListReviews(ctx, tx, 0, match.ReviewOpen, doubtsSeen)
		if err != nil {
			return err
		}
		for _, r := range reviews {
			for _, near := range append(r.Near, r.AccountID) {
				building, household, err := account.HouseholdOf(ctx, tx, account.Route{BuildingID: r.BuildingID, AccountID: near}, a.now())
				if err != nil {
					return err
				}
				refs = append(refs, bill.Ref{Building: building, Household: household})
			}
		}
		return nil
	})
	return refs, err
}

// proposalStates is the page of the flat's other accounts with one to decide about.
func (a *App) proposalStates(ctx context.Context) ([]demoState, error) {
	who, _, err := a.People.ByContact(ctx, person.Phone, demoDoubtPhone)
	if err != nil {
		return nil, err
	}
	homes, err := a.People.Homes(ctx, who)
	if err != nil || len(homes) == 0 {
		return nil, err
	}
	return []demoState{{page: "Другие счета квартиры", state: "счёт предложен, с причинами", href: "/accounts/flats", as: access.Actor{Role: access.Resident, Name: "житель", UserID: who}}}, nil
}
