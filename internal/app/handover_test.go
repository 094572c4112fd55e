package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/city"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/handover"
	"kvit/internal/handover/seal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/settlement"
)

// centre is an installation whose program others reach over loopback.
type centre struct {
	*App
	url string
	cut atomic.Int32 // answers still to be lost: what was asked is done, nobody hears of it
}

func (c *centre) serve(t *testing.T, h http.Handler) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.cut.Add(-1) < 0 {
			h.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	c.url = server.URL
	c.Bills.BaseURL = server.URL
}

// twoCentres are a centre with a town and one that knows its suppliers only; each has pinned the other's key.
func twoCentres(t *testing.T, d, other *db.DB) (w *town, giver, taker *centre) {
	t.Helper()
	ctx := context.Background()
	w = newTown(t, d)
	b, err := build(other, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b.requests = slog.New(slog.DiscardHandler)
	giver, taker = &centre{App: w.a}, &centre{App: b}
	dir := t.TempDir()
	if _, err := city.Make(ctx, city.Options{Out: dir, Households: 60, Seed: 5, Month: calendar.NewMonth(2026, 10), Defects: 1}); err != nil {
		t.Fatal(err)
	}
	if err := taker.loadFile(filepath.Join(dir, "suppliers.yaml"), func(f *os.File) error {
		_, err := taker.Suppliers.Load(ctx, f)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := giver.Suppliers.Load(ctx, strings.NewReader("- {code: novy, name: РЦ Новый, inn: '9950013244', bic: '049900802', account: '40702810699000000064', bank: Б}\n")); err != nil {
		t.Fatal(err)
	}
	h, err := taker.Handler(nil)
	if err != nil {
		t.Fatal(err)
	}
	giver.serve(t, w.handler)
	taker.serve(t, h)
	for _, x := range []struct {
		at, of         *centre
		code, supplier string
	}{{giver, taker, "new", "novy"}, {taker, giver, "old", ""}} {
		if _, err := x.at.Handovers.Pin(ctx, "olga", handover.Peer{Code: x.code, Name: "Центр " + x.code, Key: x.of.Handovers.Keys.Public().String(), URL: x.of.url, Supplier: x.supplier}, false); err != nil {
			t.Fatal(err)
		}
	}
	return w, giver, taker
}

// round speaks with the other centre, and must have no trouble.
func (c *centre) round(t *testing.T) {
	t.Helper()
	if s, err := c.Handovers.Round(context.Background()); err != nil || len(s.Troubles) > 0 {
		t.Fatalf("%+v, %v", s, err)
	}
}

func (c *centre) state(t *testing.T, id, want string) *handover.View {
	t.Helper()
	v, err := c.Handovers.Show(context.Background(), id)
	if err != nil || v.State != want {
		t.Fatalf("state %+v, %v, want %s", v, err, want)
	}
	return v
}

func (c *centre) sound(t *testing.T) {
	t.Helper()
	r, err := c.Check(context.Background())
	if err != nil || !r.OK {
		t.Errorf("%v, %v", broken(r), err)
	}
}

// code tells whether a fault has a code.
func coded(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// dues are what the accounts of a household owe, by number.
func (c *centre) dues(t *testing.T, ref bill.Ref) (total money.Amount, byNumber map[string]money.Amount) {
	t.Helper()
	b, err := c.Bills.At(context.Background(), ref, 0)
	if err != nil {
		t.Fatal(err)
	}
	byNumber = map[string]money.Amount{}
	for _, s := range b.Suppliers {
		byNumber[s.Supplier+":"+s.Account] += s.Due
	}
	return b.Total, byNumber
}

// pays brings a bank's register with one payment for an account.
func (c *centre) pays(t *testing.T, operation, supplier, number string, sum money.Amount) {
	t.Helper()
	v, err := c.Payments.TakeLines(context.Background(), payment.Source{FileID: 77, Channel: "sber"}, []payment.Line{{Row: 1, Operation: operation, SupplierCode: supplier, Number: number, Date: 20261120, Amount: sum}}, nil)
	if err != nil || v[0] != payment.Applied {
		t.Fatalf("%v, %v", v, err)
	}
}

// TestHouseGoesToAnotherCentre lives a hand-over over loopback, with answers lost, messages repeated, changed and forged, money
// on its way and files that come late, and compares every bill.
func TestHouseGoesToAnotherCentre(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w, giver, taker := twoCentres(t, d, dbtest.SQLite(t))
		ref := bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}
		house, err := giver.Bills.At(ctx, ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		code, err := giver.Bills.CodeOf(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}

		h, err := giver.Handovers.Prepare(ctx, "olga", house.House, "new", 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = giver.Handovers.Prepare(ctx, "olga", house.House, "new", 0)
		coded(t, err, "handover.busy")
		refuseForged(t, giver, taker, h.ID)
		taker.cut.Store(1) // the package comes, its answer does not
		if s, err := giver.Handovers.Round(ctx); err != nil || len(s.Troubles) != 1 {
			t.Fatalf("%+v, %v", s, err)
		}
		giver.round(t)
		v := taker.state(t, h.ID, handover.Offered)
		if v.Due != h.Due || v.Book != h.Book || v.Accounts == 0 {
			t.Errorf("offered %+v, prepared %+v", v.Handover, h)
		}
		for _, x := range v.Differences {
			if x.Blocking {
				t.Errorf("%+v", x)
			}
		}

		line := house.Suppliers[0]
		giver.pays(t, "late-1", line.Supplier, line.Account, 1234) // after the cut, before the house leaves
		if _, err := taker.Handovers.Accept(ctx, "ivan", h.ID); err != nil {
			t.Fatal(err)
		}
		_, err = taker.Handovers.Accept(ctx, "ivan", h.ID)
		coded(t, err, "handover.same_person")
		_, err = giver.Handovers.Confirm(ctx, "petr", h.ID)
		coded(t, err, "handover.state")
		if _, err := taker.Handovers.Accept(ctx, "anna", h.ID); err != nil {
			t.Fatal(err)
		}
		taker.round(t)
		_, err = giver.Handovers.Confirm(ctx, "olga", h.ID)
		coded(t, err, "handover.same_person")
		total, dues := giver.dues(t, ref)
		for range 2 { // twice: pressed again, it is done
			if _, err := giver.Handovers.Confirm(ctx, "petr", h.ID); err != nil {
				t.Fatal(err)
			}
		}
		giver.sound(t)
		giver.pays(t, "late-2", line.Supplier, line.Account, 777) // after the house has left, before it is there
		taker.cut.Store(2)
		for range 3 {
			if _, err := giver.Handovers.Round(ctx); err != nil {
				t.Fatal(err)
			}
		}
		giver.round(t)
		taker.round(t)
		giver.state(t, h.ID, handover.Completed)
		if late := giver.state(t, h.ID, handover.Completed).Late; late.Count != 2 || late.Sum != 2011 || late.Booked != 2011 {
			t.Errorf("late payments %+v", late)
		}
		taker.state(t, h.ID, handover.Completed)

		there := refThere(t, taker, line.Supplier, line.Account)
		totalThere, duesThere := taker.dues(t, there)
		for number, due := range dues {
			want := due
			if number == line.Supplier+":"+line.Account {
				want -= 777
			}
			if duesThere[number] != want {
				t.Errorf("%s owes %s there, %s here (of %s and %s)", number, duesThere[number].Format(), want.Format(), totalThere.Format(), total.Format())
			}
		}
		if len(duesThere) != len(dues) {
			t.Errorf("%d accounts there, %d here", len(duesThere), len(dues))
		}
		if left, _ := giver.dues(t, ref); left != 0 {
			t.Errorf("%s is still asked for here", left.Format())
		}
		lateMoneyIsPaidOut(t, giver)
		oldBillLeadsOn(t, w, taker, "/pay/"+code.Token)
		lateFileIsRefused(t, giver, line.Supplier)
		giver.sound(t)
		taker.sound(t)
	})
}

// refThere is the household of an account with the other centre.
func refThere(t *testing.T, c *centre, supplier, number string) bill.Ref {
	t.Helper()
	ref, _, err := c.Bills.FindByAccount(context.Background(), supplier, number, 0)
	if err != nil || ref.Household == 0 {
		t.Fatalf("%+v, %v", ref, err)
	}
	return ref
}

// refuseForged: a package that was changed, one of a stranger, one closed for another.
func refuseForged(t *testing.T, giver, taker *centre, id string) {
	t.Helper()
	ctx := context.Background()
	_, raw, err := giver.Handovers.Message(ctx, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	var msg seal.Message
	if err := json.Unmarshal(raw, &msg); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("Иван")) || strings.Contains(string(msg.Body), "кв") {
		t.Error("a package can be read on its way")
	}
	msg.Body[len(msg.Body)/2] ^= 1
	changed, _ := json.Marshal(msg)
	_, err = taker.Handovers.Take(ctx, changed)
	coded(t, err, "handover.signature")
	stranger, _ := seal.NewKeys()
	forged := seal.Message{Handover: id, Kind: "offer", Number: 1}
	if err := stranger.Close(&forged, taker.Handovers.Keys.Public(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(forged)
	_, err = taker.Handovers.Take(ctx, text)
	coded(t, err, "handover.stranger")
	_, err = giver.Handovers.Take(ctx, raw)
	coded(t, err, "handover.stranger")
}

// lateMoneyIsPaidOut closes the day: the other centre is owed what came late, its suppliers are not.
func lateMoneyIsPaidOut(t *testing.T, giver *centre) {
	t.Helper()
	ctx := context.Background()
	if _, err := giver.Settlement.CloseDay(ctx, "olga", giver.Settlement.Today()); err != nil {
		t.Fatal(err)
	}
	done, err := giver.Settlement.Prepare(ctx, "olga", settlement.PrepareRequest{Suppliers: []string{"novy"}})
	if err != nil || len(done.Payouts) != 1 || done.Payouts[0].Paid != 2011 {
		t.Fatalf("%+v, %v", done, err)
	}
	if row, err := giver.WritePayoutRegister(ctx, access.Scope{All: true}, done.Payouts[0].ID, t.TempDir()); err != nil || row.Sum != 2011 {
		t.Errorf("%+v, %v", row, err)
	}
}

// oldBillLeadsOn opens the old bill's address: it leads to the live bill of the other centre.
func oldBillLeadsOn(t *testing.T, w *town, taker *centre, path string) {
	t.Helper()
	page := w.visitor(access.Anonymous, 0).do("GET", path, nil)
	text := page.Body.String()
	at := strings.Index(text, taker.url+"/pay/")
	if page.Code != http.StatusOK || at < 0 || !strings.Contains(text, "Центр new") {
		t.Fatalf("%d %.600s", page.Code, strip(text))
	}
	link := text[at : at+strings.IndexByte(text[at:], '"')]
	answer, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	there, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(there), "К оплате") {
		t.Errorf("%d %v %.300s", answer.StatusCode, err, strip(string(there)))
	}
}

// lateFileIsRefused takes the registers in again: what is of accounts that left is left out, and says why.
func lateFileIsRefused(t *testing.T, giver *centre, supplier string) {
	t.Helper()
	dir := t.TempDir()
	if _, err := city.Make(context.Background(), city.Options{Out: dir, Households: 60, Seed: 5, Month: calendar.NewMonth(2026, 11), Defects: 1}); err != nil {
		t.Fatal(err)
	}
	r, err := giver.Exchange.Intake(context.Background(), exchange.Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{dir}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range r.Issues {
		if r.Issues[i].Code == "handover.left" {
			found++
		}
	}
	if found == 0 {
		t.Errorf("%d issues, none of accounts that left (of %s)", len(r.Issues), supplier)
	}
}

// TestChangedHouseStays: what changed after the balances were agreed on, a centre that thinks better of it, an old package sent
// again.
func TestChangedHouseStays(t *testing.T) {
	inOrder(t)
	ctx := context.Background()
	w, giver, taker := twoCentres(t, dbtest.SQLite(t), dbtest.SQLite(t))
	house, err := giver.Bills.At(ctx, bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
	if err != nil {
		t.Fatal(err)
	}
	id := accepted(t, giver, taker, house.House)
	err = giver.DB.Write(ctx, func(tx *db.Tx) error {
		rows, err := charge.ListAccount(ctx, tx, house.BuildingID, house.Lines[0].AccountID, giver.now())
		if err != nil || len(rows) == 0 {
			return err
		}
		row := rows[len(rows)-1]
		row.RecordedAt, row.Charge, row.Due = giver.now(), row.Charge+100, row.Due+100
		return charge.Write(ctx, tx, []charge.Line{row})
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = giver.Handovers.Confirm(ctx, "petr", id)
	coded(t, err, "handover.changed")
	_, old, err := giver.Handovers.Message(ctx, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := giver.Handovers.Cancel(ctx, "olga", id, "пришёл новый реестр"); err != nil {
		t.Fatal(err)
	}
	giver.round(t)
	taker.state(t, id, handover.Cancelled)

	again, err := giver.Handovers.Prepare(ctx, "olga", house.House, "new", 0)
	if err != nil {
		t.Fatal(err)
	}
	giver.round(t)
	if x, err := taker.Handovers.Take(ctx, old); err != nil || !x.Repeated {
		t.Errorf("the old package: %+v, %v", x, err)
	}
	taker.state(t, id, handover.Cancelled)
	taker.state(t, again.ID, handover.Offered)
	if _, err := taker.Handovers.Decline(ctx, "ivan", again.ID, "договор ещё не подписан"); err != nil {
		t.Fatal(err)
	}
	taker.round(t)
	if v := giver.state(t, again.ID, handover.Declined); !strings.Contains(v.Reason, "договор") {
		t.Errorf("reason %q", v.Reason)
	}
	if _, live := giver.dues(t, bill.Ref{Building: house.BuildingID, Household: house.HouseholdID}); len(live) == 0 {
		t.Error("a house nobody took is gone")
	}
	giver.sound(t)
	taker.sound(t)
}

// TestGonePlaceIsItsOwn: the place of accounts that left is no place of a supplier or a channel.
func TestGonePlaceIsItsOwn(t *testing.T) {
	inOrder(t)
	for _, building := range []int64{0, 1, -1, account.UnplacedBuilding(1<<40, "1")} {
		if account.IsGone(building) {
			t.Errorf("%d is no place of those who left", building)
		}
	}
	if !account.IsGone(account.GoneBuilding(1)) {
		t.Error("a place of those who left is not known as one")
	}
}
