package restore

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// do runs something in a transaction.
func do(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) error {
	t.Helper()
	return d.Write(context.Background(), fn)
}

// TestStepsInOrder: a return holds everything back; steps are done in their order, once, with a choice where one is asked; each lets
// go what waited for it, and the last ends the return.
func TestStepsInOrder(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		held := func(step string) bool {
			h, err := HeldNow(ctx, d, step)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		finish := func(step, choice string) (first bool, code string) {
			err := do(t, d, func(tx *db.Tx) (err error) {
				_, first, err = Finish(ctx, tx, Done{Step: step, Choice: choice, Actor: "ольга", At: 50})
				return err
			})
			if err != nil {
				code = fault.CodeOf(err)
			}
			return first, code
		}
		if held(StepReconcile) {
			t.Error("held without a return")
		}
		if _, code := finish(StepCheck, ""); code != "restore.none" {
			t.Errorf("a step without a return: %s", code)
		}
		if err := do(t, d, func(tx *db.Tx) error { _, err := Begin(ctx, tx, "ольга", 10, 40); return err }); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ step, choice, code string }{
			{StepReconcile, "", "restore.order"}, {"nothing", "", "restore.step"}, {StepCheck, "again", "restore.choice"},
		} {
			if _, code := finish(c.step, c.choice); code != c.code {
				t.Errorf("%s %s: %s, want %s", c.step, c.choice, code, c.code)
			}
		}
		for _, s := range steps {
			if !held(s.Code) {
				t.Errorf("%s is not held before its step", s.Code)
			}
			if err := RefuseNow(ctx, d, s.Code); s.Holds != "" && fault.CodeOf(err) != HeldCode {
				t.Errorf("%s: %v", s.Code, err)
			}
			choice := ""
			if len(s.Choices) > 0 {
				if _, code := finish(s.Code, ""); code != "restore.choice" {
					t.Errorf("%s without a choice: %s", s.Code, code)
				}
				choice = ChoiceSent
			}
			if first, code := finish(s.Code, choice); !first || code != "" {
				t.Errorf("%s: %v %s", s.Code, first, code)
			}
			if first, code := finish(s.Code, choice); first || code != "" {
				t.Errorf("%s again: %v %s", s.Code, first, code)
			}
			if held(s.Code) {
				t.Errorf("%s is held after its step", s.Code)
			}
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			r, err := Last(ctx, tx)
			if err == nil && (r.FinishedAt != 50 || r.Next() != nil || r.DataAt != 10 || r.UntilAt != 40) {
				t.Errorf("%+v", r)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestReturnInAReturn: what an unfinished return lost, the next one has to find too; numbers take the highest floor.
func TestReturnInAReturn(t *testing.T) {
	ctx := context.Background()
	d := dbtest.SQLite(t)
	err := do(t, d, func(tx *db.Tx) error {
		first, err := Begin(ctx, tx, "ольга", 10, 40)
		if err != nil {
			return err
		}
		if err := SetLeast(ctx, tx, first, NumberOrder, "", 500); err != nil {
			return err
		}
		second, err := Begin(ctx, tx, "ольга", 30, 60)
		if err != nil {
			return err
		}
		if second.ID != first.ID+1 || second.DataAt != 10 || second.UntilAt != 60 {
			t.Errorf("%+v", second)
		}
		if err := SetLeast(ctx, tx, second, NumberOrder, "", 900); err != nil {
			return err
		}
		least, err := Least(ctx, tx, NumberOrder, "")
		if least != 900 {
			t.Errorf("numbers go on from %d", least)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
