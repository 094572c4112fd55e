package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/charge/losses"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/housing"
	"kvit/internal/meter"
)

// TestAHouseMeterWithADevice: a meter with a device that tells by the hour measures its month and its nights; the house's
// page shows the meter, the night and the leak it hints at; a reading typed there is asked about and then counts.
func TestAHouseMeterWithADevice(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newDevices(t, d)
		ctx, centre := context.Background(), access.Actor{Role: access.CentreOperator, Name: "центр"}
		var house housing.Building
		if err := d.Read(ctx, func(tx *db.Tx) (err error) {
			house, err = housing.FindBuilding(ctx, tx, w.own.BuildingID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		today := w.a.Readings.Today()
		month := today.Month().Add(-1)
		before := month.Add(-1).Last()
		told, err := w.a.Meters.Do(ctx, centre, meter.Step{
			Target: meter.Target{House: house.Code, Service: "gas"}, Do: meter.Installed, On: before.String(), Reason: "акт ввода",
			Device: &meter.Device{Serial: "ГС-80015", Factor: "10", Figures: []meter.Figure{{Value: "500"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.load("id;profile;channel;house;meter;from\nnode-8;kvit;v;" + house.Code + ";ГС-80015;" + month.First().String() + "\n")
		dial := 500.0
		tell := func(at time.Time) {
			if out := w.post("/iot/v1/readings", w.secrets["node-8"], fmt.Sprintf(`{"ts":%q,"values":{"v":%.1f}}`, at.Format(time.RFC3339), dial)); out.Code != 200 || !strings.Contains(out.Body.String(), `"state":"read"`) {
				t.Fatal(out.Body.String())
			}
		}
		for day := month.First(); day <= month.Last(); day = day.AddDays(9) {
			at := day.Time(w.a.Zone)
			tell(at.Add(1 * time.Hour))
			dial += 0.4 // in four hours of the night: 1 an hour, after the factor
			tell(at.Add(5 * time.Hour))
			dial += 2
			tell(at.Add(20 * time.Hour))
		}
		w.catch()
		report, err := w.a.Losses.House(ctx, centre, house.Code, month)
		if err != nil {
			t.Fatal(err)
		}
		gas := serviceOf(report, "gas")
		if gas == nil || len(gas.Night) != 1 || gas.Night[0].Nights != 4 || gas.Night[0].Hour.Dec().String() != "1" {
			t.Fatalf("%+v", gas)
		}
		operator := w.visitor(access.CentreOperator, 0)
		page := operator.do("GET", "/c/houses/"+house.Code+"?month="+month.String(), nil).Body.String()
		if !strings.Contains(page, "Общедомовые счётчики") || !strings.Contains(page, "ГС-80015") || !strings.Contains(page, "Ночью, с 1 до 5 часов") {
			t.Error("the page of the house tells nothing of its meter")
		}
		path := fmt.Sprintf("/s/meters/%d-%d", house.ID, told.Meters[0].ID)
		if card := operator.do("GET", path+"?do=reading", nil).Body.String(); !strings.Contains(card, "Показание общедомового счётчика") || !strings.Contains(card, "Коэффициент") {
			t.Error("the card of the meter takes no reading")
		}
		form := func(value, confirm string) url.Values {
			return url.Values{"do": {"reading"}, "on": {today.Dotted()}, "last-all": {value}, "confirm": {confirm}}
		}
		if out := operator.do("POST", path, form("400", "")); out.Code != http.StatusUnprocessableEntity || !strings.Contains(out.Body.String(), "Счётчик меняли?") {
			t.Errorf("a figure below the one before: %d", out.Code)
		}
		if out := operator.do("POST", path, form(fmt.Sprintf("%.1f", dial+3), "")); out.Code != http.StatusSeeOther {
			t.Errorf("a figure: %d %s", out.Code, out.Body)
		}
		if err := d.Read(ctx, func(tx *db.Tx) error {
			list, err := w.a.Meters.Invariants(ctx, tx)
			for _, b := range list {
				if b.Count > 0 {
					t.Errorf("%s: %v", b.ID, b.Rows)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func serviceOf(r *losses.Balance, code string) *losses.Service {
	for i := range r.Services {
		if r.Services[i].Service == code {
			return &r.Services[i]
		}
	}
	return nil
}
