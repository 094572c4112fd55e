package queue

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/gistest"
	"kvit/internal/exchange/gis/simulator"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

const (
	testOrg   = "a1b2c3d4-0000-4000-8000-000000000001"
	testHouse = "a1b2c3d4-0000-4000-8000-000000000002"
)

// office is a supplier that takes part, a simulator and a clock that is moved by hand.
type office struct {
	t     *testing.T
	db    *db.DB
	m     *Module
	s     supplier.Supplier
	sim   *simulator.Server
	wire  *gistest.Recorder
	clock *atomic.Int64
	house int64
}

func newOffice(t *testing.T, d *db.DB, o simulator.Options) *office {
	t.Helper()
	clock := &atomic.Int64{}
	clock.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixMicro())
	now := func() calendar.Micros { return calendar.Micros(clock.Load()) }
	yaml := fmt.Sprintf("- {code: voda, name: Вода, bic: '044525225', account: '40821810840020000005', gis: {orgPPAGUID: %s, role: rso, sends: [account, reading, document, withdrawal, payment, acknowledgment, cancellation], services: {Вода: {name: Холодное водоснабжение, kind: municipal}}}}", testOrg)
	suppliers := supplier.New(d, now)
	if _, err := suppliers.Load(t.Context(), strings.NewReader(yaml)); err != nil {
		t.Fatal(err)
	}
	list, err := participants(t.Context(), d)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d suppliers take part, %v", len(list), err)
	}
	o.Now = now
	sim := simulator.New(o)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	wire := &gistest.Recorder{Transport: gis.NewProxy(server.URL)}
	client := &gis.Client{Transport: wire, Signer: gis.Unsigned{}, Now: now}
	w := &office{t: t, db: d, m: New(Deps{DB: d, Client: client, Zone: time.UTC, Now: now}), s: list[0], sim: sim, wire: wire, clock: clock}
	houses := "house_id,guid,street_type,street,house,flats,kind\nh1," + testHouse + ",улица,Первая,1,400,mkd\n"
	if _, err := housing.New(d, now).Load(t.Context(), strings.NewReader(houses), "houses.csv"); err != nil {
		t.Fatal(err)
	}
	w.house = int64(w.number("SELECT building_id FROM building"))
	return w
}

