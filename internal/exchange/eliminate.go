package exchange

import (
	"context"

	"kvit/internal/housing"
	"kvit/internal/match"
)

// doubt is an account whose printed address means several houses.
type doubt struct {
	at     int // in batch.located
	rule   string
	flat   string
	houses []int64
	other  bool // the payers of that flat are others
	row    judged
}

// premisesKey names a flat of a building.
type premisesKey struct {
	building int64
	flat     string
}

// Parts of a house's flats a supplier must have accounts in to be taken for the supplier of all of them: more where the
// payer's name speaks against it.
const (
	fullCoverage     = 0.8
	strangerCoverage = 0.97
)

// eliminate settles doubts of one file by exclusion: of the houses an address may mean, the supplier has an account in
// that flat of every one he serves but one. It needs a supplier who serves whole houses; a flat that two doubtful
// accounts claim is given to neither.
func (b *batch) eliminate(ctx context.Context, f *file, doubts []doubt) error {
	if len(doubts) == 0 {
		return nil
	}
	wanted := map[int64]int{} // accounts the supplier has in each house
	for i := range doubts {
		for _, h := range doubts[i].houses {
			wanted[h] = 0
		}
	}
	taken, err := b.takenFlats(ctx, f.supplier, wanted)
	if err != nil {
		return err
	}
	claims := map[premisesKey][]*doubt{}
	for i := range doubts {
		d := &doubts[i]
		h, sure := b.onlyFree(d, wanted, taken)
		switch {
		case h != 0:
			key := premisesKey{h, d.flat}
			claims[key] = append(claims[key], d)
		case (sure || d.other) && d.rule == match.FlatElsewhere:
			b.located[d.at].status = ruledOut
			f.note(finding{Pos: d.row.Pos, Account: d.row.Printed, Code: "match.orphan", Type: "orphan", Verdict: VerdictIgnored, Field: "flat", Value: d.flat,
				Hint: "В доме нет квартиры с таким номером, а в соседних корпусах её счёт уже есть или плательщик другой. Счёт сохранён, в итоги не входит."})
			f.leaveOut(&d.row)
		}
	}
	for key, list := range claims {
		if len(list) > 1 {
			continue
		}
		d := list[0]
		b.located[d.at].building, b.located[d.at].status = key.building, placed
		f.note(finding{Pos: d.row.Pos, Account: d.row.Printed, Code: "match.addr_korp_lost", Type: "addr_korp_lost", Verdict: VerdictApplied, Field: "address", Value: d.row.identity.Address,
			Now: b.houseOf(key.building).Korp, Hint: "В адресе не хватает корпуса. Он найден исключением: в остальных домах с этим адресом счёт этой квартиры уже есть."})
	}
	return nil
}

// takenFlats finds the flats of the wanted houses where the supplier has an account, and counts his accounts a house.
func (b *batch) takenFlats(ctx context.Context, supplier int64, wanted map[int64]int) (map[premisesKey]bool, error) {
	taken := map[premisesKey]bool{}
	for _, l := range b.located {
		f := b.files[l.file]
		if _, ok := wanted[l.building]; !ok || f.supplier != supplier {
			continue
		}
		record, err := f.judged.at(l.offset)
		if err != nil {
			return nil, err
		}
		j, err := decodeJudged(record)
		if err != nil {
			return nil, err
		}
		e := b.evidence(f, &j)
		for _, flat := range b.houses.Read(&e.Address).Flats {
			taken[premisesKey{l.building, flat}] = true
		}
		wanted[l.building]++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// onlyFree is the one house where the doubtful account fits: served by the supplier and without an account in the flat.
// It is 0 when there are several or none; sure tells that in every house he serves the flat is taken.
func (b *batch) onlyFree(d *doubt, served map[int64]int, taken map[premisesKey]bool) (house int64, sure bool) {
	coverage := fullCoverage
	if d.other {
		coverage = strangerCoverage
	}
	for _, h := range d.houses {
		flats := b.houseOf(h).Flats
		switch {
		case served[h] == 0:
			continue // he does not serve it
		case flats == 0 || float64(served[h]) < coverage*float64(flats):
			return 0, false
		case taken[premisesKey{h, d.flat}]:
			sure = true
			continue
		case house != 0:
			return 0, false
		}
		house = h
	}
	return house, sure
}

func (b *batch) houseOf(building int64) *housing.House {
	i, _ := b.houses.IndexOf(building)
	return b.houses.At(i)
}

func doubtOf(p *match.Placement, at int, row judged) doubt {
	row.Lines = nil
	return doubt{at: at, rule: p.Rule, flat: p.Flat, houses: p.Others, other: p.Stranger, row: row}
}
