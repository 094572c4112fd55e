package reading

import (
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/housing"
	"kvit/internal/meter"
)

// house makes building 1 the house H1 of the register with two meters of its own, put there on 31 August.
func (w *town) house() *meter.Module {
	w.t.Helper()
	if _, err := housing.New(w.d, w.m.Now).Load(w.ctx, strings.NewReader("house_id,street_type,street,house,korp,flats,kind\nH1,ул,Ленина,12а,2,20,mkd\n"), "houses.csv"); err != nil {
		w.t.Fatal(err)
	}
	w.exec("UPDATE building SET building_id = 1")
	m := meter.New(meter.Deps{DB: w.d, Engine: w.m.Charges.Engine, Charged: charge.Charged, Now: w.m.Now, Today: w.m.Today})
	w.install(m, "cold_water", meter.Device{Serial: "ОД-771100", Figures: []meter.Figure{{Value: "1000"}}})
	w.install(m, "electricity", meter.Device{Serial: "ОД-90017", Factor: "40", Registers: []meter.Register{{Name: "Т1", Zone: "day"}, {Name: "Т2", Zone: "night"}},
		Figures: []meter.Figure{{Register: "Т1", Value: "100"}, {Register: "Т2", Value: "50"}}})
	return m
}

func (w *town) install(m *meter.Module, service string, of meter.Device) {
	w.t.Helper()
	told, err := m.Do(w.ctx, access.Actor{Role: access.CentreOperator, Name: "центр"}, meter.Step{
		Target: meter.Target{House: "H1", Service: service}, Do: meter.Installed, On: "2026-08-31", Reason: "акт ввода", Device: &of,
	})
	if err != nil || told.Meters[0].House != "H1" {
		w.t.Fatalf("%+v %v", told, err)
	}
}

