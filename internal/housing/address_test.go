package housing

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// show writes a parsed address in one line: «ул ленина | 12а/5 к2 кв 5 6 ком 2».
func show(p *Parsed) string {
	var segs []string
	for _, s := range p.Segments {
		segs = append(segs, strings.Join(s, " "))
	}
	out := strings.Join(segs, ", ")
	if len(p.Paren) > 0 {
		out += " (" + strings.Join(p.Paren, " ") + ")"
	}
	out += " | " + p.Num + p.Letter
	for _, x := range []struct{ label, text string }{{"/", p.Slash}, {" к", p.Korp}, {" кв ", strings.Join(p.Flats, " ")}, {" ком ", p.Room}, {" п", p.Postcode}} {
		if x.text != "" {
			out += x.label + x.text
		}
	}
	return out
}

func TestParseText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		// the whole address
		{"plain", "г. Рязань, ул. Ленина, д. 5, кв. 10", "г рязань, ул ленина | 5 кв 10"},
		{"postcode first", "390000, Рязанская обл., г. Рязань, ул. Ленина, д. 5, кв. 10", "рязанская обл, г рязань, ул ленина | 5 кв 10 п390000"},
		{"country before the postcode", "Россия, 390000, г.Рязань, ул.Ленина, д.5, кв.10", "россия, г рязань, ул ленина | 5 кв 10 п390000"},
		{"postcode last", "ул. Ленина, 5, кв. 10, 390000", "ул ленина | 5 кв 10 п390000"},
		{"kinds after names, number signs", "Рязань г, Ленина ул, дом № 5, кв. № 10", "рязань г, ленина ул | 5 кв 10"},
		{"no points", "г Рязань, ул Ленина, д 5, кв 10", "г рязань, ул ленина | 5 кв 10"},
		{"no spaces", "ул.Ленина,д.5,кв.10", "ул ленина | 5 кв 10"},
		{"no spaces, no commas", "ул. Ленина д.5кв.10", "ул ленина | 5 кв 10"},
		{"no commas", "г. Рязань ул. Ленина д. 5 кв. 10", "г рязань ул ленина | 5 кв 10"},
		{"capitals", "Г. РЯЗАНЬ, УЛ. ЛЕНИНА, Д. 12А, КВ. 7", "г рязань, ул ленина | 12а кв 7"},
		{"full words", "улица Ленина, дом 5, корпус 1, квартира 10", "улица ленина | 5 к1 кв 10"},
		{"points read as commas", "ул, Ленина, д, 5, кв, 10", "ул, ленина | 5 кв 10"},
		{"last point", "ул. Ленина, д. 5, кв. 10.", "ул ленина | 5 кв 10"},
		{"Latin look-alikes", "ул. Лeнинa, д. 5, кв. 10", "ул ленина | 5 кв 10"},
		{"Latin letter of the house", "ул. Ленина, д. 5A", "ул ленина | 5а"},
		{"ё", "ул. Королёва, д. 5", "ул королева | 5"},
		{"empty columns glued", "390013;;Рязань;;Ленина ул;5;;10;", "рязань, ленина ул | 5 кв 10 п390013"},
		{"house first", "д. 5, кв. 10, ул. Ленина, г. Рязань", "ул ленина, г рязань | 5 кв 10"},
		{"town after the house", "ул. Ленина д. 5 г. Рязань", "ул ленина | 5"},

		// streets
		{"проспект", "Победы пр-кт, 7-5", "победы пр-кт | 7 кв 5"},
		{"number in the name", "ул. 8 Марта, 3", "ул 8 марта | 3"},
		{"number in the name, flat after a comma", "8 Марта, 3, 5", "8 марта | 3 кв 5"},
		{"ordinal before", "1-я Советская ул., д. 3, кв. 5", "1-я советская ул | 3 кв 5"},
		{"ordinal behind", "ул. Советская 1-я, д. 3", "ул советская 1-я | 3"},
		{"street with a number behind", "ул. Линия 3, 5, 10", "ул линия 3 | 5 кв 10"},
		{"initial", "ул. М.Горького, д. 5, кв. 6", "ул м горького | 5 кв 6"},
		{"initial like a house", "ул. Д.Бедного, 5, кв. 2", "ул д бедного | 5 кв 2"},
		{"initials like a building", "ул. К. А. Тимирязева, 5", "ул к а тимирязева | 5"},
		{"name like a room", "ул. Комсомольская, д. 5, кв. 7", "ул комсомольская | 5 кв 7"},
		{"name like a room behind a number", "ул. 26 Бакинских Комиссаров, д. 4Б", "ул 26 бакинских комиссаров | 4б"},
		{"settlement", "г. Рязань, пос. Солотча, ул. Почтовая, д. 1", "г рязань, пос солотча, ул почтовая | 1"},
		{"settlement in parentheses", "ул. Весенняя (Канищево), д. 2, кв. 5", "ул весенняя (канищево) | 2 кв 5"},
		{"settlement named by a date", "п. 8 Марта, ул. Мира, д. 5, п. 2", "п 8 марта, ул мира | 5"},
		{"village without streets", "д. Ивановка, д. 5, кв. 2", "д ивановка | 5 кв 2"},

		// houses
		{"letter", "ул. Ленина 12А кв 7", "ул ленина | 12а кв 7"},
		{"letter apart", "ул. Ленина, 12 а, кв. 7", "ул ленина | 12а кв 7"},
		{"letter apart, no commas, capitals", "УЛ ЛЕНИНА Д 12 Б КВ 7", "ул ленина | 12б кв 7"},
		{"letter behind a dash", "ул. Ленина, д. 12-А, кв. 7", "ул ленина | 12а кв 7"},
		{"letter behind a slash", "ул. Ленина, д. 12/А, кв. 7", "ул ленина | 12а кв 7"},
		{"letter in quotes", "ул. Ленина, д. 12«А», кв. 7", "ул ленина | 12а кв 7"},
		{"letter as литера", "ул. Ленина, д. 12, литера Б, кв. 7", "ул ленина | 12 кб кв 7"},
		{"letter as лит.", "ул. Ленина, д. 12 лит. А, кв. 7", "ул ленина | 12 ка кв 7"},
		{"letter and building", "ул. Ленина, д.12А к.2 кв.7", "ул ленина | 12а к2 кв 7"},
		{"fraction", "ул. Ленина, д. 12/5, кв. 7", "ул ленина | 12/5 кв 7"},
		{"fraction without a word", "ул. Ленина, 12/5-7", "ул ленина | 12/5 кв 7"},
		{"fraction and building", "ул. Ленина, д. 12/5 корп. 2, кв. 7", "ул ленина | 12/5 к2 кв 7"},
		{"fraction with a letter", "ул. Ленина, д. 12/5а", "ул ленина | 12а/5"},
		{"two slashes", "ул. Ленина, д. 12/2/5, кв. 5", "ул ленина | 12/2 к5 кв 5"},
		{"корпус", "ул. Ленина, д. 12, корпус 2, кв. 7", "ул ленина | 12 к2 кв 7"},
		{"корп.", "ул. Ленина, 12, корп.2, 7", "ул ленина | 12 к2 кв 7"},
		{"к.", "ул. Ленина, д. 12 к. 2 кв. 7", "ул ленина | 12 к2 кв 7"},
		{"к glued", "ул. Ленина, 12к2-7", "ул ленина | 12 к2 кв 7"},
		{"к with a space", "ул. Ленина, 12 к2-7", "ул ленина | 12 к2 кв 7"},
		{"к. after a comma", "ул. Ленина, 12, к. 2", "ул ленина | 12 к2"},
		{"building by a letter", "ул. Ленина, д. 5 корп А, кв. 10", "ул ленина | 5 ка кв 10"},
		{"building in parentheses", "ул. Ленина, д. 5 (корп. 2), кв. 10", "ул ленина | 5 к2 кв 10"},
		{"строение", "ул. Ленина, д. 12 строение 3, оф. 4", "ул ленина | 12 к3 кв 4"},
		{"стр.", "ул. Ленина, вл. 12, стр. 3", "ул ленина | 12 к3"},
		{"с glued", "ул. Ленина, 12с3", "ул ленина | 12 к3"},
		{"домовладение", "Ленина, домовладение 12", "ленина | 12"},
		{"house, building, flat between commas", "ул. Ленина, 5, 2, 10", "ул ленина | 5 к2 кв 10"},
		{"no number", "ул. Пушкина, д. б/н", "ул пушкина, д б/н | "},

		// flats
		{"a dash", "Ленина 5-10", "ленина | 5 кв 10"},
		{"a dash with spaces", "Ленина 5 - 10", "ленина | 5 кв 10"},
		{"a dash after д.", "ул. Ленина, д.5-10", "ул ленина | 5 кв 10"},
		{"a comma", "ул. Ленина, 5, 10", "ул ленина | 5 кв 10"},
		{"a comma after д.", "ул. Ленина, д. 5, 10", "ул ленина | 5 кв 10"},
		{"leading zeros", "ул. Ленина, д. 5, кв. 005", "ул ленина | 5 кв 5"},
		{"letter", "ул. Ленина, д. 5, кв. 5 а", "ул ленина | 5 кв 5а"},
		{"two by a dash", "ул. Ленина, д. 5, кв. 5-6", "ул ленина | 5 кв 5 6"},
		{"two by a comma", "ул. Ленина, д. 5, кв. 5,6", "ул ленина | 5 кв 5 6"},
		{"two by и", "ул. Ленина, д. 5, кв. 5 и 6", "ул ленина | 5 кв 5 6"},
		{"two, the word twice", "ул. Ленина, д. 5, кв. 5, кв. 6", "ул ленина | 5 кв 5 6"},
		{"room", "ул. Ленина, д. 5, кв.5 комн.2", "ул ленина | 5 кв 5 ком 2"},
		{"room with a letter", "ул. Ленина, д. 5, кв.5, комната 2а", "ул ленина | 5 кв 5 ком 2а"},
		{"rooms", "ул. Ленина, д. 5, кв. 5, ком. 2-3", "ул ленина | 5 кв 5 ком 2"},
		{"room by a slash", "ул. Ленина, д. 5, кв. 5/2", "ул ленина | 5 кв 5 2"},
		{"к. after the flat is a room", "ул. Ленина, д. 5, к. 2 кв.5 к.3", "ул ленина | 5 к2 кв 5 ком 3"},
		{"room of a hostel", "ул. Ленина, д. 5, ком. 12", "ул ленина | 5 ком 12"},
		{"entrance and floor", "ул. Ленина, д. 5, под. 2, этаж 3, кв. 20", "ул ленина | 5 кв 20"},
		{"non-living", "ул. Ленина, д. 5, пом. Н-1", "ул ленина | 5 кв н1"},
		{"non-living, letter behind", "ул. Ленина, д. 5, пом. 1Н", "ул ленина | 5 кв н1"},
		{"non-living by word", "ул. Ленина, д. 5, неж. пом. 3", "ул ленина | 5 кв н3"},
		{"office", "ул. Ленина, д. 5, офис 12", "ул ленина | 5 кв 12"},
		{"words without numbers", "ул. Ленина, д. 5, корп., кв.", "ул ленина | 5"},
		{"words without numbers in the middle", "ул. Ленина, д. 5, корп. , кв. 10", "ул ленина | 5 кв 10"},

		{"nothing", "", " | "},
		{"signs only", " ,(. -", " | "},
		{"flat only", "кв. 5", " |  кв 5"},
		{"number only", "12", " | 12"},
		{"postcode only", "390000", " |  п390000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := ParseText(c.text)
			if got := show(&p); got != c.want {
				t.Errorf("ParseText(%q)\n got %q\nwant %q", c.text, got, c.want)
			}
		})
	}
}

