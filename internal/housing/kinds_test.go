package housing

import (
	"fmt"
	"strings"
	"testing"
)

// TestKinds reads a register that keeps kinds of streets and places as people write them, with the town named and
// quarters in place of streets.
func TestKinds(t *testing.T) {
	const town, village = "г. Усть-Каменск", "д. Берёзовка"
	r := NewRegister([]Building{
		{ID: 1, Locality: town, StreetType: "ул.", Street: "Нижняя Набережная", House: "48", Flats: 90},
		{ID: 2, Locality: town, StreetType: "мкр.", Street: "Северный", House: "5", Flats: 90},
		{ID: 3, Locality: town, StreetType: "микрорайон", Street: "10-й", House: "5", Flats: 90},
		{ID: 4, Locality: town, StreetType: "пр-т", Street: "1 Мая", Alias: "Первомайский проспект", House: "7", Flats: 90},
		{ID: 5, Locality: town, Street: "ул. Школьная", House: "3", Flats: 1},
		{ID: 6, Locality: village, StreetType: "ул", Street: "Школьная", House: "3", Flats: 1},
		{ID: 8, Locality: town, StreetType: "ул", Street: "3-я Линия", Alias: "Третья Линия", House: "89", Flats: 90},
		{ID: 7, Locality: "с. Нижние Сергалы", StreetType: "ул", Street: "Лесная", House: "9", Flats: 1},
	})
	for _, c := range []struct {
		name string
		a    Parts
		want string
	}{
		{"a kind with a point in a column", Parts{StreetType: "ул.", Street: "Нижняя Набережная", House: "48"}, "1"},
		{"a name with a kind inside and a typing error", Parts{Text: "УЛ НИЖННЯЯ НАБЕРЕЖНАЯ, 48"}, "1+10 typo"},
		{"the same without its kind", Parts{Text: "Нижняч Набережная, 48-5"}, "1+10 typo"},
		{"a quarter", Parts{Text: "г.Усть-Каменск,мкр-н Северный,д.5,кв.2"}, "2"},
		{"a quarter, kind behind", Parts{Text: "Северный мкр, 5, 2"}, "2"},
		{"a quarter in columns", Parts{StreetType: "МКР.", Street: "СЕВЕРНЫЙ", House: "5"}, "2"},
		{"a quarter with a number", Parts{Text: "Тверская обл, Усть-Каменск г, 10-й мкр-н, дом 5"}, "3"},
		{"a quarter with a typing error", Parts{Text: "Усть-Каменск, Центральный р-н, мкр.Севернный, дом № 5"}, "2+10 typo"},
		{"a quarter beside its street", Parts{Text: "мкр. Северный, ул. Школьная, 3"}, "5, 6+20 loc_lost"},
		{"a former name with its kind, and the kind", Parts{Text: "проспект Первомайский проспект д7"}, "4+10 alias"},
		{"a former name that is a kind and a number", Parts{Text: "улица 3-я Линия, д. 89"}, "8"},
		{"its other name", Parts{Text: "Третья Линия ул, д. 89"}, "8+10 alias"},
		{"the town is meant where no place is named", Parts{Text: "ул. Школьная, 3"}, "5, 6+20 loc_lost"},
		{"the town of habit", Parts{Text: "г. Усть-Каменск, ул. Школьная, 3"}, "5, 6+30 loc_lost"},
		{"an urban district", Parts{Text: "Тверская обл., г.о. город Усть-Каменск, ул. Школьная, зд. 3"}, "5, 6+20 loc_lost"},
		{"a village by its kind", Parts{Text: "деревня Березовка, ул. Школьная, 3"}, "6, 5+60"},
		{"a village in parentheses", Parts{Text: "ул. Школьная (дер. Берёзовка), 3"}, "6, 5+60"},
		{"a village in a column beside the town", Parts{Locality: "г. Усть-Каменск, д. Берёзовка", Street: "Школьная", House: "3"}, "6, 5+60"},
		{"a village before a street with a typing error", Parts{Text: "село Нижние Сергалы Лессная УЛ д9"}, "7+10 typo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.Read(&c.a)
			var out []string
			for _, x := range r.Candidates(&p) {
				s := fmt.Sprint(r.At(x.House).ID)
				if x.Cost > 0 {
					s += fmt.Sprintf("+%d", x.Cost)
				}
				for _, o := range x.Odd {
					s += " " + strings.TrimPrefix(o, "addr_")
				}
				out = append(out, s)
			}
			if got := strings.Join(out, ", "); got != c.want {
				t.Errorf("%+v: got %q, want %q", c.a, got, c.want)
			}
		})
	}
}
