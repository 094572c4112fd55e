package bill_test

import (
	"context"
	"testing"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// TestRenewedCode: another code opens the same home; the one before is gone, and a strange one was never there.
func TestRenewedCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m := bill.New(d, nil, nil, time.UTC, func() calendar.Micros { return 1 })
		ref := bill.Ref{Building: 7, Household: 9}
		old, err := m.CodeOf(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.FormerCode(ctx, ref); !fault.Is(err, fault.NotFound) {
			t.Errorf("a code before the first: %v", err)
		}
		fresh, err := m.RenewCode(ctx, ref, "x")
		if err != nil || fresh == old {
			t.Fatalf("%v %v", fresh, err)
		}
		if now, err := m.CodeOf(ctx, ref); err != nil || now != fresh {
			t.Errorf("the code is %v, %v", now, err)
		}
		if got, err := m.FindByToken(ctx, fresh.Token); err != nil || got != ref {
			t.Errorf("%v %v", got, err)
		}
		if _, err := m.FindByToken(ctx, old.Token); !fault.Is(err, fault.Gone) {
			t.Errorf("the old code: %v", err)
		}
		if _, err := m.FindByToken(ctx, "00000000000000000000"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a strange code: %v", err)
		}
		if former, err := m.FormerCode(ctx, ref); err != nil || former != old {
			t.Errorf("%v %v", former, err)
		}
	})
}

func TestMaskedHouse(t *testing.T) {
	for address, want := range map[string]string{
		"г. Рязань, ул. Ленина, 12, корп. 1, кв. 5": "ул. Л…, 12", "ул. Ленина, 12а, кв. 5": "ул. Л…, 12а", "с. Поляны, 5": "с. П…, 5",
	} {
		if got := bill.MaskHouse(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
