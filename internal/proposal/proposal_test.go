package proposal

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/person"
	"kvit/internal/supplier"
)

const suppliersYAML = `suppliers:
  - {code: voda, name: Водоканал}
  - {code: teplo, name: Теплосеть}
`

// flat is a house with the home of household 100 (account 10, of the first supplier) and an account 11 of household 200 that may be
// of it.
type flat struct {
	t        *testing.T
	m        *Module
	actor    access.Actor
	decided  []Join
	voda     int64
	teplo    int64
	recorded calendar.Micros
}

func newFlat(t *testing.T, d *db.DB) *flat {
	t.Helper()
	ctx, now := context.Background(), func() calendar.Micros { return 1_000_000 }
	a, err := access.New(d, t.TempDir(), now)
	if err != nil {
		t.Fatal(err)
	}
	people := person.New(d, a, now)
	f := &flat{t: t, actor: access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 100}}
	f.m = &Module{DB: d, People: people, Access: a, Now: now, Decide: func(_ context.Context, _ access.Actor, j Join) error { f.decided = append(f.decided, j); return nil }}
	if f.actor.UserID, _, err = people.ByContact(ctx, person.Phone, "+79000000001"); err != nil {
		t.Fatal(err)
	}
	if _, err := supplier.New(d, now).Load(ctx, strings.NewReader(suppliersYAML)); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(ctx, func(tx *db.Tx) error {
		list, err := supplier.List(ctx, tx)
		for _, s := range list {
			if s.Code == "voda" {
				f.voda = s.ID
			} else {
				f.teplo = s.ID
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

// put writes an account into a household.
func (f *flat) put(id, supplierID, household int64, number, flat string, e account.Evidence) {
	f.t.Helper()
	f.recorded++
	b := account.Batch{Claims: []account.Claim{{BuildingID: 1, AccountID: id, RecordedAt: f.recorded, Printed: number, Status: account.StatusPlaced, Flat: flat, Evidence: e.Encode()}}}
	if f.recorded <= 2 {
		b.Households = []account.Household{{BuildingID: 1, HouseholdID: household, RecordedAt: 1, Flat: flat}}
		b.Routes = []account.Route{{SupplierID: supplierID, Number: number, AccountID: id, BuildingID: 1}}
		b.Accounts = []account.Account{{BuildingID: 1, AccountID: id, SupplierID: supplierID, Number: number, OpenedAt: 1}}
		b.Links = []account.Link{{BuildingID: 1, AccountID: id, RecordedAt: 1, HouseholdID: household}}
	}
	if err := f.m.DB.WriteLocal(context.Background(), func(tx *db.Tx) error { return b.Write(context.Background(), tx) }); err != nil {
		f.t.Fatal(err)
	}
}

func (f *flat) list() []Proposal {
	f.t.Helper()
	list, err := f.m.List(context.Background(), 1, 100)
	if err != nil {
		f.t.Fatal(err)
	}
	return list
}

// TestWhyAnAccountIsProposed: each reason in words; what is not certain needs the whole number; a name alone is no reason.
func TestWhyAnAccountIsProposed(t *testing.T) {
	own := account.Evidence{ELS: "20АА123456-01", FIO: "Иванова А. П.", Flat: "5"}
	for _, x := range []struct {
		name, flat string
		evidence   account.Evidence
		reasons    string
		sure       bool
	}{
		{"единый счёт", "7", account.Evidence{ELS: "20АА123456-02"}, "тот же единый лицевой счёт", true},
		{"та же квартира", "5", account.Evidence{FIO: "Петров С. С."}, "тот же адрес и квартира", false},
		{"та же квартира и плательщик", "5", account.Evidence{FIO: "Иванова Анна Павловна"}, "тот же адрес и квартира, имя плательщика похоже на ваше", true},
		{"так в файле", "7", account.Evidence{Flat: "5"}, "в файле поставщика указана ваша квартира", false},
		{"только имя", "7", account.Evidence{FIO: "Иванова А. П.", Flat: "7"}, "", false},
	} {
		t.Run(x.name, func(t *testing.T) {
			h := &house{evidence: map[int64]account.Evidence{10: own, 11: x.evidence}, doubts: map[int64]match.StoredReview{}, apart: map[string]bool{}}
			h.mine = []account.Member{{Account: account.Account{AccountID: 10, SupplierID: 1, Number: "1"}, Claim: account.Claim{Flat: "5"}}}
			p := h.judge(&account.Member{Account: account.Account{AccountID: 11, SupplierID: 2, Number: "7000004417"}, Claim: account.Claim{Printed: "7000004417", Flat: x.flat}})
			if p == nil {
				if x.reasons != "" {
					t.Fatal("it is not proposed")
				}
				return
			}
			if got := strings.Join(p.Reasons, ", "); got != x.reasons || p.Sure != x.sure || p.Tail != "…4417" {
				t.Errorf("%q, sure %t, %q", got, p.Sure, p.Tail)
			}
		})
	}
}

// TestProposalsAreDecidedOnce: an account is taken with its number, refused until its data change, and never proposed when somebody
// else lives with it or a person has parted it.
func TestProposalsAreDecidedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, ctx := newFlat(t, d), context.Background()
		f.put(10, f.voda, 100, "1001", "5", account.Evidence{FIO: "Иванова А. П."})
		f.put(11, f.teplo, 200, "70-001", "5", account.Evidence{FIO: "Петров С. С."})
		list := f.list()
		if len(list) != 1 || list[0].Supplier != "Теплосеть" || list[0].Sure {
			t.Fatalf("%+v", list)
		}
		if err := f.m.Take(ctx, f.actor, 11, "7"); fault.CodeOf(err) != "proposal.number" || fault.As(err).Field != "number-11" {
			t.Errorf("taken without its number: %v", err)
		}
		if err := f.m.Take(ctx, f.actor, 12, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("an account nobody proposed: %v", err)
		}
		if err := f.m.Take(ctx, f.actor, 11, " 70-001 "); err != nil || fmt.Sprint(f.decided) != "[{teplo:70-001 voda:1001 0}]" {
			t.Errorf("%v, %v", f.decided, err)
		}
		if err := f.m.Refuse(ctx, f.actor, 11); err != nil {
			t.Fatal(err)
		}
		if list = f.list(); len(list) != 0 {
			t.Errorf("refused, and proposed again: %+v", list)
		}
		f.put(11, f.teplo, 200, "70-001", "5", account.Evidence{FIO: "Иванова Анна Павловна"})
		if list = f.list(); len(list) != 1 || !list[0].Sure {
			t.Errorf("its data changed, and it does not come back: %+v", list)
		}
		other, _, err := f.m.People.ByContact(ctx, person.Phone, "+79000000002")
		if err != nil {
			t.Fatal(err)
		}
		home, err := f.m.People.Settle(ctx, person.Home{PersonID: other, Building: 1, Household: 200, Role: person.Owner, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if list = f.list(); len(list) != 0 {
			t.Errorf("an account somebody else lives with: %+v", list)
		}
		if err := f.m.People.CloseHome(ctx, "test", other, home); err != nil {
			t.Fatal(err)
		}
		apart := match.StoredDecision{ID: 1, SetID: 1, Kind: match.DecideApart, SupplierID: f.teplo, Number: "70-001", OtherSupplierID: f.voda, OtherNumber: "1001", BuildingID: 1, Actor: "test"}
		if err := d.Write(ctx, func(tx *db.Tx) error { return match.InsertDecision(ctx, tx, &apart) }); err != nil {
			t.Fatal(err)
		}
		if list = f.list(); len(list) != 0 {
			t.Errorf("an account a person has parted: %+v", list)
		}
	})
}
