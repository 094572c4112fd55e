package feed

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

func now() calendar.Micros { return calendar.MicrosOf(time.Now()) }

// house is one house: flat 100 with water (two accounts), sewage, heat and waste, flat 200 with water alone.
type house struct {
	t         *testing.T
	db        *db.DB
	feeds     *Module
	suppliers map[string]int64
}

var codes = []string{"voda", "stoki", "teplo", "musor", "gaz"}

// accounts of the house: id, supplier, flat, number, services taken.
var accounts = []struct {
	id       int64
	supplier string
	flat     int64
	number   string
	services []string
}{
	{11, "voda", 100, "В-1", []string{"cold_water"}},
	{12, "voda", 100, "В-2", []string{"irrigation"}},
	{13, "stoki", 100, "С-1", []string{"sewage"}},
	{14, "teplo", 100, "Т-1", []string{"hot_water", "heating"}},
	{15, "musor", 100, "М-1", []string{"waste"}},
	{21, "voda", 200, "В-9", []string{"cold_water"}},
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, db: d, suppliers: map[string]int64{}}
	module := supplier.New(d, now)
	for _, code := range codes {
		s, err := module.Ensure(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		h.suppliers[code] = s.ID
	}
	var b account.Batch
	set := fact.Set{Building: 1}
	for _, a := range accounts {
		id := h.suppliers[a.supplier]
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: a.id, SupplierID: id, Number: a.number, OpenedAt: 1})
		b.Links = append(b.Links, account.Link{BuildingID: 1, AccountID: a.id, RecordedAt: 1, HouseholdID: a.flat, Rule: "flat"})
		for _, s := range a.services {
			set.Subscriptions = append(set.Subscriptions, fact.Subscription{AccountID: a.id, Household: a.flat, SupplierID: id, Service: s, Mode: fact.Issued, Term: calc.Term{From: 20200101}})
		}
	}
	w := fact.NewWriter()
	if err := w.Add(&set, 1); err != nil {
		t.Fatal(err)
	}
	h.write(func(tx *db.Tx) error {
		if err := b.Write(ctx, tx); err != nil {
			return err
		}
		return w.Write(ctx, tx)
	})
	tariffs := tariff.New(d, now)
	h.feeds = New(d, tariffs.Current, time.UTC, now)
	return h
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.db.WriteLocal(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) tell(list ...event.Event) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error { return event.Write(context.Background(), tx, list) })
	if _, err := h.feeds.Catch(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) page(code string, after int64) []Message {
	h.t.Helper()
	list, err := h.feeds.Page(context.Background(), h.suppliers[code], after, PageMax)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// bodies are events of every kind about account 11 (cold water of flat 100).
var bodies = map[event.Kind]event.Body{
	event.KindReading: event.Reading{Service: "cold_water"}, event.KindMeter: event.Meter{Service: "cold_water"}, event.KindResidents: event.Residents{}, event.KindOwnership: event.Ownership{},
	event.KindArea: event.Area{}, event.KindAccountOpened: event.AccountOpened{}, event.KindAccountMoved: event.AccountMoved{}, event.KindAccountClosed: event.AccountClosed{},
	event.KindPayment: event.Payment{}, event.KindRefund: event.Refund{}, event.KindBillPublished: event.BillPublished{Sums: map[int64]int64{11: 500, 13: 700}}, event.KindBillWithdrawn: event.BillWithdrawn{}, event.KindCharge: event.Charge{},
	event.KindConflictDecided: event.ConflictDecided{}, event.KindAutopay: event.Autopay{}, event.KindRequisites: event.Requisites{}, event.KindAppeal: event.Appeal{},
}

// mayKnow is the matrix, written apart from the table the program goes by: which accounts hear of an event of a kind
// about account 11. Everybody else hears nothing.
var mayKnow = map[event.Kind]string{
	event.KindReading: "В-1 В-2 С-1 Т-1", event.KindMeter: "В-1 В-2 С-1 Т-1",
	event.KindResidents: "В-1 В-2 С-1 Т-1 М-1", event.KindOwnership: "В-1 В-2 С-1 Т-1 М-1", event.KindArea: "В-1 В-2 С-1 Т-1 М-1",
	event.KindAccountOpened: "В-1", event.KindAccountMoved: "В-1", event.KindAccountClosed: "В-1",
	event.KindConflictDecided: "В-1 В-2 С-1 Т-1 М-1", event.KindAutopay: "",
	event.KindPayment: "В-1", event.KindRefund: "В-1", event.KindCharge: "В-1", event.KindRequisites: "В-1", event.KindAppeal: "В-1",
	event.KindBillPublished: "В-1 В-2 С-1 Т-1 М-1", event.KindBillWithdrawn: "В-1 В-2 С-1 Т-1 М-1",
}

// heard tells which accounts heard what was told last, of all suppliers.
func (h *house) heard(from map[string]int) (list []string) {
	for _, code := range codes {
		page := h.page(code, 0)
		for _, m := range page[from[code]:] {
			if m.Supplier != code {
				h.t.Errorf("a message to %s names %s", code, m.Supplier)
			}
			list = append(list, m.Account)
		}
		from[code] = len(page)
	}
	slices.Sort(list)
	return list
}

// TestNobodyHearsMore: every kind to every supplier.
func TestNobodyHearsMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, from := newHouse(t, d), map[string]int{}
		for _, kind := range event.Kinds {
			service := ""
			if kind == event.KindReading || kind == event.KindMeter {
				service = "cold_water"
			}
			h.tell(event.Event{BuildingID: 1, AccountID: 11, At: now(), Service: service, Body: bodies[kind]})
			want := fields(mayKnow[kind])
			if got := h.heard(from); !slices.Equal(got, want) {
				t.Errorf("%s: heard by %v, want %v", kind, got, want)
			}
		}
		if len(Entitled) != len(event.Kinds) || len(mayKnow) != len(event.Kinds) {
			t.Error("a kind has no row in a table of entitlements")
		}
	})
}

