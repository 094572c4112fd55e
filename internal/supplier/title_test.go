package supplier

import "testing"

// TestServicesAreWrittenOut: a resident reads words, not what a supplier's program shortens them to.
func TestServicesAreWrittenOut(t *testing.T) {
	for _, c := range []struct {
		service string
		sold    []string
		want    string
	}{
		{"ХВ", nil, "Холодная вода"},
		{"СТОКИ", []string{"холодная вода", "водоотведение"}, "Водоотведение"},
		{"ГВ_ЭНЕРГИЯ", nil, "Горячая вода: подогрев"},
		{"ГВС: тепло", nil, "Горячая вода: подогрев"},
		{"ЭЭ на СОИ", nil, "Электроэнергия на общие нужды дома"},
		{"Содержание и ремонт", nil, "Содержание и ремонт"},
		{"", []string{"домофон"}, "Домофон"},
		{"", []string{"газ", "обслуживание"}, "Начисления"},
		{"", nil, "Начисления"},
	} {
		if got := ServiceTitle(c.service, c.sold); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.service, c.sold, got, c.want)
		}
	}
}
