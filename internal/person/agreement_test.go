package person

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func TestPartsOfAnAgreement(t *testing.T) {
	half := Agreement{Way: ByPercent, Parts: []Part{{PersonID: 1, Percent: 5_000}, {PersonID: 2, Percent: 5_000}}}
	thirds := Agreement{Way: ByPercent, Parts: []Part{{PersonID: 1, Percent: 3_334}, {PersonID: 2, Percent: 3_333}, {PersonID: 3, Percent: 3_333}}}
	sum := Agreement{Way: BySum, Parts: []Part{{PersonID: 1, Sum: 300_000}, {PersonID: 2, Rest: true}}}
	for _, x := range []struct {
		name     string
		a        *Agreement
		due, net money.Amount
		paid     []money.Amount
		months   int
		want     []money.Amount
	}{
		{"пополам", &half, 100_001, 100_001, []money.Amount{0, 0}, 1, []money.Amount{50_001, 50_000}},
		{"первый свою заплатил", &half, 50_000, 50_000, []money.Amount{50_000, 0}, 1, []money.Amount{0, 50_000}},
		{"второй не заплатил, пришёл новый месяц: его долг – его", &half, 150_000, 150_000, []money.Amount{50_000, 0}, 2, []money.Amount{50_000, 100_000}},
		{"первый заплатил за всех: в следующем месяце платит второй", &half, 100_000, 100_000, []money.Amount{100_000, 0}, 2, []money.Amount{0, 100_000}},
		{"всё заплатил один: платить нечего никому", &half, 0, 0, []money.Amount{100_000, 0}, 1, []money.Amount{0, 0}},
		{"первый внёс вперёд больше двух месяцев", &half, 0, -100_000, []money.Amount{200_000, 0}, 1, []money.Amount{0, 0}},
		{"переплата одного поставщика не платит долг другого", &half, 100_000, 60_000, []money.Amount{0, 0}, 1, []money.Amount{50_000, 50_000}},
		{"на троих до копейки", &thirds, 100_00, 100_00, []money.Amount{0, 0, 0}, 1, []money.Amount{33_34, 33_33, 33_33}},
		{"суммой: остальное платит второй", &sum, 500_000, 500_000, []money.Amount{0, 0}, 1, []money.Amount{300_000, 200_000}},
		{"суммой: счёт меньше суммы", &sum, 200_000, 200_000, []money.Amount{0, 0}, 1, []money.Amount{200_000, 0}},
		{"суммой, второй месяц: первый не платил", &sum, 800_000, 800_000, []money.Amount{0, 200_000}, 2, []money.Amount{600_000, 200_000}},
	} {
		got := x.a.Owed(x.due, x.net, x.paid, x.months)
		for i := range x.want {
			if got[i] != x.want[i] {
				t.Errorf("%s: %v, want %v", x.name, got, x.want)
				break
			}
		}
	}
}

// TestPartsAddUp: whatever was agreed and paid, what all have to pay together is what is due, to the kopeck, and nobody pays below
// zero.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Agreement{Way: ByPercent}
		n, left := rapid.IntRange(2, 5).Draw(t, "people"), int64(PercentWhole)
		paid := make([]money.Amount, n)
		for i := range n {
			p := Part{PersonID: int64(i + 1), Percent: left}
			if i < n-1 {
				p.Percent = rapid.Int64Range(1, left-int64(n-1-i)).Draw(t, "percent")
			}
			left -= p.Percent
			paid[i] = money.Amount(rapid.Int64Range(-1000, 10_000_000).Draw(t, "paid"))
			a.Parts = append(a.Parts, p)
		}
		if rapid.Bool().Draw(t, "sums") {
			a.Way = BySum
			for i := range a.Parts {
				a.Parts[i].Percent, a.Parts[i].Rest = 0, i == n-1
				a.Parts[i].Sum = money.Amount(rapid.Int64Range(1, 1_000_000).Draw(t, "sum"))
			}
		}
		due := money.Amount(rapid.Int64Range(0, 10_000_000).Draw(t, "due"))
		net := due - money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "ahead"))
		total := money.Amount(0)
		for _, part := range a.Owed(due, net, paid, rapid.IntRange(0, 40).Draw(t, "months")) {
			if part < 0 {
				t.Fatalf("a part below zero: %v", part)
			}
			total += part
		}
		if total != due {
			t.Fatalf("parts come to %v of %v", total, due)
		}
	})
}