// TestEachHearsHisOwnSum: a bill is one event for all who are on it, and each is told what is due to him alone; what is
// about all accounts of a supplier is told to him alone.
func TestEachHearsHisOwnSum(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.tell(event.Event{BuildingID: 1, HouseholdID: 100, At: now(), Body: event.BillPublished{Number: "К-1", Sums: map[int64]int64{11: 500, 13: 700}}})
		h.tell(event.Event{SupplierID: h.suppliers["stoki"], At: now(), Body: event.Charge{Run: 3, Month: "2026-10", Sum: 9000}})
		for code, want := range map[string][]string{
			"voda":  {`{"number":"К-1","month":"","sum":500}`, `{"number":"К-1","month":"","sum":0}`},
			"stoki": {`{"number":"К-1","month":"","sum":700}`, `{"run":3,"month":"2026-10","sum":9000}`},
			"teplo": {`{"number":"К-1","month":"","sum":0}`},
			"gaz":   nil,
		} {
			var got []string
			for _, m := range h.page(code, 0) {
				got = append(got, string(m.Data))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s is told %v, want %v", code, got, want)
			}
		}
	})
}

// TestServicesDecideWhoHearsOfReadings: by the links of the catalogue, not by who shares the flat.
func TestServicesDecideWhoHearsOfReadings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, from := newHouse(t, d), map[string]int{}
		for _, c := range []struct {
			account int64
			service string
			want    string
		}{
			{14, "hot_water", "С-1 Т-1"},
			{14, "heating", "Т-1"},
			{12, "irrigation", "В-2 С-1"},
			{13, "sewage", "С-1"},
			{15, "waste", "М-1"},
			{21, "cold_water", "В-9"},
			{11, "unknown", "В-1"},
			{11, "", "В-1"},
		} {
			h.tell(event.Event{BuildingID: 1, AccountID: c.account, At: now(), Service: c.service, Body: event.Reading{Service: c.service}})
			if got := h.heard(from); !slices.Equal(got, fields(c.want)) {
				t.Errorf("%s of %d: heard by %v, want %v", c.service, c.account, got, c.want)
			}
		}
		h.tell(event.Event{BuildingID: 1, HouseholdID: 200, At: now(), Body: event.Residents{}}, event.Event{BuildingID: 1, HouseholdID: 300, At: now(), Body: event.Residents{}})
		if got := h.heard(from); !slices.Equal(got, []string{"В-9"}) {
			t.Errorf("of a household as a whole: %v", got)
		}
		h.write(func(tx *db.Tx) error {
			_, err := tx.ExecContext(context.Background(), "UPDATE account SET closed_at = 5 WHERE account_id = 13")
			return err
		})
		h.tell(event.Event{BuildingID: 1, AccountID: 14, At: now(), Service: "hot_water", Body: event.Reading{}}, event.Event{BuildingID: 1, AccountID: 13, At: now(), Body: event.AccountClosed{}})
		if got := h.heard(from); !slices.Equal(got, fields("С-1 Т-1")) {
			t.Errorf("of a closed account its end alone: %v", got)
		}
	})
}

