package whole

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestStraysOfABuilding: a supplier without names serves building 1 of house 40 and, as it seems, one flat of house 40
// itself. Where that flat is the one missing in building 1, the building was lost; where it is not, the address holds.
func TestStraysOfABuilding(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	for flat := 1; flat <= 9; flat++ {
		fmt.Fprintf(&b, "K%d;Ленина 40к1 кв.%d;50.00\n", flat, flat)
	}
	write(t, filepath.Join(dir, "door.csv"), b.String()+"K10;Ленина 40 кв.10;50.00\nK11;Ленина 40 кв.3;50.00\n")
	write(t, filepath.Join(dir, "formats.json"), `{"month":"2026-10","registers":[{"file":"door.csv","supplier":"DOOR","kind":"csv","encoding":"utf-8","delimiter":";",
		"money":"rub_dot","row":"account","unit":"line","columns":{"account":0,"address":1,"due":2}}]}`)
	write(t, filepath.Join(dir, "houses.csv"), "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"+
		"H1,,390000,,ул,Ленина,,40,,,1970,5,60,,mkd\nH2,,390000,,ул,Ленина,,40,,1,1970,5,10,,mkd\n")
	eachPlace(t, func(t *testing.T, p *place) {
		p.run("houses", "load", filepath.Join(dir, "houses.csv"))
		p.run("intake", "--formats", filepath.Join(dir, "formats.json"), dir)
		result := filepath.Join(t.TempDir(), "baskets.json")
		p.run("baskets", "export", "--out", result)
		var got struct {
			Baskets []struct {
				House    string
				Accounts []string
			}
			Defects []struct {
				Pos  int
				Type string
			}
		}
		readJSON(t, result, &got)
		houses := map[string]string{}
		for _, basket := range got.Baskets {
			for _, a := range basket.Accounts {
				houses[a] = basket.House
			}
		}
		if houses["DOOR:K10"] != "H2" || houses["DOOR:K11"] != "H1" {
			t.Errorf("K10 in %s, want H2; K11 in %s, want H1", houses["DOOR:K10"], houses["DOOR:K11"])
		}
		if len(got.Defects) != 1 || got.Defects[0].Pos != 10 || got.Defects[0].Type != "addr_korp_lost" {
			t.Errorf("defects: got %+v, want addr_korp_lost at 10", got.Defects)
		}
		p.run("check")
	})
}
