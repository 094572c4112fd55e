package match

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseName(t *testing.T) {
	for _, c := range []struct{ fio, want string }{
		{"Иванова Анна Петровна", "иванова анна петровна"},
		{"ИВАНОВА А.П.", "иванова а п"},
		{"Иванова А. П.", "иванова а п"},
		{"А.П. Иванова", "иванова а п"},
		{"Анна Петровна Иванова", "иванова анна петровна"},
		{"Абрамович Роман Аркадьевич", "абрамович роман аркадьевич"},
		{"Петрович Анна Ивановна", "петрович анна ивановна"},
		{"Королёв Пётр", "королев петр"},
		{"Римский-Корсаков Н.А.", "римскийкорсаков н а"},
		{"Ивaнoвa А.П.", "иванова а п"},
		{"Иванова", "иванова"},
		{" . , -", ""},
		{"", ""},
	} {
		n := ParseName(c.fio)
		if got := strings.TrimSpace(n.Last + " " + strings.Join(n.Rest, " ")); got != c.want {
			t.Errorf("%q: got %q, want %q", c.fio, got, c.want)
		}
	}
}

func TestCompareNames(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       int
	}{
		{"two typing errors in a long surname, the shorter first", "Сиридов Роман Васильевич", "Свириддов Роман В.", nameTypo},
		{"the same", "Иванова Анна Петровна", "Иванова Анна Петровна", nameSame},
		{"initials", "Иванова Анна Петровна", "ИВАНОВА А.П.", nameSame},
		{"initials written together", "Иванова Анна Петровна", "Иванова АП", nameSame},
		{"a short name is no initials", "Ким Ян Петрович", "Ким Ян", nameSame},
		{"one initial", "Иванова Анна Петровна", "Иванова А.", nameSame},
		{"surname only", "Иванова Анна Петровна", "Иванова", nameSame},
		{"initials first", "А.П. Иванова", "Иванова Анна Петровна", nameSame},
		{"surname last", "Анна Петровна Иванова", "Иванова А.П.", nameSame},
		{"ё", "Королёв Пётр Семёнович", "Королев Петр Семенович", nameSame},
		{"a double surname", "Римский-Корсаков Н.А.", "Римский Корсаков Н.А.", nameOther},
		{"a double surname without the dash", "Римский-Корсаков Н.А.", "РимскийКорсаков Н.А.", nameSame},
		{"a typing error in the surname", "Ивонова А.П.", "Иванова А.П.", nameTypo},
		{"letters swapped", "Кузенцов О.О.", "Кузнецов О.О.", nameTypo},
		{"a typing error in a given name", "Иванова Татьяна П.", "Иванова Татяна П.", nameSame},
		{"a typing error needs more than a surname", "Ивонова", "Иванова", nameOther},
		{"other initials", "Иванова А.П.", "Иванова Б.П.", nameOther},
		{"other patronymic", "Иванова Анна Петровна", "Иванова Анна Сергеевна", nameOther},
		{"married", "Смирнова Анна Петровна", "Иванова Анна Петровна", nameOther},
		{"another person", "Иванова А.П.", "Кузнецов О.О.", nameOther},
		{"nobody", "", "Иванова А.П.", nameUnknown},
	} {
		a, b := ParseName(c.a), ParseName(c.b)
		if got := compareNames(&a, &b); got != c.want {
			t.Errorf("%s: %q, %q: got %d, want %d", c.name, c.a, c.b, got, c.want)
		}
	}
}

func TestComparingNamesHasNoSides(t *testing.T) {
	word := rapid.StringMatching(`[А-Д][а-д]{0,7}[. ]{1,2}`)
	rapid.Check(t, func(t *rapid.T) {
		x, y := "", ""
		for range rapid.IntRange(0, 3).Draw(t, "words") {
			w := word.Draw(t, "word")
			x, y = x+w, y+rapid.OneOf(rapid.Just(w), word).Draw(t, "other")
		}
		a, b := ParseName(x), ParseName(y)
		if there, back := compareNames(&a, &b), compareNames(&b, &a); there != back {
			t.Errorf("%q, %q: %d, and %d the other way", x, y, there, back)
		}
		if self := compareNames(&a, &a); a.Last != "" && self != nameSame {
			t.Errorf("%q is not itself: %d", x, self)
		}
	})
}
