package app

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// past writes what the resident's bill would have been in an earlier month: the lines of today changed by edit, which
// drops a line by answering false.
func (w *town) past(b *bill.Bill, month calendar.Month, edit func(*charge.Line) bool) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		var ids []int64
		for _, s := range b.Suppliers {
			ids = append(ids, s.AccountID)
		}
		lines, err := charge.ListMonth(ctx, tx, b.BuildingID, ids, b.Lines[0].BillMonth, b.Moment)
		if err != nil {
			return err
		}
		var kept []charge.Line
		for _, l := range lines {
			if l.Month, l.RecordedAt = month, b.Moment; edit(&l) {
				kept = append(kept, l)
			}
		}
		return charge.Write(ctx, tx, kept)
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) change(against calendar.Month) (*bill.Bill, *bill.Change) {
	w.t.Helper()
	b, err := w.a.Bills.At(context.Background(), bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := w.a.Bills.Change(context.Background(), b, against)
	if err != nil {
		w.t.Fatal(err)
	}
	return b, c
}

// TestChangeOfABill compares the resident's bill with months that suppliers sent whole, in part, or not at all.
func TestChangeOfABill(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		b, c := w.change(0)
		if c.Against != 202609 || c.Compared == nil || c.Compared.Delta() == 0 {
			t.Fatalf("the demo's bill is compared with %s: %+v", c.Against, c.Compared)
		}
		sumOf(t, c)

		// A year ago all cost a rouble less and one supplier had not sent his register: in October that month is the one
		// to compare with.
		late := b.Suppliers[0]
		for i := range b.Lines {
			if b.Lines[i].Charge > 200 {
				late = supplierOf(b, b.Lines[i].SupplierID)
				break
			}
		}
		w.past(b, 202510, func(l *charge.Line) bool {
			if l.Charge > 100 {
				l.Charge -= 100
			}
			return supplierOfAccount(b, l.AccountID) != late.SupplierID
		})
		_, c = w.change(0)
		if c.Against != 202510 || len(c.Months) < 2 || c.Compared == nil {
			t.Fatalf("compared with %s of %v", c.Against, c.Months)
		}
		sumOf(t, c)
		if g := gapOf(c, late.Account); g == nil || g.Why != bill.GapBefore || g.Is == 0 {
			t.Errorf("the supplier without a register then: %+v in %+v", g, c.Gaps)
		}
		for _, l := range c.Compared.Lines {
			if l.Was > 0 && l.Is-l.Was > 200 {
				t.Errorf("%s: %d was %d", l.Line().Title, l.Is, l.Was)
			}
		}
		if _, c = w.change(202609); c.Against != 202609 || c.Compared == nil {
			t.Errorf("asked for September, got %s", c.Against)
		}
		if _, c = w.change(202001); c.Compared != nil || slices.Contains(c.Months, 202001) {
			t.Errorf("a month nobody charged is compared: %+v", c.Compared)
		}

		// Somebody sends only what is to pay.
		w.past(b, 202508, func(l *charge.Line) bool {
			l.Given = charge.GivenDue
			return true
		})
		if _, c = w.change(202508); c.Compared != nil || len(c.Gaps) == 0 || c.Gaps[0].Why != bill.GapDue {
			t.Errorf("only what is to pay was sent: %+v %+v", c.Compared, c.Gaps)
		}
	})
}

// TestLateSupplierIsNoSaving: one supplier sent November, the others have not; they are named, not counted as gone.
func TestLateSupplierIsNoSaving(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		b, _ := w.change(0)
		early := b.Suppliers[0].AccountID
		w.past(b, 202611, func(l *charge.Line) bool { return l.AccountID == early })
		b, c := w.change(202610)
		if c.Month != 202611 {
			t.Fatalf("the bill is of %s", c.Month)
		}
		for _, g := range c.Gaps {
			if g.Why == bill.GapNow && (g.Was == 0 || g.DueOnly != strings.Contains("АО «Огонёк-газ» ООО «Сигнал-дверь»", g.Supplier)) {
				t.Errorf("%+v", g)
			}
		}
		if len(c.Gaps) < len(b.Suppliers)/2 {
			t.Errorf("%d accounts, left out %d", len(b.Suppliers), len(c.Gaps))
		}
		if c.Compared != nil && c.Compared.Delta() != 0 {
			t.Errorf("the same charge again changed the sum by %d", c.Compared.Delta())
		}
	})
}

