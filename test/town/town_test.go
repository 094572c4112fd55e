// Package town proves the program on whole made-up towns: residents, suppliers, a bank and terminals act by a seed through
// months of a fake clock, the program is broken at its commits, and an oracle of plain maps says after each step what
// everybody owes. Same seed, same town.
package town

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kvit/internal/app"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// zone is the town's.
var zone = time.FixedZone("town", 5*3600)

// size of a town.
type size struct{ homes, months int }

// town is one run.
type town struct {
	tb        testing.TB
	seed      uint64
	dir       string
	url       string // of PostgreSQL; empty: SQLite
	rng       *rand.Rand
	clock     *clock
	day       calendar.Date
	app       *app.App
	bank      *bank
	faults    *faults
	suppliers []*supplier
	homes     []*home
	byNumber  map[string]*account // «supplier:number»
	orders    []*order
	paying    string // the key of the payment being begun
	door      *door
	steps     []string
	files     int
}

// home is a household and its accounts.
type home struct {
	address  string
	accounts []*account
}

// first is the day a town begins.
var first = calendar.NewDate(2026, 1, 28) // the first month taken in is January; February is short

// newTown makes a town; with broken its program is broken at commits.
func newTown(tb testing.TB, seed uint64, z size, postgres, broken bool) *town {
	t := &town{tb: tb, seed: seed, dir: tb.TempDir(), rng: rand.New(rand.NewPCG(seed, 1)), clock: newClock(first.Time(zone)), day: first, byNumber: map[string]*account{}}
	t.bank = newBank(rand.New(rand.NewPCG(seed, 2)), func() calendar.Date { return t.day })
	t.bank.named = t.nameOf
	t.door = &door{town: t}
	if broken {
		t.faults = newFaults(rand.New(rand.NewPCG(seed, 3)))
	}
	if postgres {
		t.url = dbtest.PostgresURL(tb)
	} else {
		dbtest.SQLiteFile(tb, filepath.Join(t.dir, "kvit.db"))
	}
	t.populate(z.homes)
	t.open()
	tb.Cleanup(func() { t.app.Close() })
	return t
}

// open starts the program on the town's data.
func (t *town) open() {
	a, err := app.Open(context.Background(), app.Settings{Data: t.dir, DatabaseURL: t.url, Zone: "Asia/Yekaterinburg", Clock: t.clock.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.fatal(err)
	}
	a.Payments = a.Payments.WithAcquirers(payment.Acquirers{{Name: "bank", Gateway: t.bank, Calls: 1}})
	a.DB.BreakCommits(t.faults.commit)
	t.app = a
}

// populate draws suppliers, houses and accounts: not every home has every supplier.
func (t *town) populate(homes int) {
	for i := range 3 + t.rng.IntN(3) {
		t.suppliers = append(t.suppliers, &supplier{code: fmt.Sprintf("s%d", i), told: map[string]money.Amount{},
			layout: layout{delimiter: []string{";", "|", "\t"}[t.rng.IntN(3)], comma: t.rng.IntN(2) == 0, trailer: t.rng.IntN(2) == 0}})
	}
	for i := range homes {
		h := &home{address: fmt.Sprintf("ул Садовая, д %d, кв %d", 1+i/10, 1+i%10)}
		for k, s := range t.suppliers {
			if k > 0 && t.rng.IntN(6) == 0 {
				continue
			}
			a := &account{of: s, home: h, number: fmt.Sprintf("%d%05d", k+1, i*7+3)}
			h.accounts, s.accounts = append(h.accounts, a), append(s.accounts, a)
			t.byNumber[s.code+":"+a.number] = a
		}
		t.homes = append(t.homes, h)
	}
}

// tries bounds how often a step is begun again after faults.
const tries = 20

// read asks what changes nothing and cannot break.
func (t *town) read(what string, fn func(ctx context.Context) error) {
	if err := fn(context.Background()); err != nil {
		t.fatal(fmt.Errorf("%s: %w", what, err))
	}
}

// do does a step as people do: what fails for the program's sake is done again, with the same key.
func (t *town) do(what string, fn func(ctx context.Context) error) error {
	t.steps = append(t.steps, fmt.Sprintf("%s %s", t.day, what))
	for try := 1; ; try++ {
		err := t.once(fn)
		var f *fault.Error
		if err == nil || try == tries || !errors.As(err, &f) || f.Kind != fault.Unavailable {
			return err
		}
		t.steps = append(t.steps, "  again: "+err.Error())
		if try == tries-2 && t.faults != nil {
			t.faults.still++
			defer func() { t.faults.still-- }()
		}
	}
}

// once does a step; a killed program is started again.
func (t *town) once(fn func(ctx context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			k, ok := r.(killed)
			if !ok {
				panic(r)
			}
			t.app.DB.Close()
			t.open()
			err = away.Because(fmt.Errorf("%v in %s", k.kind, k.operation))
		}
	}()
	return fn(context.Background())
}

