package match

import (
	"fmt"
	"strings"
	"testing"

	"kvit/internal/housing"
)

// siblings is a register where house 40 has buildings beside it; ids as commented.
func siblings() *housing.Register {
	return housing.NewRegister([]housing.Building{
		{ID: 1, StreetType: "ул", Street: "Ленина", House: "40", Flats: 60, Kind: "mkd"},
		{ID: 2, StreetType: "ул", Street: "Ленина", House: "40", Korp: "1", Flats: 100, Kind: "mkd"},
		{ID: 3, StreetType: "ул", Street: "Почтовая", House: "1", Flats: 10, Kind: "mkd"},
		{ID: 4, Locality: "Солотча", StreetType: "ул", Street: "Почтовая", House: "1", Flats: 20, Kind: "mkd"},
		{ID: 5, StreetType: "ул", Street: "Садовая", House: "7", Kind: "private"},
	})
}

// evidence reads, of a supplier of its own, «number|payer|unified number|address».
func evidence(line string) Evidence {
	w := strings.SplitN(line, "|", 4)
	return Evidence{Supplier: "of " + w[0], Number: w[0], FIO: w[1], ELS: w[2], Address: housing.Parts{Text: w[3]}}
}

func TestPlace(t *testing.T) {
	l := NewLocator(siblings())
	for _, line := range []string{
		"1600000051|Иванова А.П.|10АА111111|ул. Ленина, д. 40, кв. 5",
		"1600000062|Петров И.И.|10АА222222|ул. Ленина, д. 40 к1, кв. 5",
		"1600000073|Сидоров С.С.||ул. Ленина, д. 40 к1, кв. 55",
		"1600000084|Кузнецов О.О.||пос. Солотча, ул. Почтовая, д. 1, кв. 3",
	} {
		e := evidence(line)
		l.Observe(&e)
	}
	stored := evidence("1600000095|Волкова В.В.|10АА333333|ул. Садовая, д. 7")
	l.Known(5, LessonOf(l.r, &stored))
	for _, c := range []struct{ name, line, want string }{
		{"exact", "2600000051|Иванова А.П.||ул. Ленина, 40-5", "1 address"},
		{"a building", "2600000062|Петров И.И.||ул. Ленина, 40 корп. 1, кв. 5", "2 address"},
		{"a building lost, the payer lives in it", "77|Петров И.И.||ул. Ленина, 40, кв. 5", "2 address addr_korp_lost"},
		{"a building lost, the number is of it", "2600000062|||ул. Ленина, 40, кв. 5", "2 address addr_korp_lost"},
		{"a building lost, the unified number is of it", "77||10AA222222|ул. Ленина, 40, кв. 5", "2 address addr_korp_lost"},
		{"a typing error", "77|||ул. Садвоая, 7", "5 address addr_typo"},
		{"look-alike letters", "77|||ул. Cадовая, 7", "5 address addr_typo"},
		{"a settlement lost, the payer lives in it", "77|О.О. Кузнецов||ул. Почтовая, 1, кв. 3", "4 address addr_loc_lost"},
		{"the payer's other flat", "77|Петров И.И.||ул. Ленина, д. 40, кв. 7", "1 address"},
		{"above the count", "77|||ул. Почтовая, д. 1, кв. 21", "ruled out flat_above orphan"},
		{"no such house", "77|||ул. Садовая, 8", "ruled out no_house orphan"},
		{"no such street", "77|||ул. Тупиковая, 8", "unplaced no_address"},
		{"no such street, the unified number is known", "77||10АА333333-01|ул. Тупиковая, 8", "5 els"},
		{"no address", "77|||", "unplaced no_address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evidence(c.line)
			p := l.Place(&e)
			got := [...]string{fmt.Sprint(p.Building), "ruled out", "unplaced", "doubtful"}[p.Status] + " " + p.Rule
			for _, f := range p.Findings {
				got += " " + f.Type
			}
			if got != c.want {
				t.Errorf("%s: got %q, want %q", c.line, got, c.want)
			}
		})
	}
}

// TestAFlatAboveTheCountBesideASibling: a lost building or premises that do not exist, a person decides.
func TestAFlatAboveTheCountBesideASibling(t *testing.T) {
	l := NewLocator(siblings())
	e := evidence("77|||ул. Ленина, 40, кв. 70")
	if p := l.Place(&e); p.Status != Doubtful || p.Building != 0 {
		t.Errorf("got %+v, want Doubtful", p)
	}
}

// TestAShareOfAFlatBesideASibling: other accounts and names in the flat say nothing against a co-owner.
func TestAShareOfAFlatBesideASibling(t *testing.T) {
	l := NewLocator(siblings())
	owner := evidence("11|Королева Н.В.||ул. Ленина, д. 40 к1, кв. 70")
	l.Observe(&owner)
	for share, want := range map[string]bool{"1/2": false, "1/1": true} {
		e := evidence("77|Зуев П.П.||ул. Ленина, 40, кв. 70")
		e.Share = share
		if p := l.Place(&e); p.Status != Doubtful || p.Stranger != want || len(p.Others) > 0 != want {
			t.Errorf("share %s: got %+v, want Doubtful, a stranger %v", share, p, want)
		}
	}
}

