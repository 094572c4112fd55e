package app

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// Review is a doubtful join as the command line tells it: whose account, in which house, beside which accounts.
type Review struct {
	match.StoredReview
	House    string   `json:"house"` // as the register names it; empty when the account is in no house
	Supplier string   `json:"supplier"`
	Account  string   `json:"account"`
	With     []string `json:"with"` // the accounts the doubt is about, «supplier:account»
}

// ListReviews gives the doubts that wait for a person, oldest first.
func (a *App) ListReviews(ctx context.Context, limit int) (list []Review, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Review{}
		open, err := match.ListReviews(ctx, tx, 0, match.ReviewOpen, limit)
		if err != nil {
			return err
		}
		for i := range open {
			x := Review{StoredReview: open[i], With: []string{}}
			if x.Supplier, x.Account, err = a.printed(ctx, tx, x.BuildingID, x.AccountID); err != nil {
				return err
			}
			if x.BuildingID > 0 {
				house, err := housing.FindBuilding(ctx, tx, x.BuildingID)
				if err != nil {
					return err
				}
				x.House = house.Code
			}
			for _, id := range x.Near {
				code, number, err := a.printed(ctx, tx, x.BuildingID, id)
				if err != nil {
					return err
				}
				x.With = append(x.With, code+":"+number)
			}
			list = append(list, x)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list reviews: %w", err)
	}
	return list, nil
}

// printed names an account as its supplier prints it.
func (a *App) printed(ctx context.Context, tx *db.Tx, building, id int64) (code, number string, err error) {
	m, err := account.FindMember(ctx, tx, building, id, a.now())
	if err != nil {
		return "", "", err
	}
	s, err := supplier.FindByID(ctx, tx, m.SupplierID)
	return s.Code, m.Claim.Printed, err
}
