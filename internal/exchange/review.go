package exchange

import (
	"context"
	"slices"

	"kvit/internal/db"
	"kvit/internal/match"
)

// decisionsOf are people's decisions about accounts of a building, as the matcher takes them. They are read once
// a batch: decisions made while it runs are recorded later than its links and therefore hold.
func (b *batch) decisionsOf(ctx context.Context, members []match.Member) ([]match.Decision, error) {
	if b.decided == nil {
		b.decided = []match.StoredDecision{}
		err := b.m.db.Read(ctx, func(tx *db.Tx) (err error) {
			list, err := match.ListDecisions(ctx, tx, nil)
			b.decided = append(b.decided, list...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(b.decided) == 0 {
		return nil, nil
	}
	return decisionsAbout(b.decided, members), nil
}

func decisionsAbout(decided []match.StoredDecision, members []match.Member) (out []match.Decision) {
	at := map[string]int64{}
	for i := range members {
		at[match.AccountKey(members[i].SupplierID, members[i].Evidence.Number)] = members[i].Account
	}
	for _, d := range decided {
		x, y := at[match.AccountKey(d.SupplierID, d.Number)], at[match.AccountKey(d.OtherSupplierID, d.OtherNumber)]
		if x != 0 && y != 0 && d.Kind != match.DecideAt {
			out = append(out, match.Decision{Join: d.Kind == match.DecideJoin, A: x, B: y})
		}
	}
	return out
}

// reviews files the doubts of a building that are not filed yet, whatever became of them.
func (b *batch) reviews(ctx context.Context, c *chunk, st *stored, g *match.Grouping) error {
	if len(g.Reviews) == 0 {
		return nil
	}
	var known []match.StoredReview
	if len(st.accounts) > 0 {
		err := b.m.db.Read(ctx, func(tx *db.Tx) (err error) {
			known, err = match.ListBuildingReviews(ctx, tx, st.building)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, r := range g.Reviews {
		if slices.ContainsFunc(known, func(k match.StoredReview) bool { return k.AccountID == r.Account && k.Kind == r.Kind }) {
			continue
		}
		id, err := b.ids(ctx, 1)
		if err != nil {
			return err
		}
		c.reviews = append(c.reviews, match.StoredReview{ID: id, BuildingID: st.building, AccountID: r.Account, Kind: r.Kind, Score: r.Score, Reasons: r.Reasons, Near: r.Near, RecordedAt: b.recorded})
	}
	return nil
}
