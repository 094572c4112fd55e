package payer

import (
	"context"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func TestHomesOfAPayer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, m, own := context.Background(), New(d, func() calendar.Micros { return 1_000_000 }), Home{Building: 1, Household: 10}
		add := func(l Link) error { return m.Add(ctx, "житель", own, l) }
		garage := Link{Home: Home{Building: 7, Account: 70}, Title: " гараж ", Proof: ByPaper}
		for range 2 {
			if err := add(garage); err != nil {
				t.Fatal(err)
			}
		}
		if err := add(Link{Home: own, Proof: ByCode}); fault.CodeOf(err) != "home.own" {
			t.Errorf("the own home: %v", err)
		}
		list, err := m.List(ctx, own)
		if err != nil || len(list) != 1 || list[0].Title != "гараж" || list[0].Home != garage.Home {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, stranger := range []Home{{1, 11, 0}, {2, 10, 0}} { // another household of the house, the same number in another
			if err := m.Remove(ctx, "сосед", stranger, list[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		for i := range HomesMax - 1 {
			if err := add(Link{Home: Home{Building: 8, Household: int64(100 + i)}, Proof: ByCode}); err != nil {
				t.Fatal(err)
			}
		}
		if err := add(Link{Home: Home{Building: 9, Household: 9}, Proof: ByCode}); fault.CodeOf(err) != "home.many" {
			t.Errorf("one too many: %v", err)
		}
		for range 2 {
			if err := m.Remove(ctx, "житель", own, list[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		if list, err = m.List(ctx, own); err != nil || len(list) != HomesMax-1 {
			t.Errorf("%d homes are left, %v", len(list), err)
		}
	})
}

func TestPaymentsOfAPayer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := calendar.Micros(0)
		ctx, m, own := context.Background(), New(d, func() calendar.Micros { now++; return now }), Home{Building: 1, Household: 10}
		for _, id := range []string{"a", "b", "a"} {
			if err := m.Paid(ctx, own, id); err != nil {
				t.Fatal(err)
			}
		}
		ids, err := m.Payments(ctx, own, 10)
		if err != nil || len(ids) != 2 || ids[0] != "b" {
			t.Errorf("%v, %v", ids, err)
		}
		mine, err1 := m.Began(ctx, own, "a")
		others, err2 := m.Began(ctx, Home{Building: 1, Household: 11}, "a")
		if err1 != nil || err2 != nil || !mine || others {
			t.Errorf("mine %t, another's %t, %v, %v", mine, others, err1, err2)
		}
	})
}
