package housing

import (
	"context"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

const findRegister = `house_id,locality,street_type,street,street_alias,house,letter,korp,flats,kind
H1,г. Приок,ул,Ленина,,12,,,60,mkd
H2,г. Приок,ул,Ленина,,2,,,60,mkd
H3,г. Приок,ул,Ленина,,12,а,,60,mkd
H4,г. Приок,ул,Мира,,5,,1,60,mkd
H5,г. Приок,ул,Мира,,5,,2,60,mkd
H6,г. Приок,пер,Садовый,,1,,,1,private
`

// TestPeopleFindTheirHouse types addresses as people do.
func TestPeopleFindTheirHouse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, m := context.Background(), New(d, func() calendar.Micros { return 1 })
		if _, err := m.Load(ctx, strings.NewReader(findRegister), "houses.csv"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			typed, want string
			sure        bool
		}{
			{"ул. Ленина, 12", "H1", true}, {"ленина 12", "H1", true}, {"г Приок, Ленина д 12 кв 5", "H1", true}, {"лениа 12", "H1", true}, {"Ленина 12а", "H3", true},
			{"Ленина", "H2 H1 H3", false}, {"мира 5", "H4 H5", false}, {"мира 5 корп 2", "H5", true}, {"пер. Садовый, 1", "H6", true},
			{"Гагарина 1", "", false}, {"", "", false}, {"!!!", "", false},
		} {
			f, err := m.Find(ctx, c.typed, 10)
			var got []string
			for i := range f.Houses {
				got = append(got, f.Houses[i].Code)
			}
			if err != nil || strings.Join(got, " ") != c.want || f.Sure != c.sure {
				t.Errorf("%q: %v, sure %v, %v; want %s, %v", c.typed, got, f.Sure, err, c.want, c.sure)
			}
		}
		if _, err := m.Load(ctx, strings.NewReader(strings.ReplaceAll(findRegister, "Мира", "Гагарина")), "houses.csv"); err != nil {
			t.Fatal(err)
		}
	})
}

// TestOneFamilyIsNotTold: of a flat house its suppliers are told; of a house of one family those of its street, and where the
// street is short nobody's.
func TestOneFamilyIsNotTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, m := context.Background(), New(d, func() calendar.Micros { return 1 })
		register := findRegister
		for _, n := range []string{"1", "2", "3", "4", "5"} {
			register += "P" + n + ",г. Приок,ул,Луговая,," + n + ",,,1,private\n"
		}
		if _, err := m.Load(ctx, strings.NewReader(register), "houses.csv"); err != nil {
			t.Fatal(err)
		}
		for code, want := range map[string]int{"H1": 1, "P3": 5, "H6": 0} {
			err := d.Read(ctx, func(tx *db.Tx) error {
				b, err := FindByCode(ctx, tx, code)
				if err != nil {
					return err
				}
				ids, _, err := Around(ctx, tx, &b)
				if len(ids) != want {
					t.Errorf("%s: %d houses, want %d", code, len(ids), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
