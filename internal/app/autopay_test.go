package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway"
)

// bank is an acquirer that answers what it is told to, once for a key.
type bank struct {
	answer  string
	refunds bool // it gives money back; else it is silent
	taken   map[string]gateway.Payment
}

func (b *bank) Create(_ context.Context, r gateway.Request) (gateway.Payment, error) {
	if p, ok := b.taken[r.Key]; ok {
		return p, nil
	}
	p := gateway.Payment{ID: "p-" + r.Key, Key: r.Key, State: b.answer, Sum: r.Sum, Currency: "RUB", Reason: "не хватает денег на карте"}
	b.taken[r.Key] = p
	return p, nil
}

func (b *bank) find(match func(p *gateway.Payment) bool) (gateway.Payment, error) {
	for _, p := range b.taken {
		if match(&p) {
			return p, nil
		}
	}
	return gateway.Payment{}, fault.New(fault.NotFound, "bank.unknown", "нет")
}

func (b *bank) Find(_ context.Context, id string) (gateway.Payment, error) {
	return b.find(func(p *gateway.Payment) bool { return p.ID == id })
}

func (b *bank) FindByKey(_ context.Context, key string, _ time.Time) (gateway.Payment, error) {
	return b.find(func(p *gateway.Payment) bool { return p.Key == key })
}

func (b *bank) Capture(ctx context.Context, id, _ string, _ money.Amount) (gateway.Payment, error) {
	return b.Find(ctx, id)
}

func (b *bank) Cancel(ctx context.Context, id, _ string) (gateway.Payment, error) {
	return b.Find(ctx, id)
}

func (b *bank) Refund(_ context.Context, _, key string, sum money.Amount, _ bool) (gateway.Refund, error) {
	if b.refunds {
		return gateway.Refund{ID: "r-" + key, State: gateway.Captured, Sum: sum}, nil
	}
	return gateway.Refund{}, fault.New(fault.Unavailable, "bank", "нет")
}
func (b *bank) Verify(gateway.Notification) (gateway.Note, error) { return gateway.Note{}, nil }
func (b *bank) Acknowledgment() string                            { return "" }

// autopayer is a household with autopay, its bank and its clock.
type autopayer struct {
	*town
	bank  *bank
	ref   bill.Ref
	today calendar.Date
}

func newPayer(t *testing.T, d *db.DB) *autopayer {
	w := newTown(t, d)
	p := &autopayer{town: w, bank: &bank{answer: gateway.Captured, taken: map[string]gateway.Payment{}}, ref: bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}}
	w.a.Payments = w.a.Payments.WithAcquirers(payment.Only("bank", p.bank))
	w.a.Autopay = w.a.newAutopay()
	m := w.a.Autopay
	m.Now = func() calendar.Micros { return calendar.MicrosOf(p.today.Time(w.a.Zone).Add(12 * time.Hour)) }
	m.Till.Methods = func(context.Context, *autopay.Rule) ([]autopay.Method, error) {
		return []autopay.Method{{ID: "card", Title: "Карта ····4477"}}, nil
	}
	m.Till.Charge = func(ctx context.Context, r payment.StartRequest, _ string) (payment.Order, error) {
		return w.a.Payments.Start(ctx, r)
	}
	return p
}

func (p *autopayer) due() money.Amount {
	p.t.Helper()
	b, err := p.a.Bills.At(context.Background(), p.ref, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return b.Total
}

// on brings autopay on, on a day, twice: the second round changes nothing.
func (p *autopayer) on(day calendar.Date) *autopay.Turn {
	p.t.Helper()
	p.today = day
	for range 2 {
		if err := p.a.Autopay.Round(context.Background()); err != nil {
			p.t.Fatal(err)
		}
	}
	s, err := p.a.Autopay.Find(context.Background(), p.own, p.ref)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(s.Turns) == 0 {
		return nil
	}
	return &s.Turns[0]
}

func (p *autopayer) want(turn *autopay.Turn, state string, next calendar.Date) {
	p.t.Helper()
	if turn == nil || turn.State != state || next != 0 && turn.NextOn != next {
		p.t.Fatalf("turn %+v, want %s, next on %v", turn, state, next)
	}
}

// told are the autopay events of the household.
func (p *autopayer) told() (list []string) {
	p.t.Helper()
	err := p.a.DB.Read(context.Background(), func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(context.Background(), "SELECT body FROM event WHERE kind = $1 ORDER BY seq", string(event.KindAutopay))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var body string
			if err := rows.Scan(&body); err != nil {
				return err
			}
			list = append(list, body)
		}
		return rows.Err()
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

// TestAutopayOfAHousehold walks a rule through its months: above the cap it asks, a payment at its bank is waited for, a
// refusal is tried again on the days told, a month is charged once, a veto holds.
func TestAutopayOfAHousehold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, ctx := newPayer(t, d), context.Background()
		due := p.due()
		p.today = 20261201
		set := func(cap money.Amount) {
			if _, err := p.a.Autopay.TurnOn(ctx, p.own, p.ref, autopay.Rule{Day: 10, Cap: cap}); err != nil {
				t.Fatal(err)
			}
		}
		set(due - 1)
		if turn := p.on(20261208); turn != nil {
			t.Fatalf("too early: %+v", turn)
		}
		p.want(p.on(20261209), autopay.Asks, 0)
		p.want(p.on(20261211), autopay.Asks, 0)
		if p.due() != due {
			t.Fatal("paid above the cap")
		}
		p.bank.answer = gateway.Declined
		if err := p.a.Autopay.Agree(ctx, p.own, p.ref); err != nil {
			t.Fatal(err)
		}
		p.want(p.on(20261211), autopay.Failed, 20261212)
		p.want(p.on(20261212), autopay.Failed, 20261214)

		p.bank.answer = gateway.Pending // a payment by hand waits for its bank: autopay waits too
		b, err := p.a.Bills.At(ctx, p.ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: 1000})
		if err != nil {
			t.Fatal(err)
		}
		by, err := p.a.Payments.Start(ctx, payment.StartRequest{Key: "by-hand", Plan: plan, Method: "card"})
		if err != nil || by.State != payment.StatePending {
			t.Fatalf("%+v, %v", by, err)
		}
		p.want(p.on(20261214), autopay.Failed, 20261214)
		remote := p.bank.taken[by.PublicID]
		remote.State = gateway.Captured
		p.bank.taken[by.PublicID] = remote
		if _, err := p.a.Payments.Confirm(ctx, by.PublicID); err != nil {
			t.Fatal(err)
		}
		p.bank.answer = gateway.Captured
		paid := p.on(20261214)
		p.want(paid, autopay.Paid, 0)
		if p.due() != 0 || paid.Sum != due-1000 || paid.Tries != 3 || len(p.bank.taken) != 4 {
			t.Fatalf("due %d, turn %+v, asked the bank %d times", p.due(), paid, len(p.bank.taken))
		}
		if err := p.a.Autopay.Veto(ctx, p.own, p.ref); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a veto of what is paid: %v", err)
		}
		if list := p.told(); len(list) != 6 { // on, asks, told, failed twice, paid
			t.Errorf("told %v", list)
		}
		p.nobodyPaysTwice()
	})
}