func TestSeveralFlats(t *testing.T) {
	for text, want := range map[string]bool{"кв. 5, 7": true, "кв. 5 и 7": true, "кв. 5/7": false, "кв. 5-7": false, "кв. 5": false} {
		if p := ParseText("ул. Ленина, д. 1, " + text); p.Several != want {
			t.Errorf("%s: several %v, want %v", text, p.Several, want)
		}
	}
}

func TestReadColumns(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts Parts
		want  string
	}{
		{"columns", Parts{Locality: "Рязань", StreetType: "ул", Street: "Ленина", House: "5", Flat: "10"}, "рязань г, ул ленина | 5 кв 10"},
		{"street with its kind", Parts{Street: "ул. Ленина", House: "12 А", Flat: "кв. 7"}, "ул ленина | 12а кв 7"},
		{"street with a number", Parts{Street: "8 Марта", House: "3"}, "8 марта | 3"},
		{"street with a number behind", Parts{StreetType: "ул.", Street: "Линия 3", House: "5"}, "ул линия 3 | 5"},
		{"text and house", Parts{Text: "г. Рязань, ул. Ленина", House: "5", Flat: "7"}, "г рязань, ул ленина | 5 кв 7"},
		{"building in the house", Parts{Street: "Ленина", House: "12 корп. 2", Flat: "7"}, "ленина | 12 к2 кв 7"},
		{"building as корпус", Parts{Street: "Ленина", House: "12", Korp: "корпус 2"}, "ленина | 12 к2"},
		{"building as к", Parts{Street: "Ленина", House: "12", Korp: "к2"}, "ленина | 12 к2"},
		{"building as стр.", Parts{Street: "Ленина", House: "12", Korp: "стр. 3"}, "ленина | 12 к3"},
		{"building as a letter", Parts{Street: "Ленина", House: "12", Korp: "лит. А"}, "ленина | 12 ка"},
		{"no building by a dash", Parts{Street: "Ленина", House: "12", Korp: "-"}, "ленина | 12"},
		{"no building by zero", Parts{Street: "Ленина", House: "12", Korp: "0"}, "ленина | 12"},
		{"flat with a letter", Parts{Street: "Ленина", House: "12", Flat: "5 А"}, "ленина | 12 кв 5а"},
		{"flat with a room", Parts{Street: "Ленина", House: "12", Flat: "5 (ком. 2)"}, "ленина | 12 кв 5 ком 2"},
		{"flat with к.", Parts{Street: "Ленина", House: "12", Flat: "5 к.2"}, "ленина | 12 кв 5 ком 2"},
		{"flats", Parts{Street: "Ленина", House: "12", Flat: "5,6"}, "ленина | 12 кв 5 6"},
		{"non-living", Parts{Street: "Ленина", House: "12", Flat: "Н-1"}, "ленина | 12 кв н1"},
		{"no flat by a dash", Parts{Street: "Ленина", House: "12", Flat: "-"}, "ленина | 12"},
		{"no flat by zero", Parts{Street: "Ленина", House: "12", Flat: "0"}, "ленина | 12"},
		{"room", Parts{Street: "Ленина", House: "12", Flat: "5", Room: "ком. 2"}, "ленина | 12 кв 5 ком 2"},
		{"room by a number", Parts{Street: "Ленина", House: "12", Flat: "5", Room: "02"}, "ленина | 12 кв 5 ком 2"},
		{"room by к.", Parts{Street: "Ленина", House: "12", Flat: "5", Room: "к.2"}, "ленина | 12 кв 5 ком 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			was := c.parts
			p := NewRegister(nil).Read(&c.parts)
			if got := show(&p); got != c.want {
				t.Errorf("Read(%+v)\n got %q\nwant %q", c.parts, got, c.want)
			}
			if c.parts != was {
				t.Errorf("the written address changed to %+v", c.parts)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"390000, Рязанская обл., г. Рязань, ул. Ленина, д. 12А/5 корп. 2, кв. 5-6, ком. 2", "Ленина 5 - 10", "ул. К.А.Тимирязева, 12к2-7",
		"ул. 26 Бакинских Комиссаров, д. 4 «Б», пом. Н-1", "Солотча (Рязань 2), Почтовая, 1, 2, 3", "кв.", "д.", "(((", ",,,", "\xff\x00", "12 а", "8-а", "5/а", "к. к", "ул", "-/-"} {
		f.Add(s)
	}
	r := town(f)
	f.Fuzz(func(t *testing.T, s string) {
		p := ParseText(s)
		for _, c := range r.Candidates(&p) {
			if r.At(c.House).num == "" || c.Cost < 0 {
				t.Errorf("%q: candidate %+v", s, c)
			}
		}
		columns := r.Read(&Parts{Locality: s, StreetType: s, Street: s, House: s, Korp: s, Flat: s, Room: s})
		r.Candidates(&columns)
		for _, x := range [][]string{p.Flats, columns.Flats, {p.Num, p.Letter, p.Korp, p.Slash, p.Room}} {
			for _, w := range x {
				if !utf8.ValidString(w) {
					t.Errorf("%q: %q is no text", s, w)
				}
			}
		}
	})
}
