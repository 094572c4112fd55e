package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/gistest"
	"kvit/internal/exchange/gis/simulator"
	"kvit/internal/housing"
)

// exec runs statements.
func (o *office) exec(queries ...string) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error {
		for _, q := range queries {
			if _, err := tx.ExecContext(context.Background(), q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
}

// facts queues what the house has come to: accounts and meters.
func (o *office) facts() {
	o.t.Helper()
	var list []object
	err := o.db.Read(o.t.Context(), func(tx *db.Tx) error {
		b, err := housing.FindBuilding(o.t.Context(), tx, o.house)
		if err != nil {
			return err
		}
		if list, err = o.m.accountsOf(o.t.Context(), tx, &o.s, &b); err != nil {
			return err
		}
		meters, err := o.m.metersOf(o.t.Context(), tx, &o.s, &b)
		list = append(list, meters...)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for i := range list {
		list[i].Building = o.house
	}
	o.queue(list)
}

// TestEndsAreTold: an account that ended is closed there, a meter with another number renamed, one taken out archived,
// each once however often the house is read; the account that ended long before is not entered.
func TestEndsAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{Seed: 3, Flats: flats(4)})
		o.accounts(4)
		ended := "INSERT INTO charge_subscription (building_id, account_id, service, valid_from, recorded_at, source, household_id, supplier_id, service_id, category, valid_to, mode, meter_possible, included, quantity_e7, share_e7, part_num, part_den, flat_rest_e7) VALUES (%d, %d, 'cold_water', 20200101, 5, 'x', 1, %d, 0, '', %d, 'full', TRUE, FALSE, 0, 0, 1, 1, 0)"
		o.exec(fmt.Sprintf(ended, o.house, 1003, o.s.ID, 20250101))
		o.facts()
		if _, err := o.m.Fetch(t.Context(), "voda"); err != nil {
			t.Fatal(err)
		}
		o.work(50, time.Minute)
		meter := "INSERT INTO charge_meter (building_id, meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7, serial) VALUES (%d, %d, 9, 'x', %d, '%s', 20200101, %d, 5, 1, 0, 0, 0, '%s')"
		o.exec(fmt.Sprintf(ended, o.house, 1000, o.s.ID, 20261031), fmt.Sprintf(meter, o.house, 5000, 1000, "cold_water", 20261031, "S0"),
			fmt.Sprintf(meter, o.house, 5001, 1001, "", 0, "S0"), fmt.Sprintf(meter, o.house, 5002, 1002, "cold_water", 0, "НОВЫЙ-7"))
		for range 2 {
			o.facts()
			o.work(50, time.Minute)
		}
		var got []string
		for _, x := range o.sim.Saved() {
			for _, what := range []string{"CloseDate(2026-10-31)", "MeteringDeviceNumber(НОВЫЙ-7)", "ArchivingReason"} {
				if strings.Contains(x.Text, what) {
					got = append(got, what)
				}
			}
		}
		slices.Sort(got)
		want := []string{"ArchivingReason", "ArchivingReason", "CloseDate(2026-10-31)", "MeteringDeviceNumber(НОВЫЙ-7)"}
		if !slices.Equal(got, want) {
			t.Errorf("told of %v, want %v", got, want)
		}
		if open := o.texts("SELECT kind || ' ' || state || ' ' || reason FROM gis_object WHERE state <> 'done' OR account_id = 1003 AND kind = 'account'"); len(open) > 0 {
			t.Errorf("not done, or entered though it ended long ago: %v", open)
		}
		if serial := o.texts("SELECT value FROM v_gis_identifier WHERE kind = 'meter_serial' AND own_key = '5002'"); !slices.Equal(serial, []string{"НОВЫЙ-7"}) {
			t.Errorf("ГИС ЖКХ has the meter as %v", serial)
		}
		gistest.Check(t, "../../../../../shared/samples/gis-zhkh/wsdl-12.2.2", o.wire.Messages())
	})
}

