package charge

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/money"
)

// TestCorrectedByKeepsWhatWasPaid: whatever a later telling says, what was paid and the file that counts payments stay, the due adds
// up, what is not told stays, and the same telling again changes nothing.
func TestCorrectedByKeepsWhatWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := func(name string) money.Amount {
			return money.Amount(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, name))
		}
		held := Line{FileID: 1, RowNo: 2, Month: 202610, Opening: sum("opening"), Charge: sum("charge"), Recalc: sum("recalc"), Penalty: sum("penalty"), Paid: sum("paid"), Given: GivenCharge | GivenDue}
		held.Due = held.Opening + held.Charge + held.Recalc + held.Penalty - held.Paid
		told := Line{FileID: 7, RowNo: 9, Opening: sum("their opening"), Charge: sum("their charge"), Recalc: sum("their recalc"), Penalty: sum("their penalty"), Paid: sum("their paid"), Due: sum("their due"),
			Given: Given(rapid.IntRange(0, int(GivenDue<<1)-1).Draw(t, "given"))}
		got, changed := held.CorrectedBy(&told)
		switch {
		case told.Given&GivenCharge == 0 && (changed || got != held):
			t.Fatalf("nothing charged is told, and %+v became %+v", held, got)
		case got.Paid != held.Paid || got.FileID != held.FileID || got.RowNo != held.RowNo:
			t.Fatalf("%+v became %+v", held, got)
		case got.Due != got.Opening+got.Charge+got.Recalc+got.Penalty-got.Paid:
			t.Fatalf("the due does not add up: %+v", got)
		case told.Given&GivenOpening == 0 && got.Opening != held.Opening, told.Given&GivenPenalty == 0 && got.Penalty != held.Penalty:
			t.Fatalf("what is not told changed: %+v", got)
		case changed != (got != held):
			t.Fatalf("changed %t: %+v, %+v", changed, held, got)
		}
		if again, more := got.CorrectedBy(&told); more || again != got {
			t.Fatalf("told again it changes %+v to %+v", got, again)
		}
	})
}