// TestAShareOfAFlatOfThePlainHouse: its owner's name says nothing against a co-owner.
func TestAShareOfAFlatOfThePlainHouse(t *testing.T) {
	l := NewLocator(siblings())
	for _, line := range []string{"11|Королева Н.В.||ул. Ленина, 40-13", "12|Королева Н.В.||Ленина, 40-13", "13|Королева Н.В.||Ленина ул., 40-13"} {
		e := evidence(line)
		l.Observe(&e)
	}
	for share, want := range map[string]Status{"1/2": Placed, "1/1": Doubtful} {
		e := evidence("77|Зуев П.П.||ул. Ленина, 40, кв. 13")
		e.Share = share
		if p := l.Place(&e); p.Status != want {
			t.Errorf("share %s: got %+v, want status %d", share, p, want)
		}
	}
}

// TestAHeadingIsReportedOnce: the house printed above many accounts is one finding.
func TestAHeadingIsReportedOnce(t *testing.T) {
	l := NewLocator(siblings())
	n := 0
	for range 3 {
		e := evidence("77|||ул. Садвоая, 7")
		e.Group = "1/2"
		for _, f := range l.Place(&e).Findings {
			n++
			if !f.Group || f.Type != "addr_house_typo" {
				t.Errorf("got %+v, want addr_house_typo of the heading", f)
			}
		}
	}
	if n != 1 {
		t.Errorf("got %d findings, want 1", n)
	}
}

// TestAPlainHouseKnowsItsPayers: house 40 may be «40 к1» without its building, so a row or two teach nothing; three that
// agree do, unless their payer lives in the sibling's flat, and a namesake beside it is no reason to move them.
func TestAPlainHouseKnowsItsPayers(t *testing.T) {
	l := NewLocator(siblings())
	for _, line := range []string{
		"11|Королева Н.В.||ул. Ленина, д. 40 к1, кв. 13",
		"12|Королева Наталья Игоревна||ул. Ленина, д. 40, кв. 13",
		"13|КОРОЛЕВА Н.И.||ул. Ленина, 40-13",
		"16|Королева Н.И.||Ленина, 40-13",
		"14|Зуев П.П.||ул. Ленина, д. 40 к1, кв. 14",
		"15|Зуев П.П.||ул. Ленина, д. 40, кв. 14",
		"17|Зуев П.П.||Ленина, 40-14",
		"18|ЗУЕВ П.П.||Ленина ул, 40-14",
	} {
		e := evidence(line)
		l.Observe(&e)
	}
	for _, c := range []struct {
		line string
		want int64
	}{
		{"21|Королева Наталья И.||ул. Ленина, 40, кв. 13", 1},
		{"22|Королева Н||ул. Ленина, 40, кв. 13", 1},
		{"23|КОРОЛЕВА НВ||ул. Ленина, 40, кв. 13", 2},
		{"24|Зуев П.||ул. Ленина, 40, кв. 14", 2},
	} {
		e := evidence(c.line)
		if p := l.Place(&e); p.Status != Placed || p.Building != c.want {
			t.Errorf("%s: got %+v, want building %d", c.line, p, c.want)
		}
	}
}

// TestNamesakesInSiblings: one name in the same flat of two buildings. Who has accounts of both knows them apart; a
// supplier of the plain house alone follows him.
func TestNamesakesInSiblings(t *testing.T) {
	l := NewLocator(siblings())
	row := func(supplier, address string) *Evidence {
		e := evidence("77|Иванов А.В.||" + address)
		e.Supplier = supplier
		return &e
	}
	const plain, building = "ул. Ленина, 40, кв. 21", "ул. Ленина, 40 к1, кв. 21"
	for _, s := range []string{"water", "power", "gas"} {
		l.Observe(row(s, plain))
		l.Observe(row(s, building))
	}
	l.Observe(row("upkeep", plain))
	for supplier, address := range map[string]string{"water": plain, "gas": plain, "upkeep": plain} {
		if p := l.Place(row(supplier, address)); p.Status != Placed || p.Building != 1 {
			t.Errorf("%s: got %+v, want the plain house", supplier, p)
		}
	}
	if p := l.Place(row("water", building)); p.Building != 2 {
		t.Errorf("got %+v, want the building printed", p)
	}
}

// TestTheTownNamedOfHabit: the payer known in the village weighs as much as the town's name, so a person decides.
func TestTheTownNamedOfHabit(t *testing.T) {
	r := housing.NewRegister([]housing.Building{
		{ID: 1, Locality: "г. Каменск", StreetType: "ул", Street: "Садовая", House: "32", Flats: 60},
		{ID: 2, Locality: "с. Раздольное", StreetType: "ул", Street: "Садовая", House: "32", Kind: "private"},
	})
	l := NewLocator(r)
	for _, line := range []string{"1|Королёв М.В.||с. Раздольное, ул. Садовая, 32", "2|Королев М.||г. Каменск, ул. Садовая, 32"} {
		e := evidence(line)
		l.Observe(&e)
	}
	for line, want := range map[string]Status{
		"3|КОРОЛЕВ МВ||г. Каменск, ул. Садовая, 32": Doubtful,
		"4|Королёв М.В.||ул. Садовая, 32":           Placed,
		"5|Попова Е.||г. Каменск, ул. Садовая, 32":  Placed,
	} {
		e := evidence(line)
		if p := l.Place(&e); p.Status != want {
			t.Errorf("%s: got %+v, want status %d", line, p, want)
		}
	}
}
