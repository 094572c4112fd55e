package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/city"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/reconcile"
)

var clerk = access.Actor{Role: access.System, Name: "olga"}

// moneyTown is a made-up city whose registers of payments and statement are still to come.
func moneyTown(t *testing.T, seed int64) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := city.Make(context.Background(), city.Options{Out: dir, Households: 60, Seed: seed, Month: calendar.NewMonth(2026, 10), Defects: 3, Payments: true}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// settled takes the charges of a city and then its files of money, in the order of a seed; days: the bank was silent until all
// came at once, else each is compared as it comes.
func settled(t *testing.T, d *db.DB, dir string, order uint64, each bool) *App {
	t.Helper()
	ctx := context.Background()
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.loadFile(filepath.Join(dir, "registry", "houses.csv"), func(f *os.File) error {
		_, err := a.Houses.Load(ctx, f, "houses.csv")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	formats := filepath.Join(dir, "formats.json")
	_, charges, payments, err := register.LoadFormats(formats)
	if err != nil {
		t.Fatal(err)
	}
	var first, then []string
	for _, p := range charges {
		first = append(first, filepath.Join(dir, p.File))
	}
	for _, p := range payments {
		then = append(then, filepath.Join(dir, p.File))
	}
	take := func(paths ...string) {
		if _, err := a.Exchange.Intake(ctx, exchange.Request{Formats: formats, Paths: paths, Actor: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	take(first...)
	rand.New(rand.NewPCG(order, 1)).Shuffle(len(then), func(i, k int) { then[i], then[k] = then[k], then[i] })
	for _, path := range then {
		take(path)
		if each {
			reconciledNow(t, a)
		}
	}
	reconciledNow(t, a)
	return a
}

func reconciledNow(t *testing.T, a *App) {
	t.Helper()
	if _, err := a.Reconcile.Run(context.Background(), clerk, reconcile.Period{From: 20261001, To: 20261115}); err != nil {
		t.Fatal(err)
	}
}

// injected are the differences between our book and the registers that the city made on purpose.
func injected(t *testing.T, dir string) (list []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Defects []struct {
			Type, Operation string
			Amount          int64
		}
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	for _, d := range truth.Defects {
		if d.Type == "pay_dup" {
			list = append(list, fmt.Sprintf("doubled %s %d", d.Operation, d.Amount))
		}
	}
	slices.Sort(list)
	return list
}

// TestCityIsReconciledToTruth: every difference put into the city's registers is named, and no other; what came to the bank
// is found for every day, over weekends and holidays.
func TestCityIsReconciledToTruth(t *testing.T) {
	inOrder(t)
	for _, seed := range []int64{3, 4} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := moneyTown(t, seed)
			a := settled(t, dbtest.SQLite(t), dir, 1, false)
			cases, err := a.Reconcile.ListCases(context.Background(), clerk, reconcile.CaseFilter{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range cases {
				got = append(got, fmt.Sprintf("%s %s %d", c.Cause, c.Operation, int64(c.Theirs-c.Ours)))
			}
			slices.Sort(got)
			if want := injected(t, dir); len(want) == 0 || strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got %q\nwant %q", got, want)
			}
			if r, err := a.Check(context.Background()); err != nil || !r.OK {
				t.Errorf("%v %+v", err, r)
			}
		})
	}
}

// TestSilentBankThenEverythingAtOnce (F15): files of days of silence come at once and shuffled, or one by one and compared each
// time; the state is the same.
func TestSilentBankThenEverythingAtOnce(t *testing.T) {
	dir := moneyTown(t, 3)
	want, _, err := settled(t, dbtest.SQLite(t), dir, 1, true).Digest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := settled(t, d, dir, 7, false)
		if got, _, err := a.Digest(context.Background()); err != nil || got != want {
			t.Errorf("%v: another state than of files that came one by one", err)
		}
		reconciledNow(t, a) // and again
		if got, _, err := a.Digest(context.Background()); err != nil || got != want {
			t.Errorf("%v: comparing again changes the state", err)
		}
	})
}