func TestAgreementsThatAreNoWhole(t *testing.T) {
	for _, x := range []struct {
		name  string
		way   Way
		parts []Part
		code  string
	}{
		{"один", ByPercent, []Part{{PersonID: 1, Percent: 10_000}}, "agreement.people"},
		{"дважды", ByPercent, []Part{{PersonID: 1, Percent: 5_000}, {PersonID: 1, Percent: 5_000}}, "agreement.twice"},
		{"девяносто девять", ByPercent, []Part{{PersonID: 1, Percent: 5_000}, {PersonID: 2, Percent: 4_900}}, "agreement.whole"},
		{"ноль", ByPercent, []Part{{PersonID: 1, Percent: 10_000}, {PersonID: 2}}, "agreement.percent"},
		{"никто не платит остального", BySum, []Part{{PersonID: 1, Sum: 1}, {PersonID: 2, Sum: 1}}, "agreement.rest"},
		{"остальное платят двое", BySum, []Part{{PersonID: 1, Rest: true}, {PersonID: 2, Rest: true}}, "agreement.rest"},
		{"услуга дважды", ByService, []Part{{PersonID: 1, Services: []string{"хвс"}}, {PersonID: 2, Services: []string{"хвс"}, Rest: true}}, "agreement.service"},
		{"без услуг", ByService, []Part{{PersonID: 1}, {PersonID: 2, Services: []string{"хвс"}, Rest: true}}, "agreement.services"},
		{"никак", "", []Part{{PersonID: 1}, {PersonID: 2}}, "agreement.way"},
	} {
		a := Agreement{Way: x.way, Parts: x.parts}
		if err := a.check(); fault.CodeOf(err) != x.code {
			t.Errorf("%s: %v, want %s", x.name, err, x.code)
		}
	}
	if got := PercentText(3_333) + PercentText(5_000); got != "33,33\u00a0%50\u00a0%" {
		t.Error(got)
	}
	a := Agreement{Month: 202611}
	if a.Months(202611) != 1 || a.Months(202701) != 3 || a.Months(202610) != 1 || (&Agreement{}).Months(202610) != 1 {
		t.Error("months are counted wrong")
	}
}

// family is a home with three people: two may share its bill, the third only pays.
func family(t *testing.T, ctx context.Context, m *Module) (mother, son access.Actor, payer int64) {
	t.Helper()
	ids := []int64{m.who(t, "+79000000011"), m.who(t, "+79000000012"), m.who(t, "+79000000013")}
	for i, h := range []Home{{Role: Owner, Rights: access.AllRights}, {Role: Trusted, Rights: ScopePay, GivenBy: ids[0]}, {Role: Payer, Rights: PayOnly}} {
		h.PersonID, h.Building, h.Household, h.Actor = ids[i], 1, 10, "test"
		if _, err := m.AddHome(ctx, h); err != nil {
			t.Fatal(err)
		}
	}
	at := func(id int64) access.Actor {
		return access.Actor{Role: access.Resident, UserID: id, BuildingID: 1, HouseholdID: 10}
	}
	return at(ids[0]), at(ids[1]), ids[2]
}

func TestLifeOfAnAgreement(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		told := map[int64]int{}
		m.Tell = countTold(told)
		mother, son, payer := family(t, ctx, m)
		half := []Part{{PersonID: mother.UserID, Percent: 5_000}, {PersonID: son.UserID, Percent: 5_000}}
		if _, err := m.Propose(ctx, "k0", mother, ByPercent, []Part{{PersonID: mother.UserID, Percent: 5_000}, {PersonID: payer, Percent: 5_000}}); fault.CodeOf(err) != "agreement.rights" {
			t.Errorf("who does not see the bill got a part of it: %v", err)
		}
		if _, err := m.Propose(ctx, "k0", access.Actor{Role: access.Resident, UserID: payer, BuildingID: 1, HouseholdID: 10}, ByPercent, half); fault.CodeOf(err) != "agreement.own" {
			t.Errorf("a third offers: %v", err)
		}
		a, err := m.Propose(ctx, "k1", mother, ByPercent, half)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Propose(ctx, "k1", mother, ByPercent, half); err != nil {
			t.Errorf("the same form again: %v", err)
		}
		if _, err := m.Propose(ctx, "k2", son, ByPercent, half); fault.CodeOf(err) != "agreement.waits" {
			t.Errorf("a second offer: %v", err)
		}
		holds := func() bool {
			d, err := m.DivisionOf(ctx, 1, 10)
			if err != nil {
				t.Fatal(err)
			}
			return d.Has(mother.UserID) && d.Sums(son.UserID) && !d.Has(payer)
		}
		if holds() || told[son.UserID] != 1 || told[mother.UserID] != 0 {
			t.Errorf("an offer binds nobody, and is told once: %v", told)
		}
		for range 2 { // pressed twice
			if err := m.Answer(ctx, son, a.ID, true, 202611); err != nil {
				t.Fatal(err)
			}
		}
		if !holds() || told[son.UserID] != 2 || told[mother.UserID] != 1 {
			t.Errorf("all agreed: %v", told)
		}
		agreed, offered, err := m.AgreementsOf(ctx, son)
		if err != nil || offered != nil || agreed == nil || agreed.Month != 202611 || agreed.AgreedAt == 0 {
			t.Errorf("%+v, %+v, %v", agreed, offered, err)
		}
		if err := m.End(ctx, access.Actor{Role: access.Resident, UserID: payer, BuildingID: 1, HouseholdID: 10}, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("ended by who is not named: %v", err)
		}
		for range 2 {
			if err := m.End(ctx, son, a.ID); err != nil {
				t.Fatal(err)
			}
		}
		if holds() || told[mother.UserID] != 2 || told[son.UserID] != 2 {
			t.Errorf("ended by one: %v", told)
		}
	})
}