// nobodyPaysTwice: the book agrees, and a rule that is off charges nothing.
func (p *autopayer) nobodyPaysTwice() {
	p.t.Helper()
	ctx := context.Background()
	if err := p.a.Autopay.TurnOff(ctx, p.own, p.ref); err != nil && fault.CodeOf(err) != "saved.unknown" {
		p.t.Fatal(err)
	}
	before := len(p.bank.taken)
	p.on(20270110)
	r, err := p.a.Check(ctx)
	if err != nil || !r.OK || len(p.bank.taken) != before {
		p.t.Fatalf("%v, asked the bank %d times more, %+v", err, len(p.bank.taken)-before, broken(r))
	}
}

func broken(r *CheckReport) (list []string) {
	for _, b := range r.Invariants {
		if b.Count > 0 {
			list = append(list, fmt.Sprint(b))
		}
	}
	return list
}

// TestCodeOfAWholeBillInARegister: a bank's line with the code of a household is shared by the rules, once, and taken back
// whole by its reversal; a line with a wrong code waits.
func TestCodeOfAWholeBillInARegister(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, ctx := newPayer(t, d), context.Background()
		b, err := p.a.Bills.At(ctx, p.ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		due := b.Total
		lines := []payment.Line{
			{Row: 1, Operation: "op1", Number: b.Household, Date: 20261126, Amount: due / 2}, {Row: 2, Operation: "op2", Number: b.Household, Date: 20261126, Amount: due - due/2},
			{Row: 3, Operation: "op3", Number: "AAAAAAAAAA", Date: 20261126, Amount: 500},
		}
		take := func(file int64, list []payment.Line, want ...payment.Verdict) {
			t.Helper()
			got, err := p.a.Payments.TakeLines(ctx, payment.Source{FileID: file, Channel: "sber"}, list, nil)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v, %v, want %v", got, err, want)
			}
		}
		take(901, lines, payment.Applied, payment.Applied, payment.Suspense)
		take(901, lines, payment.Applied, payment.Applied, payment.Suspense) // the same file again
		if p.due() != 0 {
			t.Fatalf("due %d after both halves", p.due())
		}
		take(902, []payment.Line{{Row: 1, Operation: "op1", Number: b.Household, Date: 20261127, Amount: -(due / 2)}}, payment.Applied)
		if p.due() != due/2 {
			t.Fatalf("due %d after a reversal, want %d", p.due(), due/2)
		}
		p.advances()
		if r, err := p.a.Check(ctx); err != nil || !r.OK {
			t.Fatalf("%v, %v", err, broken(r))
		}
	})
}

// advances: what is paid ahead stays as long as the bill shows it, is used when it does not, once.
func (p *autopayer) advances() {
	p.t.Helper()
	ctx := context.Background()
	b, err := p.a.Bills.At(ctx, p.ref, 0)
	if err == nil {
		err = p.a.Bills.Ahead(ctx, b)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: b.Total + 10_000, Ahead: true})
	if err != nil || plan.Advance != 10_000 {
		p.t.Fatalf("%+v, %v", plan, err)
	}
	if _, err := p.a.Payments.Start(ctx, payment.StartRequest{Key: "ahead", Plan: plan, Method: "card"}); err != nil {
		p.t.Fatal(err)
	}
	left := func() (sum money.Amount) {
		list, err := p.a.Payments.ListPrepaid(ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, x := range list {
			sum += x.Left
		}
		return sum
	}
	if err := p.a.UseAdvances(ctx); err != nil || left() != 10_000 {
		p.t.Fatalf("%d of the advance is left, %v", left(), err)
	}
	list, err := p.a.Payments.ListPrepaid(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	for range 2 { // charged as much as is left of the first account but one kopeck
		if err := p.a.Payments.UsePrepaid(ctx, list[0].BuildingID, list[0].AccountID, 1); err != nil || left() != 10_000-list[0].Left+1 {
			p.t.Fatalf("%d is left, %v", left(), err)
		}
	}
}
