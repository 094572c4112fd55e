package payment

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/money"
)

// TestMoneyAheadGoesBackAlone: whatever a payment's parts, what goes back of one account's money paid ahead takes nothing of debts,
// penalties and other accounts, adds up, and leaves no part below zero, however often it is asked for.
func TestMoneyAheadGoesBackAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type whose struct {
			account int64
			kind    string
		}
		o, got := Order{ID: 1, State: StateCredited}, map[whose]money.Amount{}
		for i, amount := range rapid.SliceOfN(rapid.Int64Range(1, 100_000), 1, 12).Draw(t, "parts") {
			k := whose{rapid.Int64Range(1, 4).Draw(t, "account"), rapid.SampledFrom([]string{PartDebt, PartPenalty, PartAdvance}).Draw(t, "kind")}
			o.Parts = append(o.Parts, Part{BuildingID: 1, OrderID: 1, No: i + 1, AccountID: k.account, ServiceID: int64(i % 3), Kind: k.kind, Amount: money.Amount(amount)})
			o.Sum, got[k] = o.Sum+money.Amount(amount), got[k]+money.Amount(amount)
		}
		account := rapid.Int64Range(1, 4).Draw(t, "whose")
		for ahead := (whose{account, PartAdvance}); got[ahead] > 0; {
			sum := money.Amount(rapid.Int64Range(1, int64(got[ahead])).Draw(t, "back"))
			if rapid.Bool().Draw(t, "the rest") {
				sum = got[ahead]
			}
			pieces, total := o.back(sum, PartAdvance, account, 5, 20261126), money.Amount(0)
			for _, p := range pieces {
				total -= p.Amount
				if p.Kind != PartAdvance || p.AccountID != account || p.Amount >= 0 {
					t.Fatalf("%s of account %d gives %d back", p.Kind, p.AccountID, p.Amount)
				}
			}
			if got[ahead] -= sum; total != sum || got[ahead] < 0 {
				t.Fatalf("%d went back of %d, %d is left", total, sum, got[ahead])
			}
			o.Parts = append(o.Parts, pieces...)
		}
	})
}

// TestUsesKeepWhatIsAsked: of money paid ahead so much is used that what the bill shows above what is due stays, the oldest first;
// no more of an advance is used than it has, and a use whose money went back is taken back.
func TestUsesKeepWhatIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []prepaid
		var ahead, below money.Amount
		for i, left := range rapid.SliceOfN(rapid.Int64Range(-5_000, 20_000), 0, 10).Draw(t, "advances") {
			if left == 0 {
				continue
			}
			list = append(list, prepaid{order: int64(i), left: money.Amount(left)})
			ahead, below = ahead+max(0, money.Amount(left)), below+min(0, money.Amount(left))
		}
		keep := money.Amount(rapid.Int64Range(-1_000, 60_000).Draw(t, "keep"))
		had := map[int64]money.Amount{}
		for _, p := range list {
			had[p.order] = p.left
		}
		var used money.Amount
		open := false // an older advance was left with something
		for _, u := range usesOf(list, keep) {
			if u.left > 0 {
				if open || u.left > had[u.order] {
					t.Fatalf("%d of %d is used of order %d", u.left, had[u.order], u.order)
				}
				open = u.left < had[u.order]
			} else if u.left != had[u.order] {
				t.Fatalf("%d of %d is taken back of order %d", u.left, had[u.order], u.order)
			}
			used += u.left
		}
		if want := max(0, ahead-max(0, keep)) + below; used != want {
			t.Fatalf("%d is used, want %d", used, want)
		}
	})
}