// measured is what the house used of a service in a month.
func (w *town) measured(service string, month calendar.Month) (u fact.HouseUse) {
	w.t.Helper()
	err := w.d.Read(w.ctx, func(tx *db.Tx) error {
		list, err := fact.ListHouseUse(w.ctx, tx, 1, 1, month, month)
		for i := range list {
			if list[i].Service == service {
				u = list[i]
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// TestAHousesOwnMeterIsReadByEveryDoor: a file by address, by code in place of an account and by number alone, a
// supplier's program; the month follows at once, and who sells the service is told.
func TestAHousesOwnMeterIsReadByEveryDoor(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.house()
		file := "Адрес дома;Заводской номер ОДПУ;Показание Т1;Показание Т2;Показание;Дата\n" +
			"ул. Ленина, д. 12а, корп. 2;ОД-771100;;;1300;30.09.2026\n" +
			"H1;ОД-90017;130,25;60,5;;30.09.2026\n" +
			";771100;;;1 610;31.10.2026\n" +
			"ул. Ленина, д. 99;ОД-000000;;;5;31.10.2026\n"
		out := w.feed(system, Load{Origin: Origin{Channel: File}, Every: true, Entries: Source{Name: "одпу.csv", Body: []byte(file)}.Entries})
		if len(out.Lines) != 5 || out.Files[0].Taken != 4 || out.Lines[4].State != Refused {
			t.Fatalf("%+v", out)
		}
		for _, c := range []struct {
			service string
			month   calendar.Month
			want    decimal.Decimal
		}{
			{"cold_water", 202609, decimal.FromInt(300)},   // 1300 − 1000
			{"cold_water", 202610, decimal.FromInt(310)},   // 1610 − 1300
			{"electricity", 202609, decimal.FromInt(1630)}, // (30,25 + 10,5) × 40
		} {
			if u := w.measured(c.service, c.month); !u.HasMeter || u.Volume != c.want {
				t.Errorf("%s in %s: %+v, want %s", c.service, c.month, u, c.want)
			}
		}
		if u := w.measured("electricity", 202610); u.HasMeter || u.Gap != fact.Unread || u.MetersMissing != 1 {
			t.Errorf("not read: %+v", u)
		}
		if n := w.count("SELECT count(*) FROM event WHERE kind = 'reading' AND building_id = 1 AND subject_id = -1 AND body LIKE '%\"house\":\"H1\"%'"); n != 3 { // the first figure and two readings
			t.Errorf("voda was told of %d figures", n)
		}
		own := w.feed(program, Load{Origin: Origin{Channel: API}, Every: true, Entries: entries(Entry{House: "H1", Service: "cold_water", Value: "1905", Date: "2026-11-19"}, Entry{House: "H1", Meter: "ОД-90017", Zone: "Т1", Value: "150", Date: "2026-11-19"})})
		if own.Lines[0].State != Taken || own.Lines[0].Volume != "295" || own.Lines[1].State != Refused || own.Lines[1].Code != "house.unknown" {
			t.Errorf("a supplier's program: %+v", own.Lines)
		}
		byAccount := w.feed(system, Load{Origin: Origin{Channel: File}, Every: true, Entries: entries(Entry{Account: "H1", Service: "cold_water", Value: "1900", Date: "2026-11-20"})})
		if v := byAccount.Lines[0]; v.State != Asked || v.Code != "reading.lower" {
			t.Errorf("lower than before: %+v", v)
		}
	})
}

func entries(list ...Entry) func(func(Entry) error) error {
	for i := range list {
		list[i].Line = i + 1
	}
	return oneByOne(list)
}

// feed gives readings as somebody.
func (w *town) feed(actor access.Actor, l Load) *Outcome {
	w.t.Helper()
	out, err := w.m.Load(w.ctx, actor, l)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// TestAHouseMeterIsReplacedAndShown: what both meters measured adds up, transformers stay, the card tells the life; a told
// volume stays beside the measured one.
func TestAHouseMeterIsReplacedAndShown(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		m := w.house()
		centre := access.Actor{Role: access.CentreOperator, Name: "центр"}
		if _, err := m.Do(w.ctx, centre, meter.Step{
			Target: meter.Target{House: "H1", Service: "electricity", Meter: "90017"}, Do: meter.Replaced, On: "2026-09-15", Reason: "акт замены",
			Closing: []meter.Figure{{Register: "Т1", Value: "110"}, {Register: "Т2", Value: "52"}},
			Device:  &meter.Device{Serial: "НВ-1", Registers: []meter.Register{{Name: "Т1", Zone: "day"}, {Name: "Т2", Zone: "night"}}, Figures: []meter.Figure{{Register: "Т1", Value: "0"}, {Register: "Т2", Value: "0"}}},
		}); err != nil {
			t.Fatal(err)
		}
		w.feed(system, Load{Origin: Origin{Channel: File}, Entries: entries(Entry{House: "H1", Meter: "НВ-1", Zone: "Т1", Value: "8", Date: "2026-09-30"}, Entry{House: "H1", Meter: "НВ-1", Zone: "Т2", Value: "2.5", Date: "2026-09-30"})})
		if u := w.measured("electricity", 202609); u.Volume != decimal.FromInt(900) { // (10 + 2 + 8 + 2,5) × 40
			t.Errorf("%+v", u)
		}
		cards, err := m.Show(w.ctx, centre, meter.Query{Target: meter.Target{House: "H1", Service: "electricity"}})
		if err != nil || len(cards) != 2 || cards[0].Scope != meter.OfHouse || cards[0].Factor != "40" || cards[1].Factor != "40" || len(cards[0].Life) == 0 {
			t.Fatalf("%+v %v", cards, err)
		}
		if cards, err = m.Show(w.ctx, access.Actor{Role: access.SupplierOperator, SupplierID: 1}, meter.Query{Target: meter.Target{House: "H1"}}); err != nil || len(cards) != 1 || cards[0].Service != "cold_water" {
			t.Errorf("voda sees %+v %v", cards, err)
		}
		if _, err := m.Do(w.ctx, access.Actor{Role: access.SupplierOperator, SupplierID: 1}, meter.Step{Target: meter.Target{House: "H1", Meter: "НВ-1"}, Do: meter.Failed, Reason: "не наш"}); err == nil {
			t.Error("voda acts upon another's meter")
		}
	})
}