// accounts are accounts of the house, one in each flat, each with a meter of cold water.
func (o *office) accounts(n int) {
	ctx := context.Background()
	o.write(func(tx *db.Tx) error {
		for i := range n {
			id := 1000 + i
			for _, q := range []string{
				fmt.Sprintf("INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (%d, 'N%d', %d, %d)", o.s.ID, id, id, o.house),
				fmt.Sprintf("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (%d, %d, %d, 'N%d', 1, 0, 0)", o.house, id, o.s.ID, id),
				fmt.Sprintf("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (%d, %d, 1, 0, 0, 'N%d', 'placed', '%d', '', '{}', 0)", o.house, id, id, i+1),
				fmt.Sprintf("INSERT INTO charge_meter (building_id, meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7, serial) VALUES (%d, %d, 1, 'x', %d, 'cold_water', 20200101, 0, 5, 1, 0, 0, 0, 'S%d')", o.house, 5000+i, id, i/2),
			} {
				if _, err := tx.ExecContext(ctx, q); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// flats are the numbers of n flats.
func flats(n int) map[string][]string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("кв. ", i+1)
	}
	return map[string][]string{testHouse: list}
}

func (o *office) queue(list []object) {
	o.t.Helper()
	first, err := o.db.NextIDs(context.Background(), len(list))
	if err != nil {
		o.t.Fatal(err)
	}
	o.write(func(tx *db.Tx) error { return o.m.add(context.Background(), tx, list, first) })
}

func (o *office) write(fn func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.db.WriteLocal(context.Background(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) number(query string) (n int) {
	o.t.Helper()
	err := o.db.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRowContext(context.Background(), query).Scan(&n) })
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// all are n objects of each kind: two days of each meter, each payment cancelled, each document withdrawn.
func (o *office) all(n int) (list []object) {
	o.write(func(tx *db.Tx) error {
		for i := range n / 2 {
			if err := saveAlias(context.Background(), tx, o.s.ID, learnt{aliasMeter, fmt.Sprint(i), fmt.Sprintf("b0000000-0000-4000-8000-%012d", i), fromFile}, 1); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range n {
		id := int64(1000 + i)
		add := func(k gis.Kind, entity string, batch int64, body gis.Object) {
			x := newObject(o.s.ID, k, entity, fmt.Sprint(i), id, body)
			x.Batch, x.Building = batch, o.house
			list = append(list, x)
		}
		add(gis.KindAccount, fmt.Sprint("account:", id), 0, &gis.Account{IsRSO: true, Number: fmt.Sprint("N", id), Accommodation: []gis.Accommodation{{HouseGUID: testHouse}}})
		add(gis.KindMeter, meterEntity(int64(5000+i)), 0, (&standing{serial: fmt.Sprint("S", i/2), service: "cold_water", first: [3]string{"0"}}).body(false))
		add(gis.KindReading, meterEntity(int64(i%(n/2))), 0, (&dayReading{service: "cold_water", on: calendar.Date(20261101 + i*2/n), values: [3]string{fmt.Sprint(i, ".125")}}).body())
		entity := documentEntity(id, 202610+calendar.Month(i%2))
		add(gis.KindDocument, entity, 202610+int64(i%2), &gis.Document{Number: fmt.Sprint("K-", i), Expose: true, Total: "10.00"})
		add(gis.KindWithdrawal, entity, 202610+int64(i%2), &gis.Withdrawal{})
		entity = paymentEntity(fmt.Sprint("p", i), id)
		add(gis.KindPayment, entity, 0, &gis.Payment{On: "2026-11-20", Amount: fmt.Sprint(i+1, ".00")})
		add(gis.KindAck, entity, 202611, &gis.Acknowledgment{For: gis.AckPart{Amount: fmt.Sprint(100*i + 100)}, Service: "Вода"})
		add(gis.KindUnack, entity, 0, &gis.Unack{})
		add(gis.KindCancellation, entity, 0, &gis.Cancellation{On: "2026-11-21"})
	}
	return list
}

// work goes on until nothing waits but for identifiers of what was refused, for at most so many rounds.
func (o *office) work(rounds int, pause time.Duration) {
	o.t.Helper()
	for range rounds {
		if _, err := o.m.Round(context.Background()); err != nil {
			o.t.Fatal(err)
		}
		s, err := o.m.Status(context.Background())
		if err != nil {
			o.t.Fatal(err)
		}
		if s.Idle() {
			return
		}
		o.clock.Add(int64(pause / time.Microsecond))
	}
}

// TestHostileExchange sends two hundred objects of each kind to a portal that is closed for a week, loses receipts, works
// messages twice, answers late and partly, refuses some and changes its code list: every object has the same end on both
// sides, none is there twice, and those of one entity came in their order.
func TestHostileExchange(t *testing.T) {
	n := 200
	if testing.Short() {
		n = 20
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const week = 7 * 24 * time.Hour
		o := newOffice(t, d, simulator.Options{Lose: 0.2, Double: 0.3, Partial: 0.2, Refuse: 0.02, Busy: 0.1, Flats: flats(n), Delay: 40 * time.Second, Closed: week, ChangeList: week + 3*time.Minute, Seed: 7})
		o.accounts(n)
		list := o.all(n)
		o.queue(list)
		o.queue(list) // the same facts gathered again
		if _, err := o.m.Fetch(t.Context(), "voda"); err != nil {
			t.Fatal(err)
		}
		o.work(30, 6*time.Hour)
		o.work(3000, time.Minute)
		o.compare(n)
		gistest.Check(t, "../../../../../shared/samples/gis-zhkh/wsdl-12.2.2", o.wire.Messages())
	})
}

// compare holds our objects against those the portal has.
func (o *office) compare(n int) {
	o.t.Helper()
	saved := o.sim.Saved()
	state, order := map[string]string{}, map[string]int{}
	err := o.db.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.QueryContext(context.Background(), "SELECT transport_guid, entity, state, reason FROM gis_object ORDER BY seq")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var guid, entity, s, reason string
			if err := rows.Scan(&guid, &entity, &s, &reason); err != nil {
				return err
			}
			state[guid] = s
			x, there := saved[guid]
			if there != (s == stateDone && reason != nothingAcknowledged) {
				o.t.Errorf("%s of %s: %s (%s) here, there %v", guid, entity, s, reason, there)
			}
			if there && x.Order < order[entity] {
				o.t.Errorf("%s: an object came before an earlier one", entity)
			}
			order[entity] = max(order[entity], x.Order)
		}
		return rows.Err()
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(state) != 9*n {
		o.t.Errorf("%d objects, want %d", len(state), 9*n)
	}
	if done := o.number("SELECT count(*) FROM gis_object WHERE state = 'done' AND reason <> '" + nothingAcknowledged + "'"); done != len(saved) || done < 6*n {
		o.t.Errorf("%d done here, %d there", done, len(saved))
	}
	texts := map[string]bool{}
	for guid, x := range saved {
		key := string(x.Kind) + x.Entity + x.Text
		if texts[key] {
			o.t.Errorf("%s is there twice: %s", guid, key)
		}
		texts[key] = true
	}
	if held := o.number("SELECT count(*) FROM gis_object WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM gis_object r WHERE r.account_id = gis_object.account_id AND r.state = 'refused')"); held > 0 {
		o.t.Errorf("%d objects wait though nothing of their accounts was refused", held)
	}
	for k, op := range gis.Operations {
		if got := o.sim.Largest(k); got == 0 || got > op.Max {
			o.t.Errorf("the largest message of %s had %d objects", k, got)
		}
	}
}
