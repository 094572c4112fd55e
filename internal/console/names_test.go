package console

import (
	"testing"

	"kvit/internal/conflict"
)

// TestOrderOfARule says parties by the names people know them by.
func TestOrderOfARule(t *testing.T) {
	names := supplierNames{"uk": "ООО «УК»"}
	r := conflict.Rule{Trust: []string{"centre", "service:heating", "uk", "gone", "*"}, Latest: true}
	want := "расчётный центр, затем поставщик услуги «heating», затем ООО «УК», затем gone, затем остальные; из равных – кто сказал последним"
	if got := names.order(&r); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestWhoSaysJoinsEquals names one of those who say the same and counts the rest.
func TestWhoSaysJoinsEquals(t *testing.T) {
	claims := []conflict.ShownClaim{{Name: "Вода", Value: "13"}, {Name: "Домовой", Value: "31"}, {Name: "Газ", Value: "13"}, {Name: "Свет", Value: "13"}}
	if got, want := whoSays(claims), "13: Вода и ещё 2; 31: Домовой"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
