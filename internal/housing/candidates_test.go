package housing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// town is a small register: line = locality|type|street|alias|house|letter|korp. Ids follow the lines.
func town(t testing.TB) *Register {
	t.Helper()
	var list []Building
	for i, line := range strings.Split(`|ул|Ленина||40||
|ул|Ленина||40||1
|ул|Ленина||40||2
|ул|Ленина||40|а|
|ул|Ленина||12/5||
|ул|Ленина||12||
|ул|8 Марта||3||
|ул|2-я Советская||3||
|пр-кт|Победы|Сталина|7||
|ул|Победы||7||
|ул|Сергея Лазо||5||
|ул|им. Гагарина||9А||
|ул|Комсомольская||5 к2||
|ул|Набережная||2||
|ул|Гора||1||
|ул|26 Бакинских Комиссаров||4||
Солотча|ул|Почтовая||1||
|ул|Почтовая||1||
Поляны||||5||
|ул|Карла Маркса||6||лит. Б
|проезд|Мира 1-й||2||
Канищево|ул|Ленина||12||`, "\n") {
		w := strings.Split(line, "|")
		if len(w) != 7 {
			t.Fatalf("line %d: %q", i+1, line)
		}
		list = append(list, Building{ID: int64(i + 1), Locality: w[0], StreetType: w[1], Street: w[2], Alias: w[3], House: w[4], Letter: w[5], Korp: w[6]})
	}
	return NewRegister(list)
}

