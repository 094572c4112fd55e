package web

import (
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
)

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

// TestADayGoneByIsNoTerm: «до 16 ноября» said on the 24th would be a lie.
func TestADayGoneByIsNoTerm(t *testing.T) {
	p := &Page{Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	for day, want := range map[calendar.Date]string{20261116: "срок прошёл 16 ноября", 20261215: "до 15 декабря", 20261124: "до 24 ноября, вторник"} {
		if got := p.Until(day); got != want {
			t.Errorf("%d: %q, want %q", day, got, want)
		}
	}
}

// TestAListWithoutPagesHasNoPager: a list shown whole once said «1–0 из 14».
func TestAListWithoutPagesHasNoPager(t *testing.T) {
	var b strings.Builder
	if err := Pager(Paging{Total: 14}).Render(t.Context(), &b); err != nil || b.Len() > 0 {
		t.Errorf("pager of a list without pages: %s %v", b.String(), err)
	}
}
