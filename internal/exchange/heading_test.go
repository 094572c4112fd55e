package exchange

import (
	"slices"
	"testing"
)

// TestAHeadingIsOneHouse: whom the locator found elsewhere or nowhere goes where nearly all the others of the heading are.
func TestAHeadingIsOneHouse(t *testing.T) {
	at := func(building int64, s status) located { return located{building: building, status: s} }
	for _, c := range []struct {
		name       string
		list, want []int64
		status     map[int]status
		stays      map[int]bool
	}{
		{name: "one elsewhere", list: []int64{7, 7, 7, 7, 3}, want: []int64{7, 7, 7, 7, 7}},
		{name: "one doubtful", list: []int64{7, 7, 7, 7, -5}, want: []int64{7, 7, 7, 7, 7}, status: map[int]status{4: doubtful}},
		{name: "one ruled out", list: []int64{7, 7, 7, 7, -5}, want: []int64{7, 7, 7, 7, -5}, status: map[int]status{4: ruledOut}},
		{name: "one that came before", list: []int64{7, 7, 7, 7, 3}, want: []int64{7, 7, 7, 7, 3}, stays: map[int]bool{4: true}},
		{name: "no agreement", list: []int64{7, 7, 7, 3, 3}, want: []int64{7, 7, 7, 3, 3}},
		{name: "too few", list: []int64{7, 7}, want: []int64{7, 7}},
		{name: "all unplaced", list: []int64{-5, -5, -5, -5}, want: []int64{-5, -5, -5, -5}, status: map[int]status{0: unplaced, 1: unplaced, 2: unplaced, 3: unplaced}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &batch{}
			h := headings{}
			for i, building := range c.list {
				b.located = append(b.located, at(building, c.status[i]))
				h["1/1"] = append(h["1/1"], i)
			}
			h.settle(b, c.stays)
			var got []int64
			for _, x := range b.located {
				got = append(got, x.building)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
