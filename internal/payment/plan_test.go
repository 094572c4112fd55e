package payment

import (
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func anyDebts(t *rapid.T) []Debt {
	n := rapid.IntRange(1, 12).Draw(t, "debts")
	var list []Debt
	for i := range n {
		d := Debt{BuildingID: 1, AccountID: int64(i/2 + 1), SupplierID: int64(i/2 + 1), ServiceID: int64(i), Supplier: string(rune('a' + i/2)), Service: string(rune('p' + i)),
			Penalty: money.Amount(rapid.Int64Range(0, 5000).Draw(t, "penalty")), LastCharge: money.Amount(rapid.Int64Range(0, 900000).Draw(t, "charge"))}
		for m := range rapid.IntRange(0, 3).Draw(t, "months") {
			d.Buckets = append(d.Buckets, Bucket{Month: calendar.NewMonth(2026, 6+m), Amount: money.Amount(rapid.Int64Range(0, 700000).Draw(t, "debt"))})
		}
		list = append(list, d)
	}
	return list
}

// The parts add up, nothing is negative, nobody gets more than he is owed except ahead, and the order of debts says
// nothing.
func TestSplitAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debts := anyDebts(t)
		sum := money.Amount(rapid.Int64Range(1, 3_000_000).Draw(t, "sum"))
		p, err := Split(debts, Wish{Sum: sum, Ahead: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var total, advance money.Amount
		got := map[int64]money.Amount{}
		for _, part := range p.Parts {
			if part.Amount <= 0 {
				t.Fatalf("part %+v", part)
			}
			total += part.Amount
			if part.Kind == PartAdvance {
				advance += part.Amount
				continue
			}
			got[part.ServiceID] += part.Amount
		}
		var due money.Amount
		for i := range debts {
			due += debts[i].Due()
			if got[debts[i].ServiceID] > debts[i].Due() {
				t.Fatalf("service %d got %d of %d", debts[i].ServiceID, got[debts[i].ServiceID], debts[i].Due())
			}
		}
		if total != sum || p.Sum != sum || p.Advance != advance || advance != max(0, sum-due) {
			t.Fatalf("sum %d, parts %d, advance %d, due %d", sum, total, advance, due)
		}
		shuffled := append([]Debt{}, debts...)
		rand.New(rand.NewSource(1)).Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		q, err := Split(shuffled, Wish{Sum: sum, Ahead: true}, nil)
		if err != nil || len(q.Parts) != len(p.Parts) {
			t.Fatalf("shuffled: %v", err)
		}
		for i := range p.Parts {
			if p.Parts[i] != q.Parts[i] {
				t.Fatalf("shuffled part %d: %+v, was %+v", i, q.Parts[i], p.Parts[i])
			}
		}
	})
}

func debt(service int64, penalty money.Amount, buckets ...Bucket) Debt {
	return Debt{BuildingID: 1, AccountID: service, SupplierID: service, ServiceID: service, Supplier: string(rune('a' + service)), Service: "услуга", Buckets: buckets, Penalty: penalty, LastCharge: 100}
}

func TestSplitRules(t *testing.T) {
	old, now := calendar.Month(202608), calendar.Month(202610)
	debts := []Debt{debt(1, 50, Bucket{Month: old, Amount: 1000}, Bucket{Month: now, Amount: 500}), debt(2, 0, Bucket{Month: now, Amount: 1500})}
	amount := func(p Plan, service int64, kind string) (sum money.Amount) {
		for _, x := range p.Parts {
			if x.ServiceID == service && x.Kind == kind {
				sum += x.Amount
			}
		}
		return sum
	}
	t.Run("the oldest month is paid first", func(t *testing.T) {
		p, err := Split(debts, Wish{Sum: 900}, nil)
		if err != nil || amount(p, 1, PartDebt) != 900 || amount(p, 2, PartDebt) != 0 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	t.Run("inside a month in proportion", func(t *testing.T) {
		p, err := Split(debts, Wish{Sum: 1400}, nil)
		if err != nil || amount(p, 1, PartDebt) != 1100 || amount(p, 2, PartDebt) != 300 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	t.Run("penalty after all principal", func(t *testing.T) {
		p, err := Split(debts, Wish{Sum: 3010}, nil)
		if err != nil || amount(p, 1, PartPenalty) != 10 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	t.Run("chosen lines", func(t *testing.T) {
		p, err := Split(debts, Wish{Lines: []WishLine{{Supplier: "c", Sum: 700}}}, nil)
		if err != nil || len(p.Parts) != 1 || amount(p, 2, PartDebt) != 700 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	t.Run("above the debt only ahead", func(t *testing.T) {
		if _, err := Split(debts, Wish{Sum: 9999}, nil); fault.CodeOf(err) != "payment.above_debt" {
			t.Fatalf("%v", err)
		}
		p, err := Split(debts, Wish{Sum: 9999, Ahead: true}, nil)
		if err != nil || p.Advance != 9999-3050 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	t.Run("all", func(t *testing.T) {
		if p, err := Split(debts, Wish{All: true}, nil); err != nil || p.Sum != 3050 || p.Advance != 0 {
			t.Fatalf("%+v, %v", p, err)
		}
	})
	for name, w := range map[string]Wish{"zero": {Sum: 0}, "negative": {Sum: -5}, "too much": {Sum: SumMax + 1, Ahead: true}, "unknown line": {Lines: []WishLine{{Supplier: "нет", Sum: 1}}}} {
		if _, err := Split(debts, w, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}

// TestWishLinesShareOneDebt: lines that mean the same debt may not pay it twice without «ahead».
func TestWishLinesShareOneDebt(t *testing.T) {
	now := calendar.Month(202610)
	debts := []Debt{debt(1, 0, Bucket{Month: now, Amount: 1000}), debt(2, 0, Bucket{Month: now, Amount: 500})}
	twice := Wish{Lines: []WishLine{{Supplier: "b", Sum: 800}, {Supplier: "b", Service: "услуга", Sum: 800}}}
	if _, err := Split(debts, twice, nil); fault.CodeOf(err) != "payment.above_debt" {
		t.Fatalf("%v", err)
	}
	twice.Ahead = true
	if p, err := Split(debts, twice, nil); err != nil || p.Sum != 1600 || p.Advance != 600 {
		t.Fatalf("%+v, %v", p, err)
	}
}

// TestTinySums: any sum over any lines adds up, also one kopeck over many.
func TestTinySums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debts := anyDebts(t)
		var due money.Amount
		for i := range debts {
			due += debts[i].Due()
		}
		if due == 0 {
			return
		}
		sum := min(due, money.Amount(rapid.Int64Range(1, 20).Draw(t, "sum")))
		p, err := Split(debts, Wish{Sum: sum}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var total money.Amount
		for _, part := range p.Parts {
			total += part.Amount
		}
		if total != sum || p.Advance != 0 {
			t.Fatalf("%d of %d, advance %d", total, sum, p.Advance)
		}
	})
}