// found writes candidates as «id» or «id+cost», with what was odd.
func found(r *Register, text string) string {
	p := r.Read(&Parts{Text: text})
	var out []string
	for _, c := range r.Candidates(&p) {
		s := fmt.Sprint(r.At(c.House).ID)
		if c.Cost > 0 {
			s += fmt.Sprintf("+%d", c.Cost)
		}
		for _, o := range c.Odd {
			s += " " + strings.TrimPrefix(o, "addr_")
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestCandidates(t *testing.T) {
	r := town(t)
	for _, c := range []struct{ name, text, want string }{
		{"exact", "ул. 8 Марта, д. 3, кв. 5", "7"},
		{"kind behind, capitals", "8 МАРТА УЛ, 3-5", "7"},
		{"ordinal of a date", "ул. 8-е Марта, 3", "7"},
		{"no commas", "г. Рязань ул. 8 Марта д. 3 кв. 5", "7"},
		{"no commas, region", "Рязанская обл г Рязань ул 8 Марта д 3", "7"},
		{"no commas, kind behind", "г Рязань 8 Марта ул 3", "7"},
		{"no commas, a place of the register", "Солотча Почтовая 1", "17, 18+60"},
		{"an initial", "ул. С.Лазо, д. 5", "11+10 alias"},
		{"an initial, kind behind", "С.Лазо ул, 5", "11+10 alias"},
		{"имени is no name", "ул. Гагарина, 9А", "12"},
		{"имени written out", "ул. имени Гагарина, д. 9 а", "12"},
		{"a street named like a kind of street", "ул. Набережная, 2", "14"},
		{"a number before the name", "1-й проезд Мира, д. 2", "21"},
		{"a number with another ending", "26-ти Бакинских Комиссаров, 4", "16"},

		{"the kind tells two streets", "пр-кт Победы, 7", "9"},
		{"the kind tells two streets, shortened", "пр. Победы, 7", "9, 10"},
		{"a former name", "ул. Сталина, 7", "9+40 alias"},
		{"a former name, its kind", "Сталина пр-т, 7", "9+10 alias"},

		{"a swap", "ул. Комосмольская, 5 к2", "13+10 typo"},
		{"a letter dropped", "ул. Комсомолская, 5 к2", "13+10 typo"},
		{"an ending of a number", "ул. 2-яя Советская, 3", "8+10 typo"},
		{"a short name allows one error", "ул. Гор, 1", "15+10 typo"},
		{"a short name does not allow two", "ул. Мира, 1", ""},
		{"numbers have no typing errors", "ул. 1-я Советская, 3", ""},
		{"numbers have no typing errors in dates", "ул. 9 Марта, 3", ""},
		{"initials are no numbers", "ул. 2 Бакинских Комиссаров, 4", ""},
		{"a street nobody knows", "ул. Тупиковая, 3", ""},
		{"a part of a name is another street", "ул. Старая Гора, 1", ""},

		{"house alone among siblings", "ул. Ленина, 40", "1, 2+12 korp_lost, 3+12 korp_lost"},
		{"building", "ул. Ленина, 40 к1", "2"},
		{"building by a slash", "ул. Ленина, 40/1", "2"},
		{"building nobody knows", "ул. Ленина, 40 к3", ""},
		{"room is no building", "ул. Ленина, 40, кв. 5, к. 2", "1, 2+12 korp_lost, 3+12 korp_lost"},
		{"letter", "ул. Ленина, 40А", "4"},
		{"letter as литера", "ул. Ленина, 40 лит. А", "4"},
		{"letter nobody knows", "ул. Ленина, 40Б", ""},
		{"fraction", "ул. Ленина, 12/5", "5"},
		{"fraction nobody knows", "ул. Ленина, 12/6", ""},
		{"number without the fraction", "ул. Ленина, 12", "6, 22+20 loc_lost"},
		{"letter and building in one column of the register", "Комсомольская, 5, корп. 2", "13"},
		{"литера of the register", "ул. Карла Маркса, 6Б", "20"},
		{"a house nobody knows", "ул. Ленина, 41", ""},
		{"no house", "ул. Ленина", ""},

		{"settlement", "пос. Солотча, ул. Почтовая, 1", "17, 18+60"},
		{"settlement in parentheses", "ул. Почтовая (Солотча), 1", "17, 18+60"},
		{"settlement not said", "ул. Почтовая, 1", "18, 17+20 loc_lost"},
		{"village without streets", "с. Поляны, д. 5", "19"},
		{"village without streets, unknown house", "с. Поляны, д. 6", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(r, c.text); got != c.want {
				t.Errorf("%q\n got %q\nwant %q", c.text, got, c.want)
			}
		})
	}
}

func TestEveryHouseIsFoundByItsAddress(t *testing.T) {
	r := town(t)
	for i := range r.houses {
		h := r.At(i)
		for _, text := range []string{h.Address(), strings.ToUpper(h.Address()), Premises(h.Address(), "5", ""), Premises(h.Address(), "5", "2"), "390000, Россия, " + h.Address()} {
			p := ParseText(text)
			c := r.Candidates(&p)
			if len(c) == 0 || r.At(c[0].House).ID != h.ID || len(c) > 1 && c[1].Cost == c[0].Cost {
				t.Errorf("%q: got %+v, want house %d", text, c, i)
			}
		}
	}
}

func TestKnowsStreet(t *testing.T) {
	r := town(t)
	for text, want := range map[string]bool{"ул. Ленина, 99": true, "ул. Ленена, 99": false, "ул. Тупиковая, 1": false, "": false} {
		if p := ParseText(text); r.KnowsStreet(&p) != want {
			t.Errorf("%q: got %v, want %v", text, !want, want)
		}
	}
}

func TestMixedScript(t *testing.T) {
	for s, want := range map[string]bool{"Ленина": false, "Lenina": false, "Лeнина": true, "Ленина A": false, "12A": false, "": false} {
		if MixedScript(s) != want {
			t.Errorf("%q: got %v, want %v", s, !want, want)
		}
	}
}

// TestTheOrderOfTheRegister: candidates are the same whatever the order of houses.
func TestTheOrderOfTheRegister(t *testing.T) {
	list := make([]Building, len(town(t).houses))
	for i, h := range town(t).houses {
		list[i] = *h.Building
	}
	want := map[string]bool{}
	for _, text := range []string{"ул. Ленина, 40", "ул. Почтовая, 1", "пр. Победы, 7", "ул. Ленина, 12"} {
		var sets []string
		for range 2 {
			slices.Reverse(list)
			got := strings.Split(found(NewRegister(slices.Clone(list)), text), ", ")
			slices.Sort(got)
			sets = append(sets, strings.Join(got, ", "))
		}
		if want[text] = sets[0] == sets[1]; !want[text] {
			t.Errorf("%s: %s and %s", text, sets[0], sets[1])
		}
	}
}