// must is do for what may not fail.
func (t *town) must(what string, fn func(ctx context.Context) error) {
	if err := t.do(what, fn); err != nil {
		t.fatal(fmt.Errorf("%s: %w", what, err))
	}
}

// fatal fails with the seed and the last steps.
func (t *town) fatal(err error) {
	t.tb.Helper()
	const shown = 25
	t.tb.Fatalf("town %d, %s: %v\nKVIT_TOWN_SEED=%d repeats it; last steps:\n%s", t.seed, t.day, err, t.seed, strings.Join(t.steps[max(0, len(t.steps)-shown):], "\n"))
}

// find is the account of a supplier's number.
func (t *town) find(code, number string) *account {
	a := t.byNumber[code+":"+number]
	if a == nil {
		t.fatal(fmt.Errorf("nobody has the account %s of %s", number, code))
	}
	return a
}

// money reads a sum as people write it.
func (t *town) money(text string) money.Amount {
	a, err := money.Parse(strings.ReplaceAll(text, ",", "."))
	if err != nil {
		t.fatal(err)
	}
	return a
}

// look compares the bill of a home with the oracle.
func (t *town) look(h *home) {
	var b *bill.Bill
	t.read("look at "+h.address, func(ctx context.Context) error {
		ref, id, err := t.app.Bills.FindByAccount(ctx, h.accounts[0].of.code, h.accounts[0].number, 0)
		if err != nil {
			return err
		}
		if ref.Household == 0 {
			return fmt.Errorf("account %d is in nobody's basket", id)
		}
		b, err = t.app.Bills.At(ctx, ref, 0)
		return err
	})
	got, total, advance := map[*account]money.Amount{}, money.Amount(0), money.Amount(0)
	for i := range b.Lines {
		got[t.find(b.Lines[i].Supplier, b.Lines[i].Account)] += b.Lines[i].Due
	}
	for _, a := range h.accounts {
		want := a.expected()
		if got[a] != want {
			t.fatal(fmt.Errorf("%s owes %s for account %s, the bill says %s", h.address, want.Format(), a.number, got[a].Format()))
		}
		total, advance = total+max(0, want), advance+max(0, -want)
	}
	if b.Total != total || b.Advance != advance || len(got) != len(h.accounts) {
		t.fatal(fmt.Errorf("%s: total %d, advance %d of %d accounts; the bill says %d, %d of %d", h.address, total, advance, len(h.accounts), b.Total, b.Advance, len(got)))
	}
}

// sound looks at every bill and asks the program to check itself.
func (t *town) sound() {
	t.settleOrders()
	for _, h := range t.homes {
		t.look(h)
	}
	t.holds()
}

// holds asks the program to check itself.
func (t *town) holds() {
	t.read("check", func(ctx context.Context) error {
		r, err := t.app.Check(ctx)
		if err != nil || r.OK {
			return err
		}
		for _, b := range r.Invariants {
			if b.Count > 0 {
				return fmt.Errorf("invariant %s: %d breaches, %v", b.ID, b.Count, b.Rows)
			}
		}
		return nil
	})
}

// seeds are those to run: one named by KVIT_TOWN_SEED, or as many as KVIT_TOWN_SEEDS says.
func seeds(tb testing.TB, usual int) (list []uint64) {
	if text := os.Getenv("KVIT_TOWN_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		return []uint64{n}
	}
	if n, err := strconv.Atoi(os.Getenv("KVIT_TOWN_SEEDS")); err == nil {
		usual = n
	}
	for i := range usual {
		list = append(list, uint64(i+1))
	}
	return list
}

// usual is the size of a town: small in everyday checks, two hundred accounts and three months at night.
func usual() size {
	if os.Getenv("KVIT_KILLS") != "" {
		return size{50, 3}
	}
	return size{20, 2}
}

// TestTowns runs towns on SQLite, broken at commits; each ends as its twin whose program never breaks.
func TestTowns(t *testing.T) {
	for _, seed := range seeds(t, 3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			broken := live(t, seed, usual(), false, true)
			whole := live(t, seed, usual(), false, false)
			if broken != whole {
				t.Errorf("town %d, broken, ends as %s, whole as %s", seed, broken, whole)
			}
		})
	}
}

// TestTownsOnPostgres runs towns on PostgreSQL.
func TestTownsOnPostgres(t *testing.T) {
	for _, seed := range seeds(t, 1) {
		live(t, seed, usual(), true, true)
	}
}

// live lives a town's months and gives the digest it ends with.
func live(tb testing.TB, seed uint64, z size, postgres, broken bool) (digest string) {
	t := newTown(tb, seed, z, postgres, broken)
	for range z.months {
		t.month()
	}
	t.end()
	t.read("digest", func(ctx context.Context) error {
		var err error
		digest, _, err = t.app.Digest(ctx)
		return err
	})
	return digest
}