// TestAnAgreementEndsWithAccess: who is let in no more has no part, and the others are told; a new agreement takes the place of
// the old; an offer declined changes nothing.
func TestAnAgreementEndsWithAccess(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		told := map[int64]int{}
		m.Tell = countTold(told)
		mother, son, _ := family(t, ctx, m)
		agree := func(key string, way Way, parts ...Part) int64 {
			a, err := m.Propose(ctx, key, mother, way, parts)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Answer(ctx, son, a.ID, true, 202611); err != nil {
				t.Fatal(err)
			}
			return a.ID
		}
		agree("k1", BySum, Part{PersonID: mother.UserID, Sum: 100}, Part{PersonID: son.UserID, Rest: true})
		agree("k2", ByService, Part{PersonID: mother.UserID, Services: []string{"хвс"}}, Part{PersonID: son.UserID, Rest: true})
		d, err := m.DivisionOf(ctx, 1, 10)
		if err != nil || d.Sums(son.UserID) || d.Lines(mother.UserID) == nil || !d.Lines(mother.UserID)("хвс", false) || d.Lines(mother.UserID)("тко", false) || !d.Lines(son.UserID)("тко", true) {
			t.Errorf("%+v, %v", d, err)
		}
		offer, err := m.Propose(ctx, "k3", son, ByPercent, []Part{{PersonID: mother.UserID, Percent: 1}, {PersonID: son.UserID, Percent: 9_999}})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Answer(ctx, mother, offer.ID, false, 202611); err != nil {
			t.Fatal(err)
		}
		if d, err := m.DivisionOf(ctx, 1, 10); err != nil || !d.Has(son.UserID) {
			t.Errorf("an offer declined ended what stands: %v", err)
		}
		homes, err := m.Homes(ctx, son.UserID)
		if err != nil || len(homes) != 1 {
			t.Fatal(homes, err)
		}
		before := told[mother.UserID]
		if err := m.TakeBack(ctx, "test", mother.UserID, homes[0].ID, ""); err != nil {
			t.Fatal(err)
		}
		if d, err := m.DivisionOf(ctx, 1, 10); err != nil || d.Has(mother.UserID) || told[mother.UserID] != before+1 {
			t.Errorf("the agreement outlived access: %v, told %d", err, told[mother.UserID]-before)
		}
	})
}

// TestOwnerAndTenantComeFirst: while a home is let, its services are the owner's and the tenant's, whatever the family agreed.
func TestOwnerAndTenantComeFirst(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		mother, son, _ := family(t, ctx, m)
		half := []Part{{PersonID: mother.UserID, Percent: 5_000}, {PersonID: son.UserID, Percent: 5_000}}
		a, err := m.Propose(ctx, "k1", mother, ByPercent, half)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Answer(ctx, son, a.ID, true, calendar.Month(0)); err != nil {
			t.Fatal(err)
		}
		tenant := m.who(t, "+79000000014")
		if _, err := m.AddHome(ctx, Home{PersonID: tenant, Building: 1, Household: 10, Role: Tenant, Rights: access.AllRights, Actor: "test"}); err != nil {
			t.Fatal(err)
		}
		d, err := m.DivisionOf(ctx, 1, 10)
		if err != nil || d.Sums(mother.UserID) || d.Has(son.UserID) || d.Lines(tenant) == nil || d.Lines(tenant)("кр", true) || !d.Lines(mother.UserID)("кр", true) {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := m.Propose(ctx, "k2", mother, ByPercent, half); fault.CodeOf(err) != "agreement.let" {
			t.Errorf("a family agreement of a home that is let: %v", err)
		}
	})
}

// countTold counts what each person is told.
func countTold(told map[int64]int) func(context.Context, *db.Tx, Message) error {
	return func(_ context.Context, _ *db.Tx, x Message) error { told[x.Person]++; return nil }
}
