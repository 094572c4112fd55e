package bill

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// StatusDraft is the status of the bill of a month that is charged and not issued: to be looked at, never paid or kept.
const StatusDraft = "draft"

// Draft gives a household's bill of a month that is charged and not issued yet, for those who check it; month 0 is
// whichever was charged last.
func (m *Module) Draft(ctx context.Context, ref Ref, month calendar.Month) (*Bill, error) {
	b, err := m.At(ctx, ref, 0)
	if err != nil {
		return nil, err
	}
	if month == 0 {
		month = b.charged
	}
	if !month.Valid() || b.Month != month.String() {
		return nil, fault.New(fault.Conflict, "draft.none", "Проекта счёта нет: месяц этой семье ещё не начислен. Сначала: kvit charge run.")
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		issued, err := listVersions(ctx, tx, ref, month)
		if err == nil && len(issued) > 0 {
			err = fault.Newf(fault.Conflict, "draft.issued", "Счёт за %s уже выставлен, проекта больше нет. Посмотреть выставленный: --issued %s.", month.Title(), month)
		}
		return err
	})
	b.Status = StatusDraft
	return b, err
}

// DraftRow is a household's draft in a list, beside the month before.
type DraftRow struct {
	Ref
	Code, Address string
	Charged       money.Amount
	Before        money.Amount // charged by the bill issued for the month before
	HasBefore     bool
	Total         money.Amount
}

// draftsPage is about how many households a page of drafts has; a house is not parted.
const draftsPage = 50

// ListDrafts gives a page of the drafts of a run, from a building on, and the building the next page begins with; 0 when
// there is no next one.
func (m *Module) ListDrafts(ctx context.Context, run *charge.Run, from int64) (list []DraftRow, next int64, err error) {
	at := m.now()
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, next = nil, 0
		left, err := listUnpublished(ctx, tx, run, draftsPage)
		if err != nil {
			return err
		}
		for i := 0; i < len(left) && len(list) == 0 && err == nil; i++ { // houses without any are passed over
			if left[i].last < from {
				continue
			}
			if next = 0; i+1 < len(left) {
				next = left[i+1].first
			}
			list, err = m.drafts(ctx, tx, reader, run, &left[i], at)
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("drafts of run %d: %w", run.ID, err)
	}
	return list, next, nil
}

func (m *Module) drafts(ctx context.Context, tx *db.Tx, reader *charge.Reader, run *charge.Run, of *batch, at calendar.Micros) (list []DraftRow, err error) {
	earlier, err := listNewest(ctx, tx, of.first, of.last, run.Month.Add(-1))
	if err != nil {
		return nil, err
	}
	issued, err := listHolders(ctx, tx, of.first, of.last, run.Month)
	if err != nil {
		return nil, err
	}
	err = m.each(ctx, tx, reader, of.first, of.last, at, func(b *Bill) error {
		ref := Ref{b.BuildingID, b.HouseholdID}
		if b.Month != run.Month.String() || !run.Covers(b.BuildingID) || issued[ref] {
			return nil
		}
		row := DraftRow{Ref: ref, Code: b.Household, Address: b.Address, Charged: b.Charge + b.Recalc + b.Penalty, Total: b.Total}
		if one := earlier[ref]; one != nil {
			was, err := one.bill()
			if err != nil {
				return err
			}
			row.Before, row.HasBefore = was.Charge+was.Recalc+was.Penalty, true
		}
		list = append(list, row)
		return nil
	})
	return list, err
}