// TestPaymentsAreAcknowledged: a payment of two services is acknowledged service by service in kopecks; a refund of a
// part takes the acknowledgment back, cancels the notice and tells of the rest anew. The code list of the services
// changes in between, and is followed by the names of its entries.
func TestPaymentsAreAcknowledged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{Seed: 3, Flats: flats(1), ChangeList: 2 * time.Hour})
		o.s.GIS.Services["Стоки"] = o.s.GIS.Services["Вода"]
		o.exec(fmt.Sprintf("UPDATE supplier SET gis = '{\"orgPPAGUID\":\"%s\",\"role\":\"rso\",\"sends\":[\"account\",\"document\",\"payment\",\"acknowledgment\",\"cancellation\"],\"services\":{\"Вода\":{\"name\":\"Холодное водоснабжение\",\"kind\":\"municipal\"},\"Стоки\":{\"name\":\"Водоотведение\",\"kind\":\"municipal\"}}}'", testOrg))
		o.accounts(1)
		o.queue(only(o.all(2), gis.KindAccount, gis.KindDocument)[:2])
		o.exec(fmt.Sprintf("INSERT INTO service (service_id, supplier_id, name) VALUES (71, %d, 'Вода'), (72, %d, 'Стоки')", o.s.ID, o.s.ID),
			"INSERT INTO payment_order (client_key, order_id, public_id, fingerprint, channel, method, state, sum_kop, refunded_kop, paid_on, gateway_id, redirect_url, reason, actor, file_id, row_no, created_at, changed_at) VALUES ('k', 1, 'op', '', 'online', '', 'credited', 1500, 0, 20261120, '', '', '', '', 0, 0, 1, 1)")
		part := "INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at) VALUES (%d, 1, %d, 1000, %d, %d, 'debt', %d, 20261120, 'online', 1, 1)"
		o.exec(fmt.Sprintf(part, o.house, 1, o.s.ID, 71, 1000), fmt.Sprintf(part, o.house, 2, o.s.ID, 72, 500))
		tell := func(id, kind, body string) {
			page := []feed.Message{{ID: id, Kind: "payment", Data: []byte(body), BuildingID: o.house, AccountID: 1000}}
			if kind != "" {
				page[0].Kind = "refund"
			}
			o.write(func(tx *db.Tx) error {
				list, err := o.m.paymentsOf(context.Background(), tx, &o.s, page)
				if err != nil {
					return err
				}
				return o.m.add(context.Background(), tx, list, int64(o.clock.Load()))
			})
			o.work(60, time.Minute)
		}
		tell("e1", "", `{"operation":"op","day":"2026-11-20","channel":"online","sum":1500}`)
		o.clock.Add(int64(30 * time.Hour / time.Microsecond)) // overnight
		o.exec(fmt.Sprintf(part, o.house, 3, o.s.ID, 72, -500))
		tell("e2", "refund", `{"operation":"op","day":"2026-11-21","sum":500}`)
		sent := o.texts("SELECT kind || ' ' || state || ' ' || reason FROM gis_object WHERE kind NOT IN ('account', 'document')")
		want := []string{"ack_cancellation done ", "acknowledgment done ", "acknowledgment done ", "acknowledgment done ", "cancellation done ", "payment done ", "payment done "}
		if !slices.Equal(sent, want) {
			t.Errorf("sent %q", sent)
		}
		marks := map[string]int{}
		for _, x := range o.sim.Saved() {
			if x.Kind == gis.KindAck {
				for _, part := range []string{"MSType(11111111-0051", "MSType(22222222-0051", "Amount(1000)", "Amount(500)"} {
					marks[part] += strings.Count(x.Text, part)
				}
			}
		}
		if marks["MSType(11111111-0051"] != 2 || marks["MSType(22222222-0051"] != 1 || marks["Amount(1000)"] != 2 || marks["Amount(500)"] != 1 {
			t.Errorf("acknowledged as %v", marks)
		}
		gistest.Check(t, "../../../../../shared/samples/gis-zhkh/wsdl-12.2.2", o.wire.Messages())
	})
}

// TestCodeListWithoutTheEntry: what names an entry that the list lacks waits and says so; nothing else does.
func TestCodeListWithoutTheEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{Seed: 3})
		list := only(o.all(2), gis.KindAccount)
		list[0].Body.(*gis.Account).Closed = &gis.Closing{Reason: gis.Ref{Name: "Снос дома"}, On: calendar.Date(20261101).String()}
		o.queue(list)
		o.work(20, time.Minute)
		if got := o.texts("SELECT state || ' ' || reason FROM gis_object"); len(got) != 2 || got[0] != "done " || !strings.Contains(got[1], "В справочнике № 22 ГИС ЖКХ нет записи «Снос дома»") {
			t.Errorf("%q", got)
		}
	})
}