func fields(s string) []string {
	list := strings.Fields(s)
	slices.Sort(list)
	return list
}

// TestPlacesToGoOnFrom: a cursor, a moment, a day, nothing; and what is no place.
func TestPlacesToGoOnFrom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		for i := range 7 {
			h.feeds.now = func() calendar.Micros { return calendar.MicrosOf(start.AddDate(0, 0, i)) }
			h.tell(event.Event{BuildingID: 1, AccountID: 11, At: h.feeds.now(), Body: event.Payment{Sum: int64(i)}})
		}
		for after, want := range map[string]int64{
			"": 0, "0": 0, "3": 3, "7": 7, "2026-11-20T11:59:59Z": 0, "2026-11-20T12:00:00Z": 1, "2026-11-22T15:00:00+03:00": 3, "2026-11-23": 3, "2027-01-01": 7, "1999-01-01": 0,
		} {
			if got, err := h.feeds.Find(context.Background(), h.suppliers["voda"], after); err != nil || got != want {
				t.Errorf("%q: %d, %v; want %d", after, got, err, want)
			}
		}
		for _, after := range []string{"x", "-1", "+1", "1.5", "2026-13-01"} {
			if _, err := h.feeds.Find(context.Background(), h.suppliers["voda"], after); fault.CodeOf(err) != "feed.after" {
				t.Errorf("%q: %v", after, err)
			}
		}
		if page := h.page("gaz", 0); len(page) != 0 {
			t.Errorf("a supplier who has no account here: %v", page)
		}
	})
}

// TestAPlaceTheFeedHasNotComeTo: a reader whose cursor is ahead, after the database was restored, is told so; he would wait
// in silence otherwise. The last place itself is one.
func TestAPlaceTheFeedHasNotComeTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := newHouse(t, d)
		h.write(func(tx *db.Tx) error {
			return event.Write(ctx, tx, []event.Event{{BuildingID: 1, AccountID: 11, At: now(), Body: event.Payment{Operation: "p", Day: "2026-11-22", Sum: 1}}})
		})
		if _, err := h.feeds.Catch(ctx); err != nil {
			t.Fatal(err)
		}
		if at, err := h.feeds.Find(ctx, h.suppliers["voda"], "1"); at != 1 || err != nil {
			t.Errorf("the last place: %d, %v", at, err)
		}
		for _, after := range []string{"2", "9223372036854775807"} {
			if _, err := h.feeds.Find(ctx, h.suppliers["voda"], after); fault.CodeOf(err) != "feed.ahead" {
				t.Errorf("%s: %v", after, err)
			}
		}
	})
}
