package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/gistest"
	"kvit/internal/exchange/gis/simulator"
)

// TestAReplacedMeterIsJoinedToTheNewOne: the new one is entered first, then the old one is told to be replaced by it: by
// plan, or for the reason the supplier's settings name when it failed. The template of meters names the old one's number.
func TestAReplacedMeterIsJoinedToTheNewOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{Seed: 3, Flats: flats(2)})
		o.exec(fmt.Sprintf(`UPDATE supplier SET gis = '{"orgPPAGUID":"%s","role":"rso","sends":["account","meter"],"reasons":{"replaced":"Поломка"}}'`, testOrg))
		o.s.GIS.Reasons.Replaced = "Поломка"
		o.accounts(2)
		o.facts()
		if _, err := o.m.Fetch(t.Context(), "voda"); err != nil {
			t.Fatal(err)
		}
		o.work(50, time.Minute)
		meter := "INSERT INTO charge_meter (building_id, meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7, serial) VALUES (%d, %d, 9, 'x', %d, 'cold_water', %d, %d, 5, 1, 0, %d, 0, '%s')"
		for i, failed := range []int{0, 20261015} {
			o.exec(fmt.Sprintf(meter, o.house, 5000+i, 1000+i, 20200101, 20261031, failed, "S0"), fmt.Sprintf(meter, o.house, 6000+i, 1000+i, 20261101-i*70, 0, 0, fmt.Sprint("НОВЫЙ-", i)))
		}
		table, err := o.m.Export(t.Context(), gis.TableMeters, "voda", calendar.NewMonth(2026, 11))
		if err != nil {
			t.Fatal(err)
		}
		former := slices.IndexFunc(gis.Layouts[gis.TableMeters].Sheets[0].Columns, func(c gis.Column) bool { return strings.Contains(c.Title, "заменяемого") })
		for i, row := range table.Pages[0] {
			if want := o.texts(fmt.Sprintf("SELECT value FROM v_gis_identifier WHERE kind = 'meter_number' AND own_key = '%d'", 5000+i)); row[former] == "" || row[former] != want[0] {
				t.Errorf("row %d: in the place of %q, want %q", i, row[former], want)
			}
		}
		for range 2 {
			o.facts()
			o.work(50, time.Minute)
		}
		versions := o.texts("SELECT value FROM v_gis_identifier WHERE kind = 'meter_version' AND own_key IN ('6000', '6001') ORDER BY own_key")
		var planned, failed int
		for _, x := range o.sim.Saved() {
			named := len(versions) == 2 && (strings.Contains(x.Text, "ReplacingMeteringDeviceVersionGUID("+versions[0]) || strings.Contains(x.Text, "ReplacingMeteringDeviceVersionGUID("+versions[1]))
			switch {
			case strings.Contains(x.Text, "ArchiveDevice"):
				t.Errorf("archived alone: %s", x.Text)
			case named && strings.Contains(x.Text, "PlannedVerification(true)"):
				planned++
			case named && strings.Contains(x.Text, "ReasonVerification"):
				failed++
			}
		}
		if planned != 1 || failed != 1 || len(table.Pages[0]) != 2 {
			t.Errorf("by plan %d, failed %d, rows of the template %d, versions %v", planned, failed, len(table.Pages[0]), versions)
		}
		if open := o.texts("SELECT entity || ' ' || state || ' ' || reason FROM gis_object WHERE state <> 'done'"); len(open) > 0 {
			t.Errorf("not done: %v", open)
		}
		gistest.Check(t, "../../../../../shared/samples/gis-zhkh/wsdl-12.2.2", o.wire.Messages())
	})
}

// TestWhoseTheNewMeterIs: one of the account's service that began when the old one ended; where two changed at once, or
// nothing took its place, nobody is joined.
func TestWhoseTheNewMeterIs(t *testing.T) {
	end, water := calendar.Date(20261031), "cold_water"
	old := func(id int64) ended { return ended{id: id, account: 1, until: end, service: water, serial: "1"} }
	fresh := func(id, account int64, service string, from calendar.Date) standing {
		return standing{id: id, account: account, service: service, from: from, serial: "2"}
	}
	for name, c := range map[string]struct {
		old   []ended
		stand []standing
		want  map[int64]int64
	}{
		"the same day":       {[]ended{old(1)}, []standing{fresh(9, 1, water, end)}, map[int64]int64{1: 9}},
		"the next day":       {[]ended{old(1)}, []standing{fresh(9, 1, water, 20261101)}, map[int64]int64{1: 9}},
		"another service":    {[]ended{old(1)}, []standing{fresh(9, 1, "hot_water", end)}, nil},
		"another account":    {[]ended{old(1)}, []standing{fresh(9, 2, water, end)}, nil},
		"much later":         {[]ended{old(1)}, []standing{fresh(9, 1, water, 20261201)}, nil},
		"two at once":        {[]ended{old(1), old(2)}, []standing{fresh(9, 1, water, end), fresh(8, 1, water, end)}, nil},
		"two became one":     {[]ended{old(1), old(2)}, []standing{fresh(9, 1, water, end)}, nil},
		"one that is no end": {[]ended{{id: 1, account: 1}}, []standing{fresh(9, 1, water, end)}, nil},
	} {
		got := successors(c.old, c.stand)
		if len(got) != len(c.want) || got[1] != c.want[1] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
