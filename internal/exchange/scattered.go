package exchange

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/match"
)

// scatteredShare is the part of a house's flats up to which a supplier's accounts are taken for strays of a building
// beside it, when they print no building number.
const scatteredShare = 0.2

// strays collects the accounts of one file that nothing but the printed address holds in their house.
type strays struct {
	first int             // of the file in batch.located
	weak  map[int64][]int // by house, in batch.located
}

// doubts asks for exclusion where a supplier has a few accounts in a house and serves buildings of the same number: the
// building was left out of the address. Accounts that came before stay where they are.
func (s *strays) doubts(ctx context.Context, b *batch, f *file, l *match.Locator) (list []doubt, err error) {
	served := map[int64]int{}
	for _, at := range b.located[s.first:] {
		served[at.building]++
	}
	for _, house := range slices.Sorted(maps.Keys(s.weak)) {
		weak := s.weak[house]
		if float64(served[house]) > scatteredShare*float64(b.houseOf(house).Flats) {
			continue
		}
		for _, i := range weak {
			record, err := f.judged.at(b.located[i].offset)
			if err != nil {
				return nil, err
			}
			j, err := decodeJudged(record)
			if err != nil {
				return nil, err
			}
			e := b.evidence(f, &j)
			p := l.Place(&e)
			list = append(list, doubtOf(&p, i, j))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return list, nil
}
