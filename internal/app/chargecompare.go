package app

import (
	"context"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// ChargeDifference is a difference between a supplier's charge and Kvit's as people read it.
type ChargeDifference struct {
	House     string       `json:"house"`
	Household string       `json:"household"`
	Flat      string       `json:"flat,omitempty"`
	Supplier  string       `json:"supplier"`
	Account   string       `json:"account"` // as printed
	Service   string       `json:"service"` // as the supplier names it; empty is the whole account
	Theirs    money.Amount `json:"theirs"`
	Ours      money.Amount `json:"ours"`
	Missing   bool         `json:"missing,omitempty"`
	Volume    Sides        `json:"volume"`
	Rate      Sides        `json:"rate"`
	Cause     charge.Cause `json:"cause"`
	Of        string       `json:"of,omitempty"`
}

// Sides is a figure of both; one that is not known is empty.
type Sides struct {
	Theirs string `json:"theirs,omitempty"`
	Ours   string `json:"ours,omitempty"`
}

func sides(theirs, ours *decimal.Decimal) (s Sides) {
	if theirs != nil {
		s.Theirs = theirs.String()
	}
	if ours != nil {
		s.Ours = ours.String()
	}
	return s
}

// CompareCharges lists where suppliers' charges of a month and Kvit's differ, by names.
func (a *App) CompareCharges(ctx context.Context, month calendar.Month) ([]ChargeDifference, error) {
	found, err := a.Charges.Differences(ctx, month)
	if err != nil {
		return nil, err
	}
	list := []ChargeDifference{}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		codes, err := supplier.ListCodes(ctx, tx)
		if err != nil {
			return err
		}
		for i := range found {
			x, err := a.named(ctx, tx, &found[i], codes)
			if err != nil {
				return err
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

func (a *App) named(ctx context.Context, tx *db.Tx, d *charge.Difference, codes map[int64]string) (x ChargeDifference, err error) {
	x = ChargeDifference{Supplier: codes[d.Supplier], Theirs: d.Theirs, Ours: d.Ours, Missing: d.Missing, Volume: sides(d.TheirVolume, d.OurVolume), Rate: sides(d.TheirRate, d.OurRate),
		Cause: d.Cause, Of: d.Of}
	house, err := housing.FindBuilding(ctx, tx, d.Building)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return x, err
	}
	member, err := account.FindMember(ctx, tx, d.Building, d.Account, a.now())
	if err != nil && !fault.Is(err, fault.NotFound) {
		return x, err
	}
	x.House, x.Account, x.Household = house.Code, member.Claim.Printed, account.HouseholdCode(d.Household)
	if h, err := account.FindHousehold(ctx, tx, d.Building, d.Household, a.now()); err == nil {
		x.Flat = h.Flat
	}
	if d.Service == 0 {
		return x, nil
	}
	x.Service, err = a.Suppliers.ServiceName(ctx, tx, d.Service)
	return x, err
}
