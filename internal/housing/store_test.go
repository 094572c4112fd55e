package housing

import (
	"context"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		b    Building
		want string
	}{
		{Building{StreetType: "ул", Street: "Ленина", House: "12", Letter: "а", Korp: "1"}, "ул. Ленина, 12а, корп. 1"},
		{Building{Locality: "Солотча", StreetType: "пр-кт", Street: "Победы", House: "7"}, "Солотча, пр-кт Победы, 7"},
		{Building{Locality: "Поляны", House: "5"}, "Поляны, 5"},
		{Building{Street: "Ленина", House: "5", Korp: "стр. 2"}, "Ленина, 5, стр. 2"},
	} {
		if got := c.b.Address(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	for want, p := range map[string][2]string{"д": {"", ""}, "д, кв. 5": {"5", ""}, "д, кв. 5, ком. 2": {"5", "2"}, "д, пом. Н-1": {"н1", ""}} {
		if got := Premises("д", p[0], p[1]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

const houseHead = "house_id,street_type,street,house,flats,kind\n"

func TestLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m := New(d, func() calendar.Micros { return 1 })
		for _, c := range []struct {
			name, text string
			want       LoadResult
		}{
			{"new houses", "B1,ул,Ленина,5,40,mkd\nB2,ул,Королёва,7,1,private\n", LoadResult{Added: 2}},
			{"known and new", "B2,ул,Королёва,7а,1,private\nB3,пр-кт,Победы,1,10,mkd\n", LoadResult{Added: 1, Changed: 1}},
			{"nothing", "", LoadResult{}},
		} {
			got, err := m.Load(ctx, strings.NewReader("\ufeff"+houseHead+c.text), "houses.csv")
			if err != nil || got != c.want {
				t.Errorf("%s: got %+v, %v, want %+v", c.name, got, err, c.want)
			}
		}
		r, err := m.Register(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := found(r, "ул. Королёва, 7А"); got == "" {
			t.Error("a changed house is not found by its new number")
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			list, err := SearchBuildings(ctx, tx, "КОРОЛЕВА 7", 10)
			if err != nil || len(list) != 1 || list[0].Code != "B2" || !list[0].Private() {
				t.Errorf("search: got %+v, %v, want B2", list, err)
			}
			b, err := FindBuilding(ctx, tx, list[0].ID)
			if err != nil || b != list[0] {
				t.Errorf("find: got %+v, %v", b, err)
			}
			if _, err := FindBuilding(ctx, tx, -1); !fault.Is(err, fault.NotFound) {
				t.Errorf("an unknown house: got %v, want NotFound", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m := New(d, func() calendar.Micros { return 1 })
		for name, c := range map[string]struct{ text, code string }{
			"nothing":         {"", "houses.empty"},
			"no CSV":          {"{\"house\": 1}\n", "houses.csv"},
			"no column":       {"house_id,street\n", "houses.column"},
			"no number":       {houseHead + "B1,ул,Ленина,,1,mkd\n", "houses.row"},
			"words for flats": {houseHead + "B1,ул,Ленина,5,много,mkd\n", "houses.row"},
			"negative flats":  {houseHead + "B1,ул,Ленина,5,-1,mkd\n", "houses.row"},
			"one house twice": {houseHead + "B1,ул,Ленина,5,1,mkd\nB1,ул,Ленина,6,1,mkd\n", "houses.twice"},
			"broken quotes":   {houseHead + "B1,ул,\"Ленина,5,1,mkd\n", "houses.csv"},
		} {
			_, err := m.Load(ctx, strings.NewReader(c.text), "houses.csv")
			if err == nil || fault.CodeOf(err) != c.code {
				t.Errorf("%s: got %v, want %s", name, err, c.code)
			}
		}
		r, err := m.Register(ctx)
		if err != nil || len(r.houses) != 0 {
			t.Errorf("a refused file left %d houses, %v", len(r.houses), err)
		}
	})
}
