package handover

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// unchanged makes the package of the cut anew and compares it with what was signed, and with the house as it is now.
func (m *Module) unchanged(ctx context.Context, h *Handover) (*Package, error) {
	changed := fault.New(fault.Conflict, "handover.changed", "После пакета дом изменился: пришли начисления или данные. Отмените передачу и подготовьте её заново, тогда остатки сойдутся.")
	p, err := m.gather(ctx, h.BuildingID, h.Month, h.CutAt)
	if err != nil {
		return nil, err
	}
	if p.actDigest() != h.ActDigest {
		return nil, changed.Because(fmt.Errorf("the act of the cut is %s now", p.actDigest()))
	}
	now, err := m.gather(ctx, h.BuildingID, h.Month, m.Now())
	if err != nil {
		return nil, err
	}
	if what := p.changedIn(now); what != "" {
		return nil, changed.Because(fmt.Errorf("changed since: %s", what))
	}
	return p, m.DB.Read(ctx, func(tx *db.Tx) error {
		newest, err := fact.Newest(ctx, tx, h.BuildingID)
		if err == nil && newest > h.CutAt {
			return changed.Because(fmt.Errorf("facts of charging of %s", newest.Time()))
		}
		return err
	})
}

// figure is what of a line payments do not touch.
type figure struct {
	account, service                          int64
	month                                     calendar.Month
	opening, charge, recalc, penalty, claimed money.Amount
}

// figures are those of all lines, in order; what stood before an own charge is lowered by payments, so it is left out.
func (p *Package) figures() (list []figure) {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		for _, l := range a.Lines {
			f := figure{a.ID, l.Service, l.Month, l.Opening, l.Charge, l.Recalc, l.Penalty, l.Claimed}
			if l.Origin == why.ByKvit {
				f.opening = 0
			}
			if l.Origin != why.ByPayer {
				list = append(list, f)
			}
		}
	}
	return list
}

// changedIn tells what but payments differs in a later package of the same house; ” is nothing.
func (p *Package) changedIn(now *Package) string {
	if len(p.Accounts) != len(now.Accounts) {
		return fmt.Sprintf("accounts: %d, %d now", len(p.Accounts), len(now.Accounts))
	}
	for i := range p.Accounts {
		if p.Accounts[i].ID != now.Accounts[i].ID || p.Accounts[i].Household != now.Accounts[i].Household {
			return "account " + now.Accounts[i].Number
		}
	}
	before, after := p.figures(), now.figures()
	if slices.Equal(before, after) {
		return ""
	}
	for i := range min(len(before), len(after)) {
		if before[i] != after[i] {
			return fmt.Sprintf("a line of account %d for %s", after[i].account, after[i].month)
		}
	}
	return fmt.Sprintf("lines: %d, %d now", len(before), len(after))
}
