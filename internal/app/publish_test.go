package app

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

const billed = calendar.Month(202610)

// approved charges the month of the town and lets a second person approve it.
func (w *town) approved() (run int64) {
	w.t.Helper()
	ctx := context.Background()
	r, err := w.a.ChargeMonth(ctx, "olga", billed, nil, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.a.Charges.Approve(ctx, r.Run, "vera"); err != nil {
		w.t.Fatal(err)
	}
	return r.Run
}

func (w *town) publish(wave int) *PublishReport {
	w.t.Helper()
	r, err := w.a.Publish(context.Background(), PublishOptions{Month: billed, Wave: wave, Actor: "vera"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *town) count(query string, args ...any) (n int) {
	w.t.Helper()
	if err := w.a.DB.Handle().QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *town) sound() {
	w.t.Helper()
	r, err := w.a.Check(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range r.Invariants {
		if b.Count > 0 {
			w.t.Errorf("%s: %d, %v", b.ID, b.Count, b.Rows)
		}
	}
}

// TestBillsAreIssuedAsTheyWereShown: every household with charges of the month gets one bill, the same that the page
// showed then; again changes nothing.
func TestBillsAreIssuedAsTheyWereShown(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		if _, err := w.a.Publish(ctx, PublishOptions{Month: billed, Actor: "vera"}); fault.CodeOf(err) != "charge.not_charged" {
			t.Errorf("a month not charged: %v", err)
		}
		run := w.approved()
		r := w.publish(20)
		if r.Issued == 0 || r.Buildings != r.BuildingsAll || r.Already != 0 || r.Issued != int64(w.count("SELECT count(*) FROM bill_snapshot")) {
			t.Errorf("published: %+v", r)
		}
		for range 2 {
			if again := w.publish(1000); again.Published != r.Published {
				t.Errorf("again: %+v, want %+v", again, r)
			}
		}
		refs := map[bill.Ref]bool{}
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.Scan(ctx, "SELECT building_id, household_id FROM bill_snapshot WHERE run_id = $1", []any{run}, func(v []int64, _ []byte) error {
				refs[bill.Ref{Building: v[0], Household: v[1]}] = true
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		for ref := range refs {
			b, err := w.a.Bills.IssuedFor(ctx, ref, billed, 0)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := w.a.Bills.At(ctx, ref, b.Moment)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(shown, b, cmpopts.IgnoreUnexported(bill.Bill{}, bill.Line{}, bill.Source{}), cmpopts.IgnoreFields(bill.Bill{}, "Issued", "Status"), cmpopts.IgnoreFields(bill.Line{}, "Volume", "Rate")); d != "" {
				t.Fatalf("household %d: %s", ref.Household, d)
			}
		}
		w.sound()
	})
}

// TestAnIssuedBillIsReplacedAndWithdrawn: a newer version takes the place of the one before, and a person takes it back.
func TestAnIssuedBillIsReplacedAndWithdrawn(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		w.approved()
		w.publish(0)
		act := bill.Decision{Ref: bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, Month: billed, Version: 1, Actor: "vera"}
		if err := w.a.Bills.Withdraw(ctx, act); fault.As(err) == nil || fault.As(err).Field != "reason" {
			t.Errorf("without a reason: %v", err)
		}
		act.Reason = "поставщик прислал исправление"
		x, err := w.a.Bills.Issue(ctx, act)
		if err != nil || x.Version != 2 {
			t.Fatalf("%+v, %v", x, err)
		}
		if _, err := w.a.Bills.Issue(ctx, act); fault.CodeOf(err) != "bill.replaced" {
			t.Errorf("the same version replaced twice: %v", err)
		}
		act.Version = 2
		for range 2 { // pressed twice
			if err := w.a.Bills.Withdraw(ctx, act); err != nil {
				t.Fatal(err)
			}
		}
		states := map[int]string{}
		list, err := w.a.Bills.ListIssued(ctx, act.Ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			states[one.Version] = one.State
			b, err := w.a.Bills.IssuedFor(ctx, act.Ref, billed, one.Version)
			if err != nil || b.Issued.State != one.State || b.Issued.Number != one.Number {
				t.Errorf("version %d: %+v, %v", one.Version, b, err)
			}
		}
		if d := cmp.Diff(map[int]string{1: bill.IssuedReplaced, 2: bill.IssuedWithdrawn}, states); d != "" {
			t.Error(d)
		}
		if n := w.count("SELECT count(*) FROM audit_event WHERE action IN ('bill.issued', 'bill.withdrawn')"); n != 2 {
			t.Errorf("%d records of audit", n)
		}
		b, err := w.a.Bills.IssuedFor(ctx, act.Ref, billed, 2)
		if err != nil {
			t.Fatal(err)
		}
		var paper bytes.Buffer
		if err := w.a.Bills.PDF(ctx, &paper, []*bill.Bill{b}); err != nil || paper.Len() == 0 {
			t.Errorf("paper: %d bytes, %v", paper.Len(), err)
		}
		if again := w.publish(0); again.Issued != int64(w.count("SELECT count(*) FROM bill_snapshot WHERE version = 1")) {
			t.Errorf("published again: %+v", again)
		}
		w.sound()
	})
}

// TestTwoPublishersIssueOnce: two processes on one publication, and two runs of one month, give each household one bill.
func TestTwoPublishersIssueOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.approved()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if _, err := w.a.Publish(context.Background(), PublishOptions{Month: billed, Wave: 10, Actor: "vera"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, households := w.count("SELECT count(*) FROM bill_snapshot"), w.count("SELECT count(*) FROM (SELECT DISTINCT household_id FROM bill_snapshot) x"); n != households || n == 0 {
			t.Errorf("%d bills of %d households", n, households)
		}
		w.sound()
	})
}

// TestPublicationWaits: it stops when told, goes on where it was, and does not begin while files are taken in.
func TestPublicationWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		run := w.approved()
		waves := 0
		_, err := w.a.Publish(ctx, PublishOptions{Month: billed, Wave: 1, Actor: "vera", Progress: func(PublishedWave) {
			if waves++; waves == 2 {
				if err := w.a.PauseRun(ctx, run, "vera"); err != nil {
					t.Error(err)
				}
			}
		}})
		if fault.CodeOf(err) != "publish.paused" || waves != 2 {
			t.Errorf("after %d waves: %v", waves, err)
		}
		if _, err := d.Handle().ExecContext(ctx, "UPDATE intake_batch SET finished_at = 0 WHERE batch_id = (SELECT max(batch_id) FROM intake_batch)"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.a.Publish(ctx, PublishOptions{Month: billed, Actor: "vera"}); fault.CodeOf(err) != bill.IntakeRunning {
			t.Errorf("while files are taken in: %v", err)
		}
		if _, err := d.Handle().ExecContext(ctx, "UPDATE intake_batch SET finished_at = created_at WHERE finished_at = 0"); err != nil {
			t.Fatal(err)
		}
		if r := w.publish(0); r.Buildings != r.BuildingsAll || r.Issued == 0 {
			t.Errorf("in the end: %+v", r)
		}
		w.sound()
	})
}
