package bill

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/decimal"
)

// describe takes from the claims what a bill says of the premises: flat, area, residents, the unified number, the
// payer. Where suppliers differ, what was decided holds; until then most of them are right; of equals the one recorded last.
func (b *Bill) describe(ctx context.Context, tx *db.Tx, members []account.Member) error {
	if b.HouseholdID != 0 {
		h, err := b.premises(ctx, tx)
		if err != nil {
			return err
		}
		b.Flat, b.Room = h.Flat, h.Room
	}
	var areas, payers, residents, numbers votes
	for i := range members {
		e, err := members[i].Claim.Decode()
		if err != nil {
			return err
		}
		numbers.add(strings.SplitN(e.ELS, "-", 2)[0])
		if e.Share == "" || e.Share == "1/1" {
			payers.add(e.FIO)
		}
		if e.Area > 0 {
			areas.add(decimal.Decimal(e.Area).String())
		}
		if e.Residents != nil {
			residents.add(strconv.Itoa(*e.Residents))
		}
	}
	d, err := b.decisions(ctx, tx)
	if err != nil {
		return err
	}
	b.Area, b.Payer, b.ELS = cmp.Or(d["area"], areas.best()), cmp.Or(d["owner"], payers.longest()), numbers.best()
	b.Residents, _ = strconv.Atoi(cmp.Or(d["residents"], residents.best())) // a number of ours; empty is zero
	if flat := d["flat"]; flat != "" && flat != b.Flat {
		b.Flat, b.Room = flat, ""
	}
	return nil
}

// votes counts what suppliers say of one thing.
type votes struct {
	order []string
	count map[string]int
}

func (v *votes) add(s string) {
	if s == "" {
		return
	}
	if v.count == nil {
		v.count = map[string]int{}
	}
	if v.count[s] == 0 {
		v.order = append(v.order, s)
	}
	v.count[s]++
}

func (v *votes) best() (best string) {
	for _, s := range v.order {
		if v.count[s] > v.count[best] {
			best = s
		}
	}
	return best
}

// longest is the fullest way the most named surname is written.
func (v *votes) longest() (best string) {
	surnames := map[string]int{}
	word := func(s string) string { return strings.ToUpper(strings.SplitN(s, " ", 2)[0]) }
	for _, s := range v.order {
		surnames[word(s)] += v.count[s]
	}
	for _, s := range v.order {
		n, m := surnames[word(s)], surnames[word(best)]
		if n > m || n == m && len(s) > len(best) {
			best = s
		}
	}
	return best
}
