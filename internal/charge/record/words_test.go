package record

import "testing"

// TestFactsAreInWords: codes, figures and dates of facts are shown as people write them.
func TestFactsAreInWords(t *testing.T) {
	for _, x := range []struct {
		name string
		v    any
		want string
	}{
		{"area", "59.57", "площадь 59,57\u00a0м²"},
		{"value", "49783.88", "значение 49\u00a0783,88"},
		{"value", "20260115", "значение 20\u00a0260\u00a0115"},
		{"mode", "compared", "чьё начисление поставщика, Квит сверяет"},
		{"category", "gas_stove", "категория газовая плита"},
		{"category", "floors_5", "категория floors_5"},
		{"verifiedUntil", "2030-02-09", "поверен по 09.02.2030"},
		{"month", "2026-10", "месяц октябрь 2026"},
		{"zone", "night", "зона ночь"},
		{"persons", int64(3), "человек 3"},
		{"excess", int64(45000), "начислили лишнего 450,00\u00a0₽"},
		{"initial", true, "при установке"},
		{"services", []string{"cold_water", "sewage"}, "услуги Холодная вода, Водоотведение"},
		{"name", "ветеран труда", "название ветеран труда"},
	} {
		if got := ValueText(x.name, x.v); got != x.want {
			t.Errorf("%s %v: %q, want %q", x.name, x.v, got, x.want)
		}
	}
}
