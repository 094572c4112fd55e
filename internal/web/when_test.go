package web

import (
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
)

// TestADayGoneByIsNoTerm: «до 16 ноября» said on the 24th would be a lie.
func TestADayGoneByIsNoTerm(t *testing.T) {
	p := &Page{Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	for day, want := range map[calendar.Date]string{20261116: "срок прошёл 16\u00a0ноября", 20261215: "до 15\u00a0декабря", 20261124: "до 24\u00a0ноября, вторник"} {
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

// TestCapital: only a first letter changes, and there may be none.
func TestCapital(t *testing.T) {
	for in, want := range map[string]string{"": "", "октябрь 2026": "Октябрь 2026", "ё": "Ё", "1-е": "1-е"} {
		if got := Capital(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
