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
