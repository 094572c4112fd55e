package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/payment"
)

// computes makes two services of the resident's bill Kvit's: one charged by it, one compared.
func (w *town) computes(b *bill.Bill) (own, compared *bill.Line) {
	w.t.Helper()
	own, compared = &b.Lines[0], nil
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID != own.AccountID && l.ServiceID != 0 && l.Charge != 0 {
			compared = l
		}
	}
	head := fact.Head{Source: "файл facts.yaml, строка 7"}
	set := &fact.Set{Building: b.BuildingID, Premises: []fact.Premises{{Head: head, Household: b.HouseholdID, Area: 54_0000000}}}
	for _, x := range []struct {
		line              *bill.Line
		service, category string
		mode              string
	}{{own, "maintenance", "floors_9_10_lift", fact.Computed}, {compared, "capital_repair", "other", fact.Compared}} {
		set.Subscriptions = append(set.Subscriptions, fact.Subscription{
			Head: head, Term: calc.Term{From: 20260101}, Household: b.HouseholdID, AccountID: x.line.AccountID, SupplierID: x.line.SupplierID, ServiceID: x.line.ServiceID,
			Service: x.service, Category: x.category, Mode: x.mode,
		})
	}
	out := fact.NewWriter()
	if err := out.Add(set, w.a.now()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.a.DB.WriteLocal(context.Background(), func(tx *db.Tx) error { return out.Write(context.Background(), tx) }); err != nil {
		w.t.Fatal(err)
	}
	return own, compared
}

// charged is what a supplier charged in all, as the export of baskets tells it.
func (w *town) charged(code string) int64 {
	w.t.Helper()
	var out bytes.Buffer
	if _, err := w.a.Exchange.ExportBaskets(context.Background(), &out); err != nil {
		w.t.Fatal(err)
	}
	var r struct {
		Totals struct {
			Suppliers map[string]map[string]int64
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		w.t.Fatal(err)
	}
	return r.Totals.Suppliers[code]["charge"]
}

// TestComputedLinesOnPages: what Kvit charged is on every page a resident and the centre see, opens to the bottom, is
// paid like any other line, and the book stays whole.
func TestComputedLinesOnPages(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		const month = calendar.Month(202610)
		b, _ := w.change(0)
		own, compared := w.computes(b)
		before := w.charged(own.Supplier)
		if _, err := w.a.Charges.Charge(ctx, charge.Request{Month: month, Actor: "olga"}); err != nil {
			t.Fatal(err)
		}
		if got := w.charged(own.Supplier) - before; got != 1695_60-int64(own.Charge) {
			t.Errorf("the supplier's total of charges grew by %d, his line of %d became 1695,60", got, own.Charge)
		}
		b, _ = w.change(0)
		v, centre := w.visitor(access.Resident, 0), w.visitor(access.CentreOperator, 0)
		opened := 0
		for i, l := range b.Lines {
			path := fmt.Sprintf("/bill/lines/%d", i+1)
			var x why.Explanation
			if err := json.Unmarshal(v.do("GET", path+".json", nil).Body.Bytes(), &x); err != nil {
				t.Fatal(err)
			}
			page := v.do("GET", path, nil).Body.String()
			seen := centre.do("GET", "/c/account/"+b.Household+path, nil).Body.String()
			switch {
			case l.AccountID == own.AccountID && l.ServiceID == own.ServiceID:
				opened++
				if l.Origin != why.ByKvit || l.Charge != 1695_60 || l.BillMonth != month { // 54 м² × 31,40 ₽
					t.Errorf("computed: %+v", l)
				}
				for _, text := range []string{"Посчитал Квит", "54 м²", "31,40\u00a0₽ за\u00a0м²", "1\u00a0695,6\u00a0₽", "цифра придумана для ряда", "Что учли", "файл facts.yaml, строка 7"} {
					if !strings.Contains(page, text) || !strings.Contains(seen, text) {
						t.Errorf("%s does not say %q", path, text)
					}
				}
			case l.AccountID == compared.AccountID && l.ServiceID == compared.ServiceID && l.BillMonth == month:
				opened++
				if l.Origin != why.BySupplier || x.Beside == nil || !strings.Contains(page, "Как посчитал Квит") {
					t.Errorf("compared: %+v %+v", l, x.Beside)
				}
			}
		}
		if opened != 2 {
			t.Errorf("%d of the two services are on the bill", opened)
		}
		if err := w.a.Bills.Ahead(ctx, b); err != nil || b.Preliminary == nil {
			t.Fatalf("preliminary: %+v, %v", b.Preliminary, err)
		}
		prefilled := (b.Total + b.Preliminary.Sum).FormatBare()
		for path, text := range map[string]string{
			"/bill": "Предварительно за", "/home": "Предварительно за", "/bill/why": "Почему изменилась сумма", "/bill/pay?mode=ahead": `value="` + prefilled + `"`, "/bill.json": `"preliminary":{`,
		} {
			if out := v.do("GET", path, nil); out.Code != 200 || !strings.Contains(out.Body.String(), text) {
				t.Errorf("%s: %d without %q", path, out.Code, text)
			}
		}
		if out := v.do("GET", "/bill.pdf", nil); out.Code != 200 || !strings.HasPrefix(out.Body.String(), "%PDF") {
			t.Errorf("paper: %d", out.Code)
		}
		plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{All: true})
		if err != nil || plan.Sum != b.Total {
			t.Fatalf("%+v, %v", plan, err)
		}
		if r, err := w.a.Check(ctx); err != nil || !r.OK {
			t.Errorf("%+v %v", r, err)
		}
	})
}