// sumOf holds the comparison together: lines make the difference.
func sumOf(t *testing.T, c *bill.Change) {
	t.Helper()
	var lines, parts money.Amount
	for _, l := range c.Compared.Lines {
		lines += l.Is - l.Was
	}
	for _, p := range c.Compared.Parts {
		parts += p.Sum
	}
	if lines != c.Compared.Delta() || parts != c.Compared.Delta() {
		t.Errorf("difference %d, lines %d, parts %d", c.Compared.Delta(), lines, parts)
	}
}

func supplierOf(b *bill.Bill, id int64) bill.SupplierTotal {
	return b.Suppliers[slices.IndexFunc(b.Suppliers, func(s bill.SupplierTotal) bool { return s.SupplierID == id })]
}

func supplierOfAccount(b *bill.Bill, account int64) int64 {
	for _, s := range b.Suppliers {
		if s.AccountID == account {
			return s.SupplierID
		}
	}
	return 0
}

func gapOf(c *bill.Change, account string) *bill.Gap {
	for i := range c.Gaps {
		if c.Gaps[i].Account == account {
			return &c.Gaps[i]
		}
	}
	return nil
}

// TestLineAsData: every line of a bill opens, as a page and as data, and says the figures of the bill; the centre sees
// the same with the way to the protocol.
func TestLineAsData(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		v, centre := w.visitor(access.Resident, 0), w.visitor(access.CentreOperator, 0)
		b, _ := w.change(0)
		for i, l := range b.Lines {
			path := "/bill/lines/" + strconv.Itoa(i+1)
			out := v.do("GET", path+".json", nil)
			var x why.Explanation
			if err := json.Unmarshal(out.Body.Bytes(), &x); err != nil || out.Code != 200 {
				t.Fatalf("%s: %d %v", path, out.Code, err)
			}
			if x.Charge != l.Charge || x.Due != l.Due || x.Account != l.Account || x.Source.File != l.Source.File || x.Source.Pos != l.Source.Pos {
				t.Errorf("%s says %+v, the bill %+v", path, x, l)
			}
			if l.BillMonth.Valid() && (len(x.Steps) != 1 || x.Steps[0].Sum != l.Charge || x.Check == nil || x.Check.Known != (l.Volume != 0 && l.Rate != 0)) {
				t.Errorf("%s: %+v %+v", path, x.Steps, x.Check)
			}
			if page := v.do("GET", path, nil); page.Code != 200 || strings.Contains(page.Body.String(), "/s/intakes/") {
				t.Errorf("%s as a page for a resident: %d", path, page.Code)
			}
			if page := centre.do("GET", "/c/account/"+b.Household+path, nil); page.Code != 200 || l.Source.File != "" && !strings.Contains(page.Body.String(), "/s/intakes/") {
				t.Errorf("%s as the centre sees it: %d", path, page.Code)
			}
		}
		for _, path := range []string{"/bill/lines/0", "/bill/lines/-1", "/bill/lines/x", "/bill/lines/9999.json", "/bill/lines/99999999999999999999"} {
			if out := v.do("GET", path, nil); out.Code != 404 {
				t.Errorf("%s: %d", path, out.Code)
			}
		}
		if out := v.do("GET", "/bill/why?with=завтра", nil); out.Code != 422 {
			t.Errorf("a month that is none: %d", out.Code)
		}
	})
}
