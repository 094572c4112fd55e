package bill

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// NeighboursLeast is the fewest flats of a house whose totals are told: of fewer, one could be worked out.
const NeighboursLeast = 10

// Neighbours are the totals of a house without persons. Flats below NeighboursLeast: nothing but their number is told.
type Neighbours struct {
	Month   calendar.Month // the latest most flats are billed for
	Flats   int            // with a bill of the month
	Charged money.Amount   // for it: charges, recalculations, penalties
	Paid    int            // flats that owe nothing
	Used    []NeighboursUse
}

// NeighboursUse is how much of a service flats used, and where the asking one stands among them.
type NeighboursUse struct {
	Title                           string
	Unit                            string
	Flats                           int
	Low, Lower, Middle, Upper, High decimal.Decimal
	Own                             decimal.Decimal
}

// Neighbours counts the house of a bill.
func (m *Module) Neighbours(ctx context.Context, b *Bill) (*Neighbours, error) {
	all, err := m.flatsOf(ctx, b.BuildingID)
	if err != nil {
		return nil, fmt.Errorf("totals of a house: %w", err)
	}
	n := &Neighbours{Month: b.month()}
	var list []flat
	for _, x := range all {
		if x.month == n.Month {
			list = append(list, x)
		}
	}
	if n.Flats = len(list); n.Flats < NeighboursLeast {
		return n, nil
	}
	for _, x := range list {
		n.Charged += x.charged
		if x.total == 0 {
			n.Paid++
		}
	}
	n.compare(b, list)
	return n, nil
}

// compare sets what a bill's household used of each service beside what the others did.
func (n *Neighbours) compare(b *Bill, list []flat) {
	own, order := usedOf(b)
	others := map[string][]decimal.Decimal{}
	for _, x := range list {
		for title, volume := range x.used {
			others[title] = append(others[title], volume)
		}
	}
	for _, title := range order {
		all := others[title]
		if len(all) < NeighboursLeast {
			continue
		}
		slices.Sort(all)
		quarter := func(i int) decimal.Decimal { return all[(len(all)-1)*i/4] }
		n.Used = append(n.Used, NeighboursUse{Title: title, Unit: unitIn(b, title), Flats: len(all), Low: all[0], Lower: quarter(1), Middle: quarter(2), Upper: quarter(3), High: all[len(all)-1], Own: own[title]})
	}
}

// usedOf is how much a bill says was used, by service in the order of the bill.
func usedOf(b *Bill) (used map[string]decimal.Decimal, order []string) {
	used = map[string]decimal.Decimal{}
	for i := range b.Lines {
		l := &b.Lines[i]
		title := supplier.ServiceTitle(l.Service, nil)
		if l.Volume <= 0 || l.BillMonth != b.month() || title == "" {
			continue
		}
		if _, known := used[title]; !known {
			order = append(order, title)
		}
		used[title] += l.Volume
	}
	return used, order
}

// unitIn is the unit a bill names of a service.
func unitIn(b *Bill, title string) string {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.Unit != "" && supplier.ServiceTitle(l.Service, nil) == title {
			return l.Unit
		}
	}
	return ""
}
