package app

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/refund"
	"kvit/internal/tariff"
)

// rule loads a row of the allocation table.
func (p *autopayer) rule(row string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "leaving.yaml")
	if err := os.WriteFile(path, []byte("allocation:\n  - "+row+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.a.LoadCatalog(context.Background(), "olga", []string{path}); err != nil {
		p.t.Fatal(err)
	}
}

// TestAdvancesOfALeaver: of two suppliers paid ahead one leaves. By the rule of the day his advance goes to the other accounts of the
// home, or a request to give it back waits for people; once; money is neither made nor lost.
func TestAdvancesOfALeaver(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		p := newPayer(t, d)
		b, err := p.a.Bills.At(ctx, p.ref, 0)
		if err == nil {
			err = p.a.Bills.Ahead(ctx, b)
		}
		if err != nil {
			t.Fatal(err)
		}
		plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: b.Total + 100_000, Ahead: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.a.Payments.Start(ctx, payment.StartRequest{Key: "ahead", Plan: plan, Method: "card"}); err != nil {
			t.Fatal(err)
		}
		gone, back := plan.Parts[0], plan.Parts[0]
		for _, part := range plan.Parts {
			switch {
			case part.Kind != payment.PartAdvance:
			case gone.Kind != payment.PartAdvance:
				gone = part
			case part.Supplier != gone.Supplier:
				back = part
			}
		}
		if back.Kind != payment.PartAdvance {
			t.Fatalf("%+v", plan.Parts)
		}
		if list, err := p.a.Leavers(ctx); err != nil || len(list) != 0 {
			t.Fatalf("nobody has left: %+v, %v", list, err)
		}
		held := p.prepaid()
		p.rule("{supplier: " + gone.Supplier + ", from: 2026-01-01, left: true, leaving: others}")
		list, err := p.a.Leavers(ctx)
		if err != nil || len(list) != 1 || list[0].Way == tariff.LeavingRefund || list[0].Cause != LeaverLeft || list[0].Sum != held[gone.AccountID] {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := p.a.SettleLeavers(ctx, "olga", gone.Supplier, "no such account"); fault.CodeOf(err) != "advance.nothing" {
			t.Errorf("an account that has nothing: %v", err)
		}
		p.settledOnPage(&list[0])
		if _, err := p.a.SettleLeavers(ctx, "olga", "", ""); err != nil {
			t.Fatal(err)
		}
		after := p.prepaid()
		if after[gone.AccountID] != 0 || allAhead(after) != allAhead(held) {
			t.Errorf("ahead before %v, after %v", held, after)
		}
		p.toldOfMove(list[0].Sum)
		p.rule("{supplier: " + back.Supplier + ", from: 2026-01-01, left: true}")
		for range 2 {
			if _, err := p.a.SettleLeavers(ctx, "olga", "", ""); err != nil {
				t.Fatal(err)
			}
		}
		p.givenBack(back.AccountID, after[back.AccountID])
		if r, err := p.a.Check(ctx); err != nil || !r.OK {
			t.Fatalf("%v, %v", err, broken(r))
		}
	})
}

// settledOnPage presses the button of an advance on the page that lists it; an auditor sees no button.
func (p *autopayer) settledOnPage(l *Leaver) {
	p.t.Helper()
	if page := p.visitor(access.Auditor, 0).do("GET", "/c/advances", nil).Body.String(); !strings.Contains(page, l.Account) || strings.Contains(page, "Сделать так") {
		p.t.Errorf("an auditor: %s", page)
	}
	v := p.visitor(access.CentreAccountant, 0)
	form := v.fill("/c/advances", url.Values{"supplier": {l.Supplier}, "account": {l.Account}})
	for range 2 {
		if res := v.do("POST", "/c/advances", form); res.Code != http.StatusSeeOther {
			p.t.Errorf("settled on its page: %d %s", res.Code, res.Body)
		}
	}
}

// prepaid is what accounts hold ahead.
func (p *autopayer) prepaid() map[int64]money.Amount {
	p.t.Helper()
	list, err := p.a.Payments.ListPrepaid(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	held := map[int64]money.Amount{}
	for _, x := range list {
		held[x.AccountID] += x.Left
	}
	return held
}

func allAhead(held map[int64]money.Amount) (sum money.Amount) {
	for _, x := range held {
		sum += x
	}
	return sum
}

// toldOfMove: the bill shows where the advance came and where it went from.
func (p *autopayer) toldOfMove(sum money.Amount) {
	p.t.Helper()
	b, err := p.a.Bills.At(context.Background(), p.ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	var came, went money.Amount
	for i := range b.Lines {
		came, went = came+max(0, b.Lines[i].Moved), went+min(0, b.Lines[i].Moved)
	}
	if came != sum || went != -sum {
		p.t.Errorf("the bill says that %d came and %d went, want %d", came, went, sum)
	}
}

// givenBack: one request waits for people; when they agree the account's advance goes back, and no other.
func (p *autopayer) givenBack(account int64, sum money.Amount) {
	p.t.Helper()
	ctx := context.Background()
	list, err := p.a.Refunds.List(ctx, refund.Filter{Limit: 10})
	if err != nil || len(list) != 1 || list[0].Sum != sum || list[0].AccountID != account || list[0].State != refund.Asked {
		p.t.Fatalf("%+v, %v, want %d", list, err, sum)
	}
	held := allAhead(p.prepaid())
	p.bank.refunds = true
	p.a.Refunds.Payments = p.a.Payments
	for _, who := range []string{"olga", "vera"} {
		if err := p.a.Refunds.Agree(ctx, who, list[0].ID); err != nil && fault.CodeOf(err) != "refund.decided" {
			p.t.Fatal(err)
		}
	}
	if after := p.prepaid(); after[account] != 0 || allAhead(after) != held-sum {
		p.t.Errorf("ahead after the refund: %v of %d", after, held)
	}
}
