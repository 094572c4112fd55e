package app

import (
	"context"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
)

// finder runs the check that tells of one invariant, as kvit check does.
type finder func(context.Context) ([]ledger.Breach, error)

// finders are the checks by the invariants they tell of.
func finders(t *testing.T, a *App) map[string]finder {
	t.Helper()
	all := []finder{
		func(ctx context.Context) ([]ledger.Breach, error) {
			r, err := a.CheckAudit(ctx, "")
			return r.Invariants, err
		},
		func(ctx context.Context) ([]ledger.Breach, error) {
			b, err := a.Charges.Recheck(ctx, false)
			return []ledger.Breach{b}, err
		},
	}
	for _, check := range a.invariants() {
		all = append(all, func(ctx context.Context) (list []ledger.Breach, err error) {
			err = a.DB.Read(ctx, func(tx *db.Tx) error {
				list, err = check(ctx, tx)
				return err
			})
			return list, err
		})
	}
	by := map[string]finder{}
	for _, find := range all {
		list, err := find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range list {
			by[b.ID] = find
		}
	}
	return by
}

// plant runs the statements of a plant.
func plant(t *testing.T, d *db.DB, statements []string) {
	t.Helper()
	for _, statement := range statements {
		var args []any
		if strings.Contains(statement, "$1") {
			args = append(args, []byte("\x06{}"))
		}
		if _, err := d.Handle().ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
}

var plantedInto = regexp.MustCompile(`INSERT INTO (\w+)`)

// uproot empties the tables of a plant.
func uproot(t *testing.T, d *db.DB, statements []string) {
	t.Helper()
	emptied := map[string]bool{}
	for _, statement := range slices.Backward(statements) {
		into := plantedInto.FindStringSubmatch(statement)
		if into == nil || emptied[into[1]] {
			continue
		}
		emptied[into[1]] = true
		if _, err := d.Handle().ExecContext(t.Context(), "DELETE FROM "+into[1]); err != nil {
			t.Fatal(err)
		}
	}
}

// bareRows counts the rows of every table that something is planted into.
func bareRows(t *testing.T, d *db.DB) (rows int) {
	t.Helper()
	for _, p := range planted {
		for _, statement := range p.rows {
			if into := plantedInto.FindStringSubmatch(statement); into != nil {
				var n int
				if err := d.Handle().QueryRowContext(t.Context(), "SELECT count(*) FROM "+into[1]).Scan(&n); err != nil {
					t.Fatal(err)
				}
				rows += n
			}
		}
	}
	return rows
}

// TestEveryInvariantFindsItsViolation: an empty book is clean; each invariant there is has a planted violation, finds it
// and names its row. One without a plant fails the test. The plants stand in one book one after another, each asked about
// by the check it is for: a book and a whole check for each took minutes.
func TestEveryInvariantFindsItsViolation(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one query after another has nothing to race with")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		clean := checkOf(t, d)
		if n := bareRows(t, d); !clean.OK || n > 0 {
			t.Fatalf("an empty book has %d rows: %+v", n, clean.Invariants)
		}
		find := finders(t, a)
		for _, b := range clean.Invariants {
			if planted[b.ID].rows == nil {
				t.Errorf("%s has no planted violation", b.ID)
			}
		}
		for id, p := range planted {
			if find[id] == nil {
				t.Errorf("%s is planted, and nothing looks for it", id)
				continue
			}
			plant(t, d, p.rows)
			list, err := find[id](t.Context())
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			at := slices.IndexFunc(list, func(b ledger.Breach) bool { return b.ID == id })
			if at < 0 || list[at].Count == 0 || !slices.Contains(list[at].Rows, p.names) {
				t.Errorf("%s: want %q; found %+v", id, p.names, list)
			}
			uproot(t, d, p.rows)
		}
		if r := checkOf(t, d); !r.OK || bareRows(t, d) > 0 {
			t.Errorf("the emptied book: %+v", r.Invariants)
		}
	})
}

// TestAFindingIsTheBooks: what one module finds makes the whole check say that the book is wrong.
func TestAFindingIsTheBooks(t *testing.T) {
	inOrder(t)
	for _, id := range []string{"I3.order_equals_parts", "I16.audit_chain", "I9.lines_come_out_again"} { // of a module, of the log, of charges
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			plant(t, d, planted[id].rows)
			r := checkOf(t, d)
			if at := slices.IndexFunc(r.Invariants, func(b ledger.Breach) bool { return b.ID == id }); r.OK || at < 0 || r.Invariants[at].Count == 0 {
				t.Errorf("%s: %+v", id, r)
			}
		})
	}
}
