package bill_test

import (
	"math/rand/v2"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// TestBillsEqualTheBook goes through months of charges, payments, facts that come late and services that change their
// mode for the past too, by chance: what bills say is what the book holds less what was paid; a preliminary month is
// what its run then charges; and a moment tells later what it told then.
func TestBillsEqualTheBook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		rng := rand.New(rand.NewPCG(20261126, 2))
		then := map[calendar.Micros][]string{}
		paid := map[int64]money.Amount{}
		for _, month := range []calendar.Month{october, november, 202612, 202701} {
			w.goTo(month.Year(), month.Number(), month.Last().Day()) // penalties are charged up to it
			w.live(month, func(s *fact.Set) { changeModes(s, rng) })
			w.record(&fact.Set{Building: 1, Stays: []fact.Stay{{Household: 1000 + rng.Int64N(4), ID: 9000 + rng.Int64N(9), Kind: fact.Resident, Persons: int32(rng.IntN(3)), Term: term(month.Add(-rng.IntN(2)).First())}}})
			expected := make([]money.Amount, w.flats)
			for flat := range w.flats {
				b := w.bill(flat, 0)
				expected[flat] = b.Total - b.Advance
				if b.Preliminary != nil {
					expected[flat] += b.Preliminary.Sum
				}
			}
			w.charge(month)
			for flat := range w.flats {
				if b := w.bill(flat, 0); b.Total-b.Advance != expected[flat] {
					t.Errorf("%s, flat %d: %d due, %d was expected with the preliminary month", month, flat, b.Total-b.Advance, expected[flat])
				}
			}
			for range 6 {
				account, sum := (1000+rng.Int64N(4))*10+rng.Int64N(sample.Suppliers), 1+rng.Int64N(50_000)
				w.paid(account, -1, month.First().AddDays(rng.IntN(28)), sum)
				paid[account] += money.Amount(sum)
			}
			at := w.now()
			for flat := range w.flats {
				b := w.bill(flat, at)
				then[at] = append(then[at], b.Digest())
				w.equalsTheBook(b, paid)
			}
		}
		for at, digests := range then {
			for flat, digest := range digests {
				if w.bill(flat, at).Digest() != digest {
					t.Errorf("flat %d as of %d is not what it was then", flat, at)
				}
			}
		}
	})
}

func (w *town) equalsTheBook(b *bill.Bill, paid map[int64]money.Amount) {
	w.t.Helper()
	for _, s := range b.Suppliers {
		var own money.Amount
		if err := w.d.Handle().QueryRowContext(w.ctx, "SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM v_charge_own WHERE account_id = $1", s.AccountID).Scan(&own); err != nil || own != w.posted(s.AccountID) {
			w.t.Errorf("account %s: the view says %d, the book %d, %v", s.Account, own, w.posted(s.AccountID), err)
		}
		if due := w.posted(s.AccountID) - paid[s.AccountID]; due != s.Due {
			w.t.Errorf("account %s as of %s: the bill says %d, the book %d", s.Account, b.At, s.Due, due)
		}
	}
}

// changeModes makes some services compared, some the supplier's who never sends a figure, from the beginning of time.
func changeModes(s *fact.Set, rng *rand.Rand) {
	for i := range s.Subscriptions {
		switch rng.IntN(8) {
		case 0:
			s.Subscriptions[i].Mode = fact.Compared
		case 1:
			s.Subscriptions[i].Mode = fact.Issued
		}
	}
}
