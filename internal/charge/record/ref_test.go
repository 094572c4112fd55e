package record

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/access"
)

// known is what is shown of the household of an account.
func (w *town) known(actor access.Actor, code, number string) *Facts {
	w.t.Helper()
	facts, err := w.m.Show(w.ctx, actor, Addressee{Supplier: code, Account: number}, w.m.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return facts
}

// withdrawAs takes back a fact by its reference and gives the verdict.
func (w *town) withdrawAs(actor access.Actor, code, number, ref, reason string) Verdict {
	w.t.Helper()
	r, err := w.m.Load(w.ctx, actor, Load{Sources: []Source{WithdrawalOf(Addressee{Supplier: code, Account: number}, ref, reason)}, By: "person:olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Records[0]
}

// TestEveryFactIsShownAndTakenBackByItsReference: every kind is shown with its own reference, a reason is asked for, the
// row that takes it back says who and why, and nothing is left.
func TestEveryFactIsShownAndTakenBackByItsReference(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken(whole)
		seen, refs := map[Kind]bool{}, map[string]bool{}
		facts := w.known(centre, "voda", "1001")
		for _, k := range facts.Facts {
			if seen[k.Fact] = true; refs[k.Ref] || k.Ref == "" {
				t.Errorf("%s has the reference %q of another", k.Fact, k.Ref)
			}
			refs[k.Ref] = true
		}
		for kind := range kinds {
			if kind != Withdrawal && !seen[kind] {
				t.Errorf("%s is not shown", kind)
			}
		}
		if v := w.withdrawAs(centre, "voda", "1001", facts.Facts[0].Ref, ""); v.Code != "fact.reason" {
			t.Errorf("without a reason: %+v", v)
		}
		if v := w.withdrawAs(centre, "voda", "1002", refOf("stay", int64(101), int64(1)), "ошибка"); v.Code != "fact.no_ref" {
			t.Errorf("a reference of nothing: %+v", v)
		}
		for _, k := range slices.Backward(facts.Facts) { // readings before their meter
			if v := w.withdrawAs(centre, "voda", "1001", k.Ref, "ошибка"); v.State != StateWithdrawn {
				t.Errorf("%s %s: %+v", k.Fact, k.Ref, v)
			}
		}
		if s, text := w.facts(); !s.Empty() {
			t.Errorf("left:\n%s", text)
		}
		for _, table := range []string{"house", "resource", "premises", "stay", "subscription", "meter", "reading", "volume", "fact"} {
			if w.count("SELECT count(*) FROM charge_"+table+" WHERE source = 'person:olga: ошибка'") == 0 || w.count("SELECT count(*) FROM charge_"+table+" WHERE source LIKE 'facts:%'") == 0 {
				t.Errorf("charge_%s does not keep what was said and who took it back", table)
			}
		}
	})
}

// TestWhoMayTakeBack: a supplier takes back what is of its own accounts; what is of another household is not there.
func TestWhoMayTakeBack(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken(whole + "- {supplier: voda, account: 1002, residents: 4}\n")
		own := access.Actor{Role: access.APIToken, SupplierID: 1, Scopes: []string{"fact:read", "fact:write"}}
		for _, k := range slices.Backward(w.known(centre, "voda", "1001").Facts) {
			mine := k.Supplier == "voda" && k.Fact != Fine
			if v := w.withdrawAs(own, "voda", "1001", k.Ref, "ошибка"); (v.State == StateWithdrawn) != mine {
				t.Errorf("%s of %q: %+v", k.Fact, k.Supplier, v)
			}
		}
		for _, k := range w.known(centre, "voda", "1002").Facts {
			if k.Fact == Residents {
				if v := w.withdrawAs(centre, "voda", "1003", k.Ref, "ошибка"); v.Code != "fact.no_ref" {
					t.Errorf("of another flat: %+v", v)
				}
			}
		}
	})
}

// TestFiguresToldByHandCount: a fine is taken off the bill, and a volume is charged by where no meter is read.
func TestFiguresToldByHandCount(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, residents: 2, services: [{service: cold_water, volumes: [{month: 2026-10, volume: 7.25}]}]}")
		before := w.supposed("{fact: volume, supplier: voda, account: 1001, service: cold_water, month: 2026-10, volume: 0}")
		if before.Before <= 0 || before.After >= before.Before {
			t.Errorf("a volume does not count: %+v", before)
		}
		fine := w.supposed("{fact: fine, supplier: voda, account: 1001, service: cold_water, month: 2026-10, overcharged: 100}")
		if fine.Before-fine.After != 50_00 {
			t.Errorf("a fine of half of 100 roubles: %+v", fine)
		}
		if s, _ := w.facts(); len(s.Volumes) != 1 || s.Volumes[0].Value.String() != "7.25" || len(s.Rare) != 0 {
			t.Errorf("supposing wrote: %+v", s)
		}
	})
}

// supposed is what October would cost with a record.
func (w *town) supposed(text string) *Supposed {
	w.t.Helper()
	s, err := w.m.Suppose(w.ctx, centre, Load{Sources: []Source{{"f.yaml", strings.NewReader(text)}}, By: "facts"}, 1, 101, 202610)
	if err != nil || !s.Report.OK {
		w.t.Fatalf("%+v, %v", s, err)
	}
	return s
}
