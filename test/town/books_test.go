package town

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/payment"
)

// crowd is how many clients do how many deeds in each life of the program; all lives but the last end by a kill at a commit.
type crowd struct{ clients, deeds, lives int }

// atNight is what reliability.md section 3 asks for; every day it is small.
func (c crowd) atNight() crowd {
	if os.Getenv("KVIT_KILLS") != "" {
		return crowd{clients: 16, deeds: 120, lives: 8}
	}
	return c
}

// lifeVariable tells a child of the test which life it is to live; its parts are divided by line feeds.
const lifeVariable = "KVIT_BOOK_LIFE"

// TestTheBookLosesNothing: clients move money between ledger accounts of two houses, pay, place and return sums nobody had placed,
// move advances between suppliers, take payments back and move accounts between houses, all at once, while commits are refused, in
// conflict, without an answer, or the program's last. Readers meet no moment at which a kopeck is missing or an order of
// commits that another reader contradicts; the transfers have one order; in the end every invariant holds.
func TestTheBookLosesNothing(t *testing.T) {
	if os.Getenv(lifeVariable) != "" {
		t.Skip("a child lives one life only")
	}
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			size := crowd{clients: 8, deeds: 15, lives: 2}.atNight()
			w := newTown(t, 1, size12, postgres, false)
			w.prepareBook()
			w.app.Close()
			path := filepath.Join(w.dir, "journal")
			for life := range size.lives {
				liveApart(t, w, path, life, size)
			}
			w.open()
			w.endBook(t, path)
		})
	}
}

// size12 is a town of two houses.
var size12 = size{homes: 12, months: 1}

// prepareBook takes a month's registers in, puts money into pots, and gets sums nobody can place.
func (t *town) prepareBook() {
	t.register()
	for _, s := range t.suppliers {
		t.take(s, first.Month(), s.close(t.rng, first.Month()))
	}
	pots := potsOf(t.tb, t.app)
	for pot, house := range pots {
		t.must("fund "+potName(pot), func(ctx context.Context) error {
			id, err := t.app.DB.NextIDs(ctx, 1)
			if err != nil {
				return err
			}
			return t.app.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := ledger.Post(ctx, tx, &ledger.Transaction{ID: id, BuildingID: house, Key: "fund:" + potName(pot), Kind: "test", EffectiveOn: first, RecordedAt: t.clock.now(),
					Entries: []ledger.Entry{{Name: potName(pot), Amount: potSum}, {Name: "source", Amount: -potSum}}})
				return err
			})
		})
	}
	var lines []payment.Line
	for i := range 40 {
		lines = append(lines, payment.Line{Row: i + 1, Operation: fmt.Sprint("lost", i), SupplierCode: t.suppliers[0].code, Number: fmt.Sprint("99", i), Date: calendar.NewDate(2026, 2, 3), Amount: 1000})
	}
	t.must("sums nobody can place", func(ctx context.Context) error {
		_, err := t.app.Payments.TakeLines(ctx, payment.Source{FileID: 1, Channel: "sber"}, lines, nil)
		return err
	})
}

// potsOf are the houses whose books the pots are in: pairs of one house and of two.
func potsOf(tb testing.TB, a *app.App) (pots []int64) {
	tb.Helper()
	var houses [2]int64
	err := a.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT (SELECT building_id FROM building WHERE code = 'H1'), (SELECT building_id FROM building WHERE code = 'H2')").Scan(&houses[0], &houses[1])
	})
	if err != nil {
		tb.Fatal(err)
	}
	for pot := range potsCount {
		pots = append(pots, houses[pot%3%2])
	}
	return pots
}

// liveApart lives a life in a process of its own, so that a kill is a kill.
func liveApart(t *testing.T, w *town, journal string, life int, size crowd) {
	t.Helper()
	kill := "kill"
	if life == size.lives-1 {
		kill = "stay"
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestALifeOfTheBook$", "-test.count=1")
	cmd.Env = append(os.Environ(), lifeVariable+"="+strings.Join([]string{w.dir, w.url, journal, fmt.Sprint(life), fmt.Sprint(size.clients), fmt.Sprint(size.deeds), kill}, "\n"))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if err != nil && !killed || killed != (kill == "kill") {
		t.Fatalf("life %d: %v\n%s", life, err, out)
	}
}

// TestALifeOfTheBook is what a child of TestTheBookLosesNothing does.
func TestALifeOfTheBook(t *testing.T) {
	var dir, url, path, kill string
	var life, clients, deeds int
	what := strings.Split(os.Getenv(lifeVariable), "\n")
	if len(what) != 7 {
		t.Skip("not a child of TestTheBookLosesNothing")
	}
	dir, url, path, kill = what[0], what[1], what[2], what[6]
	if _, err := fmt.Sscan(strings.Join(what[3:6], " "), &life, &clients, &deeds); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), app.Settings{Data: dir, DatabaseURL: url, Zone: "Asia/Yekaterinburg", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	j, pots := &journal{file: file}, potsOf(t, a)
	a.DB.BreakCommits(newStorm(uint64(life), clients*deeds, kill == "kill").commit)
	stop := readBook(a, j, life)
	defer stop()
	var wg sync.WaitGroup
	for n := range clients {
		c := &client{app: a, journal: j, rng: rand.New(rand.NewPCG(uint64(life), uint64(n))), name: fmt.Sprintf("%d-%d", life, n), pots: pots}
		wg.Go(func() { c.work(n*2+life, deeds) })
	}
	wg.Wait()
}

// endBook lets what was begun be finished, and judges the history and the book.
func (t *town) endBook(tb *testing.T, path string) {
	t.must("what was cut off", func(ctx context.Context) error {
		_, err := t.app.Payments.FinishOpen(ctx)
		return cmp.Or(err, t.app.Exchange.Resume(ctx))
	})
	deeds := append(readJournal(tb, path), *readOnce(t.app, "end"))
	for _, f := range faultsOf(deeds, potsCount*potSum) {
		tb.Error(f)
	}
	done, lost := map[string]int{}, 0 // a move of a house has many commits and may lose each answer: it counts as begun
	for _, d := range deeds {
		if d.Done {
			done[d.Kind]++
		} else if d.Ended == 0 {
			lost++
			if d.Kind == "house" {
				done[d.Kind]++
			}
		}
	}
	for _, kind := range append([]string{"read"}, deedKinds...) {
		if done[kind] == 0 {
			tb.Errorf("nobody did a deed of the kind %q", kind)
		}
	}
	if lost == 0 {
		tb.Error("every deed had an answer: nothing was broken")
	}
	tb.Logf("%v, without an answer %d", done, lost)
	t.nothingLeftBehind(tb)
	t.holds()
}

// nothingLeftBehind: an account that moved left nothing in the book of the house it was in.
func (t *town) nothingLeftBehind(tb *testing.T) {
	var moved, left int64
	t.read("what was left behind", func(ctx context.Context) error {
		return t.app.DB.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM account_move WHERE finished_at > 0), (SELECT count(*) FROM ledger_balance b JOIN account_route r ON r.account_id = b.account_id
				WHERE b.account_id <> 0 AND b.balance_kop <> 0 AND b.building_id <> r.building_id)`).Scan(&moved, &left)
		})
	})
	if moved == 0 || left > 0 {
		tb.Errorf("%d accounts moved, %d balances were left behind", moved, left)
	}
}
