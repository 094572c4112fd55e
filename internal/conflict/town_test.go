package conflict

import (
	"context"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

var operator = access.Actor{Role: access.CentreOperator, Name: "olga"}

// place is one house with one flat: two suppliers, one of which is charged by area.
type place struct {
	t         *testing.T
	ctx       context.Context
	db        *db.DB
	m         *Module
	at        calendar.Micros
	suppliers map[string]int64
}

const homeID = 100

func newPlace(t *testing.T, d *db.DB) *place {
	t.Helper()
	w := &place{t: t, ctx: context.Background(), db: d, at: 1_000_000, suppliers: map[string]int64{}}
	now := func() calendar.Micros { w.at++; return w.at }
	suppliers := supplier.New(d, now)
	for _, code := range []string{"uk", "fkr", "voda"} {
		s, err := suppliers.Ensure(w.ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		w.suppliers[code] = s.ID
	}
	houses := housing.New(d, now)
	if _, err := houses.Load(w.ctx, strings.NewReader("house_id,street_type,street,house,flats,kind\nH1,ул,Ленина,12,40,mkd\n"), "houses.csv"); err != nil {
		t.Fatal(err)
	}
	catalog := sample.Catalog()
	charges := charge.New(charge.Deps{DB: d, Now: now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	w.m = New(Deps{DB: d, Houses: houses, Charges: charges, Now: now, Today: func() calendar.Date { return 20261120 }})
	return w
}

func (w *place) building() (id int64) {
	w.read(func(tx *db.Tx) error {
		b, err := housing.FindByCode(w.ctx, tx, "H1")
		id = b.ID
		return err
	})
	return id
}

func (w *place) read(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.db.Read(w.ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *place) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.db.WriteLocal(w.ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

// says is a supplier's row about the flat; the first one opens the account.
func (w *place) says(code string, number int64, area decimal.Decimal, residents int, fio string) {
	w.t.Helper()
	w.at++
	e := account.Evidence{FIO: fio, Flat: "5", Area: int64(area), Residents: &residents}
	b := account.Batch{Claims: []account.Claim{{BuildingID: w.building(), AccountID: number, RecordedAt: w.at, FileID: 7, RowNo: number, Printed: "N", Status: account.StatusPlaced, Flat: "5", Evidence: e.Encode()}}}
	known := false
	w.read(func(tx *db.Tx) error {
		live, err := account.ListLive(w.ctx, tx, w.building(), w.at)
		for _, a := range live {
			known = known || a.AccountID == number
		}
		return err
	})
	if !known {
		b.Accounts = []account.Account{{BuildingID: w.building(), AccountID: number, SupplierID: w.suppliers[code], Number: code + "-1", OpenedAt: w.at}}
		b.Links = []account.Link{{BuildingID: w.building(), AccountID: number, RecordedAt: w.at, HouseholdID: homeID, Rule: "address"}}
		if number == 1 {
			b.Households = []account.Household{{BuildingID: w.building(), HouseholdID: homeID, RecordedAt: w.at, Flat: "5"}}
		}
	}
	w.write(func(tx *db.Tx) error { return b.Write(w.ctx, tx) })
	if err := w.m.Refresh(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// charged makes the flat take maintenance of the managing company, computed by Kvit.
func (w *place) charged() {
	w.t.Helper()
	out := fact.NewWriter()
	set := &fact.Set{Building: w.building(), Premises: []fact.Premises{{Head: fact.Head{Source: "file:7:1"}, Household: homeID, Area: 45_0000000}},
		Stays:         []fact.Stay{{Head: fact.Head{Source: "file:7:1"}, Household: homeID, ID: 1, Kind: fact.Resident, Persons: 2}},
		Subscriptions: []fact.Subscription{{Household: homeID, AccountID: 1, Service: "maintenance", SupplierID: w.suppliers["uk"], ServiceID: 9, Mode: fact.Computed}}}
	if err := out.Add(set, w.at); err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error {
		if err := charge.Write(w.ctx, tx, []charge.Line{{BuildingID: w.building(), AccountID: 1, Month: 202610, ServiceID: 9, RecordedAt: w.at}}); err != nil {
			return err
		}
		return out.Write(w.ctx, tx)
	})
}

func (w *place) list(f Filter) []Shown {
	w.t.Helper()
	list, err := w.m.List(w.ctx, operator, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// one is the only case of an attribute.
func (w *place) one(a Attribute) Shown {
	w.t.Helper()
	list := w.list(Filter{Attribute: a, All: true})
	if len(list) != 1 {
		w.t.Fatalf("%d cases of %s", len(list), a)
	}
	return list[0]
}

// TestAnAreaIsDecided: found with what it costs, decided with a reason, charged by, told, opened again by a new value and
// closed when all say the same.
func TestAnAreaIsDecided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newPlace(t, d)
		w.charged()
		w.says("uk", 1, 45_0000000, 2, "Иванов Иван Иванович")
		if list := w.list(Filter{}); len(list) != 0 {
			t.Fatalf("one supplier alone: %+v", list)
		}
		w.says("fkr", 2, 55_0000000, 2, "ИВАНОВ И.И.")
		x := w.one(Area)
		if x.State != Open || x.Effect != 31200 || len(x.Claims) != 2 || x.Claims[0].Source == "" {
			t.Fatalf("found: %+v", x)
		}
		if list := w.list(Filter{}); len(list) != 1 {
			t.Errorf("initials and equal figures are no conflicts: %+v", list)
		}

		id := x.Case.ID
		if _, err := w.m.Decide(w.ctx, operator, Judgement{ID: id, As: "fkr"}); fault.As(err).Code != "conflict.reason" {
			t.Errorf("without a reason: %v", err)
		}
		trial, err := w.m.Decide(w.ctx, operator, Judgement{ID: id, As: "fkr", DryRun: true})
		if err != nil || trial.Effect.Before != 140400 || trial.Effect.After != 171600 || w.one(Area).State != Open {
			t.Errorf("a trial: %+v, %v", trial, err)
		}
		if _, err := w.m.Decide(w.ctx, operator, Judgement{ID: id, As: "fkr", Reason: "обмер"}); err != nil {
			t.Fatal(err)
		}
		engine, err := w.m.Charges.Engine(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		w.read(func(tx *db.Tx) error {
			total, err := charge.MonthIn(w.ctx, tx, engine, w.building(), homeID, 202610)
			if total != 171600 {
				t.Errorf("charged %d by the decision", total)
			}
			return err
		})
		w.checks(1)

		w.says("fkr", 2, 55_0000000, 3, "ИВАНОВ И.И.")
		if x := w.one(Area); x.State != Decided || x.Value != "55" {
			t.Errorf("the same again opens nothing: %+v", x)
		}
		w.says("uk", 1, 47_0000000, 3, "Иванов Иван Иванович")
		if x := w.one(Area); x.State != Open || len(w.list(Filter{Attribute: Residents})) != 0 {
			t.Errorf("a new value: %+v", x)
		}
		w.says("uk", 1, 55_0000000, 3, "Иванов Иван Иванович")
		if x := w.one(Area); x.State != Agreed {
			t.Errorf("all say the same: %+v", x)
		}
		w.checks(1)
	})
}

// checks holds the invariants, and how often a decision was told to each of the household's suppliers.
func (w *place) checks(told int) {
	w.t.Helper()
	feeds := feed.New(w.db, func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return sample.Catalog(), nil }, time.UTC, w.m.Now)
	if _, err := feeds.Catch(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	for _, code := range []string{"uk", "fkr"} {
		page, err := feeds.Page(w.ctx, w.suppliers[code], 0, feed.PageMax)
		if err != nil || len(page) != told || told > 0 && page[0].Kind != event.KindConflictDecided {
			w.t.Errorf("%s is told %+v, %v", code, page, err)
		}
	}
	w.read(func(tx *db.Tx) error {
		list, err := Invariants(w.ctx, tx)
		for _, b := range list {
			if b.Count > 0 {
				w.t.Errorf("%+v", b)
			}
		}
		return err
	})
}

// TestRulesDecideByThemselves: a rule of the centre's own that decides at once, and what each supplier sees of it.
func TestRulesDecideByThemselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newPlace(t, d)
		w.charged()
		if _, err := w.m.LoadRules(w.ctx, operator, strings.NewReader("rules: [{attribute: residents, from: 2026-01-01, trust: [voda, '*'], auto: true}]")); err != nil {
			t.Fatal(err)
		}
		w.says("uk", 1, 0, 2, "Иванов Иван")
		w.says("fkr", 2, 0, 2, "Петрова Анна")
		w.says("voda", 3, 0, 4, "Иванов Иван")
		x := w.one(Residents)
		if x.State != Decided || x.Value != "4" || x.Actor != "rule" || x.Reason == "" {
			t.Fatalf("%+v", x)
		}
		w.read(func(tx *db.Tx) error {
			set, err := fact.Gather(w.ctx, tx, w.building(), w.at)
			if len(set.Stays) != 1 || set.Stays[0].Persons != 4 || !set.Stays[0].Holds(20261101) {
				t.Errorf("stays: %+v", set.Stays)
			}
			return err
		})
		fkr := access.Actor{Role: access.SupplierOperator, SupplierID: w.suppliers["fkr"]}
		list, err := w.m.List(w.ctx, fkr, Filter{Attribute: Owner})
		if err != nil || len(list) != 1 || list[0].Household != "" {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, c := range list[0].Claims {
			own := c.Who == "fkr"
			if own != (c.Account != "") || own != (c.Value == "Петрова Анна") || own != (c.Source != "") {
				t.Errorf("a supplier sees %+v", c)
			}
		}
		if _, err := w.m.Decide(w.ctx, fkr, Judgement{ID: list[0].Case.ID, As: "fkr", Reason: "мы правы"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a supplier decides: %v", err)
		}
		stranger := access.Actor{Role: access.SupplierOperator, SupplierID: 999_999}
		if list, err := w.m.List(w.ctx, stranger, Filter{All: true}); err != nil || len(list) != 0 {
			t.Errorf("a stranger sees %+v, %v", list, err)
		}
		b, err := w.m.DecideByRule(w.ctx, operator, Owner, "", false)
		if err != nil || b.Decided != 1 || len(w.list(Filter{})) != 0 {
			t.Errorf("by rule: %+v, %v", b, err)
		}
	})
}

// TestMetersAreCompared: two suppliers of one meter, and the centre.
func TestMetersAreCompared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newPlace(t, d)
		w.says("uk", 1, 0, 2, "")
		w.says("voda", 2, 0, 2, "")
		out := fact.NewWriter()
		meter := func(id, account int64, serial, source string, digits uint8, until calendar.Date) fact.Meter {
			return fact.Meter{Head: fact.Head{Source: source}, ID: id, AccountID: account, Service: "cold_water", Serial: serial, Digits: digits, VerifiedBy: until, Term: calc.Term{From: 20200101}}
		}
		for i, m := range []fact.Meter{meter(11, 1, "0012345", "file:7:1", 5, 20300501), meter(12, 2, "12345", "api:voda:1", 8, 20310501), meter(12, 2, "12345", "person:olga: акт", 8, 20300501)} {
			if err := out.Add(&fact.Set{Building: w.building(), Meters: []fact.Meter{m}}, w.at+calendar.Micros(i)); err != nil {
				t.Fatal(err)
			}
		}
		w.write(func(tx *db.Tx) error { return out.Write(w.ctx, tx) })
		w.at += 10
		if err := w.m.Refresh(w.ctx); err != nil {
			t.Fatal(err)
		}
		if list := w.list(Filter{Attribute: MeterNumber}); len(list) != 0 {
			t.Errorf("zeros before a number: %+v", list)
		}
		if x := w.one(MeterDigits); x.Object != "cold_water/12345" || len(x.Claims) != 3 {
			t.Errorf("%+v", x)
		}
		x := w.one(Verified)
		if len(x.Claims) != 3 || x.Suggested != "2030-05-01" || x.By != Centre {
			t.Errorf("%+v", x)
		}
		if _, err := w.m.Decide(w.ctx, operator, Judgement{ID: w.one(MeterDigits).Case.ID, Value: "5", Reason: "фото"}); err != nil {
			t.Fatal(err)
		}
		w.read(func(tx *db.Tx) error {
			set, err := fact.Gather(w.ctx, tx, w.building(), w.at+100)
			for i := range set.Meters {
				if set.Meters[i].Digits != 5 {
					t.Errorf("%+v", set.Meters[i])
				}
			}
			return err
		})
	})
}
