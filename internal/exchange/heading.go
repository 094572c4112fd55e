package exchange

// headings collects the accounts of one file under each printed house: they are of one house, whatever is doubted of
// the single account.
type headings map[string][]int // places in batch.located

// headingShare is the part of a heading's accounts that must agree on a house to take the others along, headingMin the
// fewest.
const (
	headingShare = 0.8
	headingMin   = 3
)

// settle takes the accounts of a heading to the house that nearly all of them were found in. Accounts whose flat that
// house rules out, and those that came before, stay where they are.
func (h headings) settle(b *batch, stays map[int]bool) {
	for _, places := range h {
		house := b.houseOfMost(places)
		if house == 0 {
			continue
		}
		for _, i := range places {
			if at := &b.located[i]; !stays[i] && at.status != ruledOut {
				at.building, at.status = house, placed
			}
		}
	}
}

// houseOfMost is the house that nearly all of some accounts were found in, 0 when there is none.
func (b *batch) houseOfMost(places []int) int64 {
	found := map[int64]int{}
	for _, i := range places {
		if at := &b.located[i]; at.status == placed {
			found[at.building]++
		}
	}
	for house, n := range found {
		if house > 0 && n >= headingMin && float64(n) >= headingShare*float64(len(places)) {
			return house
		}
	}
	return 0
}
