package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/refund"
)

// home is another home with its bill and the paper of it.
type home struct {
	ref  bill.Ref
	bill *bill.Bill
	code bill.Code
}

// anotherHome is a household that owes, not the payer's own.
func (p *autopayer) anotherHome() home {
	p.t.Helper()
	ctx := context.Background()
	var refs []bill.Ref
	err := p.a.DB.Read(ctx, func(tx *db.Tx) error {
		refs = nil
		return tx.Scan(ctx, "SELECT DISTINCT building_id, household_id FROM household_link WHERE household_id <> 0 ORDER BY building_id, household_id", nil, func(v []int64, _ []byte) error {
			refs = append(refs, bill.Ref{Building: v[0], Household: v[1]})
			return nil
		})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, ref := range refs {
		b, err := p.a.Bills.At(ctx, ref, 0)
		if err != nil || b.Total == 0 || ref.Building == p.ref.Building {
			continue
		}
		code, err := p.a.Bills.CodeOf(ctx, ref)
		if err != nil {
			p.t.Fatal(err)
		}
		return home{ref, b, code}
	}
	p.t.Fatal("nobody else owes anything")
	return home{}
}

func (p *autopayer) dueOf(ref bill.Ref) money.Amount {
	p.t.Helper()
	b, err := p.a.Bills.At(context.Background(), ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return b.Total
}

// newShop is a payer whose bank gives money back, with the pages over it.
func newShop(t *testing.T, d *db.DB) *autopayer {
	p := newPayer(t, d)
	p.bank.refunds = true
	p.a.buildDesks()
	p.a.buildRefunds()
	var err error
	if p.handler, err = p.a.Handler(nil); err != nil {
		t.Fatal(err)
	}
	return p
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// payForm are the fields of the form that moves money on a page.
func payForm(page string) url.Values {
	form := url.Values{}
	_, page, _ = strings.Cut(page, `method="post" action="/bill/pay"`)
	for _, f := range hiddenField.FindAllStringSubmatch(page, -1) {
		if f[1] != "" && !(strings.HasPrefix(f[1], "_") && form.Has(f[1])) {
			form.Add(f[1], f[2])
		}
	}
	return form
}

// TestMoneyOfAPayer: equal payments wait for a person; the codes of a paper open its bill; a home is added by its paper, paid together with the own one by one order, and seen in the
// list; a part of it is asked back, decided by two, given back once; the rest is disputed and won.
func TestMoneyOfAPayer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newShop(t, d)
		p.equal()
		p.whole()
		v, mum := p.visitor(access.Resident, 0), p.anotherHome()
		o := p.payTogether(v, mum)
		p.askBack(v, o)
		p.dispute(o)
		if r, err := p.a.Check(context.Background()); err != nil || !r.OK {
			t.Errorf("%v, %v", err, broken(r))
		}
	})
}

// payTogether adds the other home and pays for both.
func (p *autopayer) payTogether(v *visitor, mum home) payment.Order {
	p.t.Helper()
	ctx, number := context.Background(), mum.bill.Suppliers[0].Account
	own, err := p.a.Bills.At(ctx, p.ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range []struct {
		number, code string
		want         int
	}{{number, "2222 2222", 422}, {"", "", 422}, {"ST00012|Name=x", "", 422}, {number, mum.code.Typed, 303}, {number, mum.code.Typed, 303}} {
		out := v.do("POST", "/accounts/add", url.Values{"number": {c.number}, "code": {c.code}})
		if out.Code != c.want {
			p.t.Errorf("adding %q with %q: %d, want %d", c.number, c.code, out.Code, c.want)
		}
		if c.want == http.StatusSeeOther {
			v.save(out, person.Payer, "мама")
		}
	}
	links, err := p.a.People.Homes(ctx, p.own.UserID)
	if err != nil || len(links) != 2 || links[1].Household != mum.ref.Household || links[1].Rights != person.PayOnly {
		p.t.Fatalf("homes %+v, %v", links, err)
	}
	links = links[1:]
	query := fmt.Sprintf("/bill/pay?home=%d&home=%d", p.own.HomeID, links[0].ID)
	page := v.do("GET", query, nil).Body.String()
	both := own.Total + mum.bill.Total
	for _, want := range []string{both.Format(), "Кому сколько: " + own.Address, "Кому сколько: мама, " + bill.MaskAddress(mum.bill.Address), "Запомнить карту", "Прислать чек"} {
		if !strings.Contains(page, want) {
			p.t.Errorf("the page of paying does not say %q", want)
		}
	}
	if strings.Contains(page, mum.bill.Address) {
		p.t.Error("the page tells another's whole address")
	}
	form := payForm(page)
	form.Set("method", "card")
	form.Set("contact", "не адрес")
	if out := v.do("POST", "/bill/pay", form); out.Code != 422 || !strings.Contains(out.Body.String(), both.Format()) {
		p.t.Errorf("a wrong address for the receipt: %d", out.Code)
	}
	form.Set("contact", "mama@example.ru")
	before := len(p.bank.taken)
	first, again := v.do("POST", "/bill/pay", form), v.do("POST", "/bill/pay", form)
	where := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || again.Header().Get("Location") != where || len(p.bank.taken) != before+1 {
		p.t.Fatalf("paid: %d %s, then %s, asked the bank %d times", first.Code, where, again.Header().Get("Location"), len(p.bank.taken)-before)
	}
	result := v.do("GET", where, nil).Body.String()
	o, err := p.a.Payments.Find(ctx, strings.TrimPrefix(where, "/paid/"))
	if err != nil || o.State != payment.StateCredited || o.Sum != both || p.due() != 0 || p.dueOf(mum.ref) != 0 {
		p.t.Fatalf("%+v, %v, due %d and %d", o, err, p.due(), p.dueOf(mum.ref))
	}
	if masked := bill.MaskAddress(mum.bill.Address); !strings.Contains(result, masked) || strings.Contains(result, mum.bill.Address) {
		p.t.Error("the result does not name the homes, or tells too much")
	}
	if list := v.do("GET", "/payments?home="+fmt.Sprint(links[0].ID), nil).Body.String(); !strings.Contains(list, both.Format()) || !strings.Contains(list, "Все адреса") {
		p.t.Error("the payment is not in the list of the other home")
	}
	return o
}

// askBack asks a part back; two persons decide, the bank is silent at first.
func (p *autopayer) askBack(v *visitor, o payment.Order) {
	p.t.Helper()
	ctx, path := context.Background(), "/payments/"+o.PublicID+"/refund"
	p.a.Refunds.Alone = 100
	ask := url.Values{"kind": {"mistaken"}, "sum": {"2,00"}, "comment": {"не тот дом"}, "_key": {"ask-refund-1"}}
	stranger := p.visitor(access.Resident, 0)
	link, err := p.a.Access.DemoLink(ctx, access.Actor{Role: access.Resident, Name: "сосед", BuildingID: 1 << 40, HouseholdID: 1 << 40})
	if err != nil {
		p.t.Fatal(err)
	}
	session, _, err := p.a.Access.SpendDemoLink(ctx, link)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range stranger.cookies {
		if c.Name == p.a.cookieName("session") {
			c.Value = session
		}
	}
	too := url.Values{"kind": {"mistaken"}, "sum": {(o.Sum + 1).FormatBare()}, "_key": {"ask-refund-0"}}
	if a, b, c, d := stranger.do("POST", path, ask).Code, v.do("POST", path, too).Code, v.do("POST", path, ask).Code, v.do("POST", path, ask).Code; a != 404 && a != 403 || b != 422 || c != 303 || d != 303 {
		p.t.Fatalf("a stranger %d, too much %d, asked %d, again %d", a, b, c, d)
	}
	list, err := p.a.Refunds.OfPayment(ctx, o.PublicID)
	if err != nil || len(list) != 1 || list[0].Sum != 200 {
		p.t.Fatalf("%+v, %v", list, err)
	}
	id := list[0].ID
	p.bank.refunds = false
	for _, step := range []struct{ actor, state, code string }{{"one", refund.Agreed, ""}, {"one", refund.Agreed, "refund.same_person"}, {"two", refund.Returning, ""}, {"two", refund.Returning, "refund.decided"}} {
		err := p.a.Refunds.Agree(ctx, step.actor, id)
		if r, e := p.a.Refunds.Find(ctx, id); e != nil || r.State != step.state || err != nil && fault.CodeOf(err) != step.code || err == nil && step.code != "" {
			p.t.Fatalf("%+v: %v, state %s", step, err, r.State)
		}
	}
	p.bank.refunds = true
	for range 2 {
		if err := p.a.Refunds.Finish(ctx); err != nil {
			p.t.Fatal(err)
		}
	}
	now, err := p.a.Payments.Find(ctx, o.PublicID)
	if r, e := p.a.Refunds.Find(ctx, id); err != nil || e != nil || r.State != refund.Returned || now.Refunded != 200 {
		p.t.Fatalf("%+v, went back %d, %v, %v", r, now.Refunded, err, e)
	}
	if page := v.do("GET", "/paid/"+o.PublicID, nil).Body.String(); !strings.Contains(page, "возвращено") || !strings.Contains(page, path) {
		p.t.Error("the payer does not see what went back, or cannot ask for more")
	}
}

// dispute opens a dispute whose money was taken, answers and wins it; pressed twice, nothing moves twice.
func (p *autopayer) dispute(o payment.Order) {
	p.t.Helper()
	ctx, k := context.Background(), p.visitor(access.CentreAccountant, 0)
	due, day := p.due(), calendar.DateOf(p.a.now().Time().In(p.a.Zone))
	form := url.Values{"payment": {o.PublicID}, "sum": {"100,00"}, "reason": {"fraud"}, "told": {day.String()}, "by": {day.AddDays(7).String()}, "taken": {"yes"}, "_key": {"dispute-key-1"}}
	a, b := k.do("POST", "/c/disputes", form), k.do("POST", "/c/disputes", form)
	page := a.Header().Get("Location")
	if a.Code != 303 || b.Header().Get("Location") != page {
		p.t.Fatalf("opened %d %s, again %s", a.Code, page, b.Header().Get("Location"))
	}
	list, err := p.a.Refunds.Disputes(ctx, false, 10)
	if err != nil || len(list) != 1 || !list[0].Taken {
		p.t.Fatalf("%+v, %v", list, err)
	}
	taken := p.refunded(o)
	for _, do := range []string{"evidence", "sent", "won", "won"} {
		if out := k.do("POST", page, url.Values{"do": {do}, "text": {"чек и подтверждение банка"}, "_key": {"dispute-" + do}}); out.Code != 303 {
			p.t.Fatalf("%s: %d", do, out.Code)
		}
	}
	if back := p.refunded(o); taken != 10_200 || back != 200 || p.due() != due {
		p.t.Errorf("taken %d, then %d; due %d, was %d", taken, back, p.due(), due)
	}
	if text := k.do("GET", page, nil).Body.String(); !strings.Contains(text, "выигран") || !strings.Contains(text, "Банк решил в нашу пользу") {
		p.t.Error("the page does not tell the outcome")
	}
	if out := k.do("POST", page, url.Values{"do": {"lost"}, "_key": {"dispute-lost-later"}}); out.Code != http.StatusUnprocessableEntity {
		p.t.Errorf("a dispute that is over is lost: %d", out.Code)
	}
}

func (p *autopayer) refunded(o payment.Order) money.Amount {
	p.t.Helper()
	now, err := p.a.Payments.Find(context.Background(), o.PublicID)
	if err != nil {
		p.t.Fatal(err)
	}
	return now.Refunded
}

// equal makes two equal payments: they are shown once, «paid twice» asks for the second back.
func (p *autopayer) equal() {
	p.t.Helper()
	ctx := context.Background()
	b, err := p.a.Bills.At(ctx, p.ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	var ids []string
	for i := range 2 {
		plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: 12_345})
		if err != nil {
			p.t.Fatal(err)
		}
		o, err := p.a.Payments.Start(ctx, payment.StartRequest{Key: fmt.Sprint("same-", i), Plan: plan, Method: "card"})
		if err != nil || o.State != payment.StateCredited {
			p.t.Fatalf("%+v, %v", o, err)
		}
		ids = append(ids, o.PublicID)
	}
	since := calendar.DateOf(p.a.now().Time().In(p.a.Zone)).AddDays(-1)
	pairs, err := p.a.Refunds.ListAlike(ctx, since, 10)
	if err != nil || len(pairs) != 1 || pairs[0].First.PublicID != ids[0] || pairs[0].Second.PublicID != ids[1] {
		p.t.Fatalf("%+v, %v", pairs, err)
	}
	k := p.visitor(access.CentreOperator, 0)
	for range 2 {
		if out := k.do("POST", "/c/refunds", url.Values{"first": {ids[0]}, "second": {ids[1]}, "verdict": {refund.Same}, "_key": {"judge-key-1"}}); out.Code != 303 {
			p.t.Fatalf("judged: %d", out.Code)
		}
	}
	asked, err := p.a.Refunds.OfPayment(ctx, ids[1])
	if err != nil || len(asked) != 1 || asked[0].Sum != 12_345 || asked[0].Kind != refund.Doubled {
		p.t.Fatalf("%+v, %v", asked, err)
	}
	if pairs, err = p.a.Refunds.ListAlike(ctx, since, 10); err != nil || len(pairs) != 0 {
		p.t.Errorf("a pair that was looked at is shown again: %v", err)
	}
}

// whole: the payment code of the whole bill opens it, and only with the code of its paper; a linear code opens its account.
func (p *autopayer) whole() {
	p.t.Helper()
	ctx := context.Background()
	b, err := p.a.Bills.At(ctx, p.ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	contract := "centre: {name: РКЦ, inn: \"7707083893\", bank: ПАО Сбербанк, bic: \"044525225\", corr_account: \"30101810400000000225\", account: \"40702810138250123017\", from: 2020-01-01}\n"
	if _, err := p.a.Settlement.LoadContracts(ctx, "test", strings.NewReader(contract)); err != nil {
		p.t.Fatal(err)
	}
	code, err := p.a.Bills.WholeCode(ctx, b)
	if err != nil || !strings.Contains(code, "|PersAcc="+b.Household+"|") || !strings.Contains(code, "|PersonalAcc=40702810138250123017|") {
		p.t.Fatalf("%q, %v", code, err)
	}
	paper, err := p.a.Bills.CodeOf(ctx, p.ref)
	if err != nil {
		p.t.Fatal(err)
	}
	opened, err := p.a.Bills.Open(ctx, code)
	if err != nil || opened.Token != paper.Token {
		p.t.Errorf("opened %+v, %v", opened, err)
	}
	if _, err := p.a.Bills.Open(ctx, strings.Replace(code, paper.Typed, "22222222", 1)); !fault.Is(err, fault.NotFound) {
		p.t.Errorf("another's paper: %v", err)
	}
	p.linear(b)
}

func (p *autopayer) linear(b *bill.Bill) {
	p.t.Helper()
	ctx := context.Background()
	for _, s := range b.Suppliers {
		if strings.Trim(s.Account, "0123456789") != "" || s.Due <= 0 {
			continue
		}
		err := p.a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE supplier SET barcodes = $1 WHERE supplier_id = $2", fmt.Sprintf(`["{account:%d}{sum:9}{luhn}","77{account:%d}{sum:9}"]`, len(s.Account), len(s.Account)+3), s.SupplierID)
			return err
		})
		if err != nil {
			p.t.Fatal(err)
		}
		text := fmt.Sprintf("77 000%s %09d", s.Account, int64(s.Due))
		if x, err := p.a.Bills.Open(ctx, text); err != nil || x.Account != s.AccountID {
			p.t.Errorf("%s opens %+v, %v", text, x, err)
		}
		if _, err := p.a.Bills.Open(ctx, fmt.Sprintf("77 000%s %09d", s.Account, int64(s.Due)+7)); !fault.Is(err, fault.NotFound) {
			p.t.Errorf("a sum no paper had: %v", err)
		}
		if ref, err := p.a.Bills.FindByLinear(ctx, strings.ReplaceAll(text, " ", "")); err != nil || ref != p.ref {
			p.t.Errorf("the desk finds %+v, %v", ref, err)
		}
		return
	}
	p.t.Log("no supplier of the bill has accounts of digits alone")
}
