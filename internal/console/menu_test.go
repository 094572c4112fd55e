package console

import (
	"slices"
	"testing"
)

// TestMenuMarksWhereOneIs walks to pages below an entry and beside it.
func TestMenuMarksWhereOneIs(t *testing.T) {
	for path, want := range map[string]string{
		"/c/today": "Сегодня", "/c/account/K2A7/facts": "Найти", "/c/reissues/7": "Начисление", "/s/missing": "Счётчики",
		"/s/meters/1-2": "Счётчики", "/c/houses/H1": "Дома", "/c/housesteads": "", "/c/check": "",
	} {
		current := ""
		for _, n := range at(slices.Concat(centreMenu.daily, centreMenu.rest), path) {
			if n.Current {
				current += n.Title
			}
		}
		if current != want {
			t.Errorf("%s: marked %q, want %q", path, current, want)
		}
	}
}

// TestMenuEntriesDiffer holds that no two entries of a menu share words, an address or a picture.
func TestMenuEntriesDiffer(t *testing.T) {
	for name, m := range map[string]menu{"centre": centreMenu, "supplier": supplierMenu, "clerk": clerkMenu, "centre with desks": {centreMenu.daily, append(slices.Clone(centreMenu.rest), shiftsEntry)}} {
		seen := map[string]bool{}
		for _, e := range slices.Concat(m.daily, m.rest) {
			for _, sign := range []string{e.Title, e.Href, e.Icon} {
				if seen[sign] {
					t.Errorf("%s: %q stands twice", name, sign)
				}
				seen[sign] = true
			}
		}
	}
}
