package account

import (
	"testing"

	"pgregory.net/rapid"
)

func TestHouseholdCodeReturns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(0, codeModulus-1).Draw(t, "id")
		code := HouseholdCode(id)
		back, err := ParseHouseholdCode(code)
		if err != nil || back != id {
			t.Fatalf("%d → %s → %d, %v", id, code, back, err)
		}
	})
}

func TestHouseholdCodeCatchesOneWrongSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(HouseholdCode(rapid.Int64Range(0, codeModulus-1).Draw(t, "id")))
		i := rapid.IntRange(0, len(code)-1).Draw(t, "place")
		was := code[i]
		code[i] = codeSigns[rapid.IntRange(0, len(codeSigns)-1).Draw(t, "sign")]
		if _, err := ParseHouseholdCode(string(code)); err == nil && code[i] != was {
			t.Fatalf("%s passes with a wrong sign at %d", code, i)
		}
	})
}
